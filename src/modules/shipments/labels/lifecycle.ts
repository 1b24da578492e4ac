import { defineLifecycle } from '#kit/lifecycle'

/** How far the purchase of a label is. */
export const labelLifecycle = defineLifecycle('label', {
  states: {
    sent: 'The carrier is being asked.',
    unknown: 'The call broke off; it is found out what became of it.',
    bought: 'It is ours, and can be printed.',
    failed: 'The carrier refused, or never got the question; nothing was charged. Final.',
    voiding: 'It is to be given back; the carrier has not said yes yet.',
    voided: 'Given back. Final.',
  },
  moves: {
    lose: { from: ['sent'], to: 'unknown', when: 'The carrier did not answer.' },
    buy: { from: ['sent', 'unknown'], to: 'bought', when: 'The carrier sold it.' },
    fail: { from: ['sent', 'unknown'], to: 'failed', when: 'The carrier refused.' },
    withdraw: { from: ['bought'], to: 'voiding', when: 'Nobody needs it any more.' },
    keep: { from: ['voiding'], to: 'bought', when: 'The carrier does not take it back.' },
    void: { from: ['voiding'], to: 'voided', when: 'The carrier took it back.' },
  },
})

export type LabelState = (typeof labelLifecycle.states)[number]
