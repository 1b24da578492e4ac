import type { Module } from '#platform/module'
import { promotionErrors } from './errors.ts'
import { promotionEvents } from './events.ts'
import { promotionInvariants } from './invariants.ts'
import { promotionLifecycle } from './lifecycle.ts'
import { createPromotions } from './migrations/2026-11-21-12-create-promotions.ts'
import { keepUsesOfMergedOrders } from './migrations/2026-11-22-56-keep-uses-of-merged-orders.ts'
import { operations } from './operations.ts'
import { rememberedAutomatic } from './standing.ts'
import { db } from './tables.ts'

// What other modules may use.
export { CODES_MAX } from './codes.ts'
export {
  type DiscountableLine,
  type Discounts,
  type DiscountsWanted,
  discountsFor,
  type RefusedCode,
} from './discounts.ts'
export { promotionErrors } from './errors.ts'
export { promotionEvents } from './events.ts'
export { giveBack, moveRedemptions } from './give-back.ts'
export { type Redeemed, redeem } from './redeem.ts'
export { REFUSAL_REASONS, type RefusalReason } from './schemas.ts'

// What this module adds to the house.
export const promotions: Module = {
  name: 'promotions',
  tables: db.tables,
  migrations: {
    '2026-11-21-12-create-promotions': createPromotions,
    '2026-11-22-56-keep-uses-of-merged-orders': keepUsesOfMergedOrders,
  },
  lifecycles: [promotionLifecycle],
  errors: [promotionErrors],
  events: [promotionEvents],
  invariants: promotionInvariants,
  remembers: [rememberedAutomatic],
  operations,
}
