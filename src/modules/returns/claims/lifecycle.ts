import { defineLifecycle } from '#kit/lifecycle'

/** Something was wrong with the goods; they may stay. */
export const claimLifecycle = defineLifecycle('claim', {
  states: {
    submitted: 'Told; somebody looks at it. Its units are kept from returns and other claims.',
    approved: 'Found right, with what is done about it.',
    resolved: 'Done.',
    rejected: 'Found wrong.',
    cancelled: 'Withdrawn.',
  },
  moves: {
    approve: { from: ['submitted'], to: 'approved', when: 'Staff finds it right.' },
    resolve: {
      from: ['approved'],
      to: 'resolved',
      when: 'The money went back, or the replacement is on order.',
    },
    reject: { from: ['submitted'], to: 'rejected', when: 'Staff finds it wrong.' },
    cancel: { from: ['submitted'], to: 'cancelled', when: 'The customer withdraws it.' },
    reopen: { from: ['rejected', 'cancelled'], to: 'submitted', when: 'Staff looks again.' },
  },
})

export const PROBLEMS = ['missing', 'damaged', 'wrong_item', 'defective', 'other'] as const
export const REMEDIES = ['refund', 'store_credit', 'replacement', 'none'] as const
/** Whether the customer keeps what was claimed. */
export const GOODS = ['stay', 'return'] as const
