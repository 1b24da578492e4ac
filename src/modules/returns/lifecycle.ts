import { defineLifecycle } from '#kit/lifecycle'

/** The states of a return, in the published words; goods and money have axes of their own. */
export const returnLifecycle = defineLifecycle('return', {
  states: {
    Requested: 'Asked for; its units are kept for it, and somebody decides.',
    Approved: 'May be sent; the goods are awaited.',
    PartiallyReceived: 'Some of the goods are here.',
    Received: 'All goods that will come are here.',
    Refunded: 'What was accepted is paid back.',
    Completed: 'Over without money.',
    Rejected: 'Refused; its units may be asked for again.',
    Cancelled: 'Withdrawn before goods came.',
  },
  moves: {
    approve: { from: ['Requested'], to: 'Approved', when: 'Staff, or its exchange, agrees.' },
    reject: { from: ['Requested'], to: 'Rejected', when: 'Staff refuses it, with a reason.' },
    cancel: { from: ['Requested', 'Approved'], to: 'Cancelled', when: 'Somebody withdraws it.' },
    receive_part: {
      from: ['Approved', 'PartiallyReceived'],
      to: 'PartiallyReceived',
      when: 'Some of the units arrive.',
      by: 'receive',
    },
    receive: {
      from: ['Approved', 'PartiallyReceived'],
      to: 'Received',
      when: 'The last unit arrives, or the rest will not come.',
    },
    refund: {
      from: ['Received'],
      to: 'Refunded',
      when: 'The last accepted unit is paid back.',
    },
    lose_refund: {
      from: ['Refunded'],
      to: 'Received',
      when: 'A refund bounced after all.',
      by: 'refund',
    },
    complete: { from: ['Received'], to: 'Completed', when: 'No money is due.' },
    reopen: { from: ['Rejected', 'Cancelled'], to: 'Requested', when: 'Staff looks again.' },
  },
})
export type ReturnStatus = (typeof returnLifecycle.states)[number]

/** Where the units of a return keep those of an order line from being returned by another. */
export const OPEN_STATES: readonly ReturnStatus[] = ['Requested', 'Approved', 'PartiallyReceived']
/** What the units of a return were told to be like, and what they are found to be. */
export const CONDITIONS = ['New', 'Used', 'Damaged', 'Defective'] as const
export type Condition = (typeof CONDITIONS)[number]

/** What becomes of a unit that came back. */
export const DISPOSITIONS = ['restock', 'quarantine', 'scrap', 'send_back'] as const
export type Disposition = (typeof DISPOSITIONS)[number]

/** What the customer would like to have for the goods. */
export const RESOLUTIONS = ['refund', 'store_credit', 'exchange', 'none'] as const
export type Resolution = (typeof RESOLUTIONS)[number]

/** Who pays for the way back. */
export const PAYERS = ['shop', 'customer'] as const
export type Payer = (typeof PAYERS)[number]

export const NOTE_TYPES = ['Internal', 'Customer', 'System'] as const
