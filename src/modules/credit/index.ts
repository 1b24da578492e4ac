import type { Module } from '#platform/module'
import { creditErrors } from './errors.ts'
import { giftCardEvents, storeCreditEvents } from './events.ts'
import { giftCardExpiry } from './gift-cards/expire-gift-cards.ts'
import { guessPurge } from './gift-cards/guesses.ts'
import { creditInvariants } from './invariants.ts'
import { creditAccountLifecycle } from './lifecycle.ts'
import { createCredit } from './migrations/2026-11-21-88-create-credit.ts'
import { findRecipients } from './migrations/2026-11-22-90-find-recipients.ts'
import { findCardsOfOrders } from './migrations/2026-11-22-95-find-cards-of-orders.ts'
import { operations } from './operations.ts'
import { db } from './tables.ts'

// What other modules may use.
export {
  entriesFor,
  type GiveBackCredit,
  giveBackCredit,
  type IssueCredit,
  issueCredit,
  storeCreditOf,
  type TakeCredit,
  takeCredit,
} from './credit.ts'
export { creditErrors } from './errors.ts'
export { giftCardEvents, storeCreditEvents } from './events.ts'
export { expireGiftCards } from './gift-cards/expire-gift-cards.ts'
export { usableAccount, usableAmounts } from './gift-cards/find.ts'
export { cardByGuess } from './gift-cards/guesses.ts'
export * from './gift-cards/recipient.ts'
export { renewCode } from './gift-cards/renew-code.ts'
export { Code } from './gift-cards/schemas.ts'
export {
  issueSoldCards,
  reinstateSoldCard,
  type SoldCard,
  stopSoldCard,
  voidSoldCard,
} from './gift-cards/sold-cards.ts'
export type { CreditReference } from './ledger.ts'
export {
  forgetRecipients,
  personalDataOfCredit,
  personalDataOfRecipients,
} from './personal-data.ts'

// What this module adds to the house.
export const credit: Module = {
  name: 'credit',
  tables: db.tables,
  migrations: {
    '2026-11-21-88-create-credit': createCredit,
    '2026-11-22-90-find-recipients': findRecipients,
    '2026-11-22-95-find-cards-of-orders': findCardsOfOrders,
  },
  lifecycles: [creditAccountLifecycle],
  errors: [creditErrors],
  events: [giftCardEvents, storeCreditEvents],
  invariants: creditInvariants,
  schedules: [giftCardExpiry, guessPurge],
  operations,
}
