import { defineLifecycle } from '#kit/lifecycle'

export const draftLifecycle = defineLifecycle('draft', {
  states: {
    open: 'Staff works on it; its prices are those of now, but for those that staff has set.',
    sent: 'It is offered: its prices are fixed, and whoever has its link may pay it.',
    completed: 'It is an order.',
    cancelled: 'Staff withdrew it.',
    expired: 'Its time is over.',
  },
  moves: {
    send: { from: ['open', 'sent'], to: 'sent', when: 'Staff offers it, or offers it anew.' },
    reopen: { from: ['sent'], to: 'open', when: 'Staff changes it: the offer is withdrawn.' },
    complete: {
      from: ['open', 'sent'],
      to: 'completed',
      when: 'Staff places its order, or the buyer by paying.',
    },
    cancel: { from: ['open', 'sent'], to: 'cancelled', when: 'Staff withdraws it.' },
    expire: { from: ['open', 'sent'], to: 'expired', when: 'Its time is over.' },
  },
})

export type DraftStatus = (typeof draftLifecycle.states)[number]
