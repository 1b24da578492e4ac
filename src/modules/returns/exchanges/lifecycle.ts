import { defineLifecycle } from '#kit/lifecycle'

/** Goods back, other goods out. What is owed either way is recorded, never charged by itself. */
export const exchangeLifecycle = defineLifecycle('exchange', {
  states: {
    requested: 'Asked for; the units that come back are kept for it.',
    approved: 'Agreed; the other goods are reserved for an order of their own.',
    settled: 'What came back has paid for the others, as far as it reaches.',
    completed: 'Nothing is owed any more.',
    rejected: 'Refused.',
    cancelled: 'Withdrawn; the other goods are for sale again.',
  },
  moves: {
    approve: { from: ['requested'], to: 'approved', when: 'Staff agrees, and all is in stock.' },
    reject: { from: ['requested'], to: 'rejected', when: 'Staff refuses it.' },
    cancel: {
      from: ['requested', 'approved'],
      to: 'cancelled',
      when: 'It is withdrawn before goods came or left.',
    },
    settle: { from: ['approved'], to: 'settled', when: 'The goods are back and looked at.' },
    complete: { from: ['settled'], to: 'completed', when: 'The other goods are paid for.' },
  },
})

/** When the other goods may leave. */
export const SHIPS = ['on_approval', 'after_return'] as const
/** Where goes what the goods that came back were worth more. */
export const REMAINDERS = ['original', 'store_credit'] as const
