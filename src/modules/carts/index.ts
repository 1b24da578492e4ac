import type { Module } from '#platform/module'
import { cartErrors } from './errors.ts'
import { cartEvents } from './events.ts'
import { cartInvariants } from './invariants.ts'
import { cartLifecycle } from './lifecycle.ts'
import { createCarts } from './migrations/2026-11-21-40-create-carts.ts'
import { addChannelsToCarts } from './migrations/2026-11-22-15-add-channels-to-carts.ts'
import { nameRecipientsInCarts } from './migrations/2026-11-22-91-name-recipients.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { schedules } from './schedules.ts'
import { db } from './tables.ts'

// What other modules and storefronts may use.
export { carryOver } from './carry-over.ts'
export {
  beginCheckout,
  cartForCheckout,
  convertCart,
  endCheckout,
} from './checkout.ts'
export type { Choices } from './choices.ts'
export { addItem } from './commands/add-item.ts'
export { dueTaxes } from './due-taxes.ts'
export { cartErrors } from './errors.ts'
export { cartEvents } from './events.ts'
export { findCart, type StoredCart } from './find.ts'
export * from './for-storefronts.ts'
export { newCart } from './new-cart.ts'
export { isBlocking, noticesOf } from './notices.ts'
export { mayUse } from './owners.ts'
export { personalDataOfCarts } from './personal-data.ts'
export { type PricedCart, type PricedCartLine, pricedCart } from './pricing.ts'
export { recipientsIn } from './recipients.ts'
export { expiryFrom } from './save.ts'
export { AddItem, Cart } from './schemas.ts'
export type { CartRow, Destination, LineRow } from './tables.ts'

// What this module adds to the house.
export const carts: Module = {
  name: 'carts',
  tables: db.tables,
  migrations: {
    '2026-11-21-40-create-carts': createCarts,
    '2026-11-22-15-add-channels-to-carts': addChannelsToCarts,
    '2026-11-22-91-name-recipients': nameRecipientsInCarts,
  },
  lifecycles: [cartLifecycle],
  errors: [cartErrors],
  events: [cartEvents],
  invariants: cartInvariants,
  reactions,
  schedules,
  operations,
}
