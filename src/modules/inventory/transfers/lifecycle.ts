import { defineLifecycle } from '#kit/lifecycle'

export const transferLifecycle = defineLifecycle('transfer', {
  states: {
    draft: 'It is planned; no unit has moved.',
    in_transit: 'The units left one location and are on their way to the other, or part of them.',
    received: 'Every unit that left has arrived or was written off.',
    cancelled: 'It was given up; what was on its way went back.',
  },
  moves: {
    dispatch: { from: ['draft'], to: 'in_transit', when: 'The units leave.' },
    receive: {
      from: ['in_transit'],
      to: 'received',
      when: 'The last unit arrives or is written off.',
    },
    cancel: { from: ['draft', 'in_transit'], to: 'cancelled', when: 'It is given up.' },
  },
})
export type TransferStatus = (typeof transferLifecycle.states)[number]
