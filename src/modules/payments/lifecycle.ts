import { defineLifecycle } from '#kit/lifecycle'

/**
 * The state of a payment; computed by `paymentStatus` from what the provider said, never set by
 * hand.
 */
export const paymentLifecycle = defineLifecycle('payment', {
  states: {
    pending: 'The provider was asked; it has not answered yet, or its answer was lost.',
    processing: 'The provider works on it; no money has moved that could be relied on.',
    requires_action: 'The payer must act, such as pass 3-D Secure.',
    authorized: 'Money is held and waits to be captured.',
    succeeded: 'Money is taken, in whole or in part.',
    partially_refunded: 'Part of what was taken has been given back.',
    refunded: 'All that was taken has been given back.',
    failed: 'No money was taken, or the provider took it back.',
    cancelled: 'What was held was let go before it was taken.',
  },
  moves: {
    process: {
      from: ['pending', 'requires_action'],
      to: 'processing',
      when: 'The provider has it and will say later how it ends.',
    },
    require_action: {
      from: ['pending', 'processing'],
      to: 'requires_action',
      when: 'The provider wants the payer to prove themselves.',
    },
    authorize: {
      from: ['pending', 'processing', 'requires_action', 'failed', 'cancelled'],
      to: 'authorized',
      when: 'The provider holds the money.',
    },
    succeed: {
      from: ['pending', 'processing', 'requires_action', 'failed', 'cancelled'],
      to: 'succeeded',
      when: 'The provider takes the money at once.',
    },
    capture: {
      from: ['authorized', 'succeeded'],
      to: 'succeeded',
      when: 'Held money is taken.',
    },
    fail: {
      from: ['pending', 'processing', 'requires_action', 'authorized', 'succeeded', 'cancelled'],
      to: 'failed',
      when: 'The provider declines, the payer fails the challenge, or money is taken back.',
    },
    void: {
      from: ['requires_action', 'authorized'],
      to: 'cancelled',
      when: 'What is held is let go.',
    },
    refund: {
      from: ['succeeded', 'partially_refunded'],
      to: 'refunded',
      when: 'The rest of what was taken is given back.',
    },
    refund_part: {
      from: ['succeeded', 'partially_refunded', 'refunded'],
      to: 'partially_refunded',
      when: 'Part is given back, or part of what was given back bounced.',
    },
    refund_bounced: {
      from: ['refunded', 'partially_refunded'],
      to: 'succeeded',
      when: 'The only refund came back.',
    },
  },
})
export type PaymentStatus = (typeof paymentLifecycle.states)[number]

/** What we ask of a provider; the row is written before the call, so no outcome is ever lost. */
export const requestLifecycle = defineLifecycle('payment_request', {
  states: {
    requested: 'Waits to be sent.',
    sent: 'On its way, or the provider works on it.',
    unknown: 'The call broke off: it may or may not have been done. The sweeper will find out.',
    confirmed: 'The provider did it.',
    failed: 'The provider refused it, or never executed it.',
  },
  moves: {
    send: { from: ['requested', 'sent', 'unknown'], to: 'sent', when: 'The call is made.' },
    lose: { from: ['sent'], to: 'unknown', when: 'The call timed out or broke.' },
    confirm: {
      from: ['requested', 'sent', 'unknown', 'failed'],
      to: 'confirmed',
      when: 'The provider says that it is done.',
    },
    fail: {
      from: ['requested', 'sent', 'unknown', 'confirmed'],
      to: 'failed',
      when: 'The provider refuses it, or it is certain that it was never executed.',
    },
  },
})

export const refundLifecycle = defineLifecycle('refund', {
  states: {
    pending: 'The provider was asked; the amount is set aside and cannot be refunded twice.',
    succeeded: 'The money was given back.',
    failed: 'The money was not given back, or came back later.',
  },
  moves: {
    succeed: { from: ['pending', 'failed'], to: 'succeeded', when: 'The provider has done it.' },
    fail: {
      from: ['pending', 'succeeded'],
      to: 'failed',
      when: 'The provider refused it, or the refund bounced.',
    },
  },
})

/** The inbox of what providers tell us unasked. */
export const webhookLifecycle = defineLifecycle('payment_webhook', {
  states: {
    received: 'Kept; it is being looked at in this very transaction.',
    applied: 'What it says is part of the payment, or was already.',
    superseded: 'It came late: something newer had been said of the same thing.',
    ignored: 'Nothing here depends on this kind of news.',
    parked: 'It speaks of something not known yet; it is tried again.',
    given_up: 'Parked for too long; a person should look at it.',
  },
  moves: {
    apply: {
      from: ['received', 'parked', 'given_up'],
      to: 'applied',
      when: 'It could be settled.',
    },
    supersede: {
      from: ['received', 'parked'],
      to: 'superseded',
      when: 'Newer news had been settled before it.',
    },
    ignore: { from: ['received'], to: 'ignored', when: 'Its type means nothing to payments.' },
    park: { from: ['received', 'parked'], to: 'parked', when: 'What it needs is not there yet.' },
    give_up: { from: ['parked'], to: 'given_up', when: 'It was tried for the last time.' },
  },
})

/** What became of a payer's doubt; told by the provider, never set by hand. */
export const disputeLifecycle = defineLifecycle('payment_dispute', {
  states: {
    needs_response: 'The bank asks the shop for evidence.',
    under_review: 'The bank looks at the evidence.',
    won: 'The bank took the side of the shop, or asked no further.',
    lost: 'The bank took the side of the payer; the money is gone.',
  },
  moves: {
    respond: { from: ['needs_response'], to: 'under_review', when: 'Evidence was handed in.' },
    ask_again: {
      from: ['under_review', 'won', 'lost'],
      to: 'needs_response',
      when: 'The bank wants more, or the payer appeals.',
    },
    win: {
      from: ['needs_response', 'under_review', 'lost'],
      to: 'won',
      when: 'The bank decides for the shop.',
    },
    lose: {
      from: ['needs_response', 'under_review', 'won'],
      to: 'lost',
      when: 'The bank decides for the payer, or no evidence came in time.',
    },
  },
})

/** What a shop answers to a dispute. */
export const evidenceLifecycle = defineLifecycle('payment_evidence', {
  states: {
    waiting: 'It is kept and on its way to the provider.',
    handed_in: 'The provider has it.',
    refused: 'The provider did not take it.',
  },
  moves: {
    hand_in: { from: ['waiting'], to: 'handed_in', when: 'The provider says that it has it.' },
    refuse: { from: ['waiting'], to: 'refused', when: 'The provider refuses it.' },
  },
})
