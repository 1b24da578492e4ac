import { defineLifecycle } from '#kit/lifecycle'

export const warrantyLifecycle = defineLifecycle('warranty', {
  states: {
    pending: 'Waits to be activated; its time has not begun.',
    active: 'Covers what it says, until its end.',
    expired: 'Its time is over.',
    ended: 'All its units were replaced or paid for.',
    void: 'Withdrawn by staff; it covers nothing. Final.',
  },
  moves: {
    activate: {
      from: ['pending'],
      to: 'active',
      when: 'Its holder activates it, or the time to do so is over.',
    },
    extend: { from: ['active', 'expired'], to: 'active', when: 'More time is given.' },
    extend_before_start: { from: ['pending'], to: 'pending', when: 'More time is given.' },
    expire: { from: ['active'], to: 'expired', when: 'Its end has come.' },
    end: {
      from: ['active', 'expired'],
      to: 'ended',
      when: 'Its last unit was replaced or paid for.',
    },
    void: {
      from: ['pending', 'active', 'expired'],
      to: 'void',
      when: 'It should not exist, such as after a return.',
    },
  },
})
export type WarrantyStatus = (typeof warrantyLifecycle.states)[number]

export const warrantyClaimLifecycle = defineLifecycle('warranty_claim', {
  states: {
    submitted: 'Waits for a decision.',
    approved: 'Accepted; its remedy is owed.',
    rejected: 'Not accepted, for a reason that its holder is told.',
    fulfilled: 'It was remedied.',
    withdrawn: 'Its holder asks for nothing any more. Final.',
    closed: 'Over and done with. Final.',
  },
  moves: {
    approve: { from: ['submitted'], to: 'approved', when: 'Staff accepts it.' },
    reject: { from: ['submitted'], to: 'rejected', when: 'Staff does not accept it.' },
    remedy: { from: ['approved'], to: 'fulfilled', when: 'Staff writes down what was done.' },
    reopen: {
      from: ['rejected', 'fulfilled'],
      to: 'submitted',
      when: 'There is new evidence, or a repair did not hold.',
    },
    withdraw: { from: ['submitted', 'approved'], to: 'withdrawn', when: 'Its holder lets it go.' },
    close: { from: ['rejected', 'fulfilled'], to: 'closed', when: 'Nothing more will come.' },
  },
})
export type ClaimStatus = (typeof warrantyClaimLifecycle.states)[number]

/** When coverage begins: when the goods arrive, or when their holder says so. */
export const STARTS = ['delivery', 'activation'] as const
/** What is done about a claim. All but a repair settle it for good. */
export const REMEDIES = ['repair', 'replace', 'refund', 'credit'] as const
export type RemedyKind = (typeof REMEDIES)[number]
export const PLAN_STATUSES = ['active', 'archived'] as const
