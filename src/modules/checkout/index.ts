import type { Module } from '#platform/module'
import { checkoutErrors } from './errors.ts'
import { checkoutEvents } from './events.ts'
import { checkoutInvariants } from './invariants.ts'
import { checkoutLifecycle } from './lifecycle.ts'
import { createCheckout } from './migrations/2026-11-21-45-create-checkout.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { schedules } from './schedules.ts'
import { db } from './tables.ts'

// What faces may use beside the operations.
export { checkoutEvents } from './events.ts'
export { personalDataOfCheckouts } from './personal-data.ts'
export { endDueCheckouts } from './schedules.ts'

// What this module adds to the house.
export const checkout: Module = {
  name: 'checkout',
  tables: db.tables,
  migrations: { '2026-11-21-45-create-checkout': createCheckout },
  lifecycles: [checkoutLifecycle],
  errors: [checkoutErrors],
  events: [checkoutEvents],
  invariants: checkoutInvariants,
  reactions,
  schedules,
  operations,
}
