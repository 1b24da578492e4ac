import { defineLifecycle } from '#kit/lifecycle'

/** A session's states, in the words that agent protocols use; older ones are told fewer. */
export const agentSessionLifecycle = defineLifecycle('agent_session', {
  states: {
    not_ready_for_payment: 'Something is missing or cannot be had; its messages say what.',
    ready_for_payment: 'It may be completed at the total shown.',
    authentication_required: 'Its order waits until the payer has proven who they are.',
    complete_in_progress: 'Its order is placed, and its payment under way.',
    completed: 'Its order is paid or authorised, or costs nothing. Final.',
    canceled: 'Given up; what it held was given back. Final.',
    expired: 'Nobody completed it in time; what it held was given back. Final.',
  },
  moves: {
    block: {
      from: ['ready_for_payment', 'not_ready_for_payment'],
      to: 'not_ready_for_payment',
      when: 'Something that a payment needs is missing.',
    },
    prepare: {
      from: ['not_ready_for_payment', 'ready_for_payment'],
      to: 'ready_for_payment',
      when: 'Nothing is missing any more.',
    },
    pay: {
      from: ['ready_for_payment'],
      to: 'complete_in_progress',
      when: 'Its order is placed and the payment provider is asked.',
    },
    challenge: {
      from: ['complete_in_progress'],
      to: 'authentication_required',
      when: 'The provider wants 3-D Secure.',
    },
    decline: {
      from: ['complete_in_progress', 'authentication_required'],
      to: 'ready_for_payment',
      when: 'The payment failed: its order is cancelled, its units are held again.',
    },
    complete: {
      from: ['ready_for_payment', 'complete_in_progress', 'authentication_required'],
      to: 'completed',
      when: 'Its order is paid or authorised, or costs nothing.',
    },
    cancel: {
      from: [
        'not_ready_for_payment',
        'ready_for_payment',
        'authentication_required',
        'complete_in_progress',
      ],
      to: 'canceled',
      when: 'Its agent gives it up, or staff cancels its order.',
    },
    expire: {
      from: [
        'not_ready_for_payment',
        'ready_for_payment',
        'authentication_required',
        'complete_in_progress',
      ],
      to: 'expired',
      when: 'Its time is over.',
    },
  },
})

export type SessionStatus = (typeof agentSessionLifecycle.states)[number]

const ENDED: readonly SessionStatus[] = ['completed', 'canceled', 'expired']

/** Whether nothing leaves this state. */
export const isEnded = (status: SessionStatus): boolean => ENDED.includes(status)

/** What leads to a state in which nothing is under way. */
export const MOVES = { not_ready_for_payment: 'block', ready_for_payment: 'prepare' } as const
