import { defineLifecycle } from '#kit/lifecycle'

export const reservationLifecycle = defineLifecycle('reservation', {
  states: {
    pending: 'The units are promised to the holder, for a time if it has an end.',
    confirmed: 'The demand is certain (paid): the promise no longer expires.',
    consumed: 'The units left the shelf for the holder.',
    released: 'The units went back to what is available.',
    cancelled: 'Staff took the promise back; the units are available again.',
    expired: 'Its time ran out; the units are available again.',
  },
  moves: {
    confirm: { from: ['pending'], to: 'confirmed', when: 'What holds it is paid.' },
    consume: { from: ['pending', 'confirmed'], to: 'consumed', when: 'The goods are shipped.' },
    release: {
      from: ['pending', 'confirmed'],
      to: 'released',
      when: 'The holder no longer wants them.',
    },
    cancel: { from: ['pending', 'confirmed'], to: 'cancelled', when: 'Staff cancels it.' },
    expire: { from: ['pending'], to: 'expired', when: 'Its time has run out.' },
  },
})

export type ReservationStatus = (typeof reservationLifecycle.states)[number]
