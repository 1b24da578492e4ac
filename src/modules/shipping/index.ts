import type { Module } from '#platform/module'
import { shippingErrors } from './errors.ts'
import { shippingMethodEvents, shippingZoneEvents } from './events.ts'
import { shippingInvariants } from './invariants.ts'
import { createShipping } from './migrations/2026-11-21-11-create-shipping.ts'
import { operations } from './operations.ts'
import { rememberedMethods } from './quotes.ts'
import { db } from './tables.ts'

// What other modules may use.
export { shippingErrors } from './errors.ts'
export { quoteFor, type ShippingQuestion, type ShippingQuote, shippingQuotes } from './quotes.ts'

// What this module adds to the house.
export const shipping: Module = {
  name: 'shipping',
  tables: db.tables,
  migrations: { '2026-11-21-11-create-shipping': createShipping },
  errors: [shippingErrors],
  events: [shippingZoneEvents, shippingMethodEvents],
  invariants: shippingInvariants,
  remembers: [rememberedMethods],
  operations,
}
