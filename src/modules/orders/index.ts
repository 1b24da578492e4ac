import type { Module } from '#platform/module'
import { orderErrors } from './errors.ts'
import { orderEvents } from './events.ts'
import { orderInvariants } from './invariants.ts'
import { orderLifecycle } from './lifecycle.ts'
import { createOrders } from './migrations/2026-11-21-07-create-orders.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { db } from './tables.ts'

// What other modules may use.
export { orderEvents } from './events.ts'
export { payableOf } from './payable.ts'
export { getOrder } from './queries.ts'
export { Order } from './schemas.ts'

// What this module adds to the house.
export const orders: Module = {
  name: 'orders',
  tables: db.tables,
  migrations: { '2026-11-21-07-create-orders': createOrders },
  lifecycles: [orderLifecycle],
  errors: [orderErrors],
  events: [orderEvents],
  reactions,
  invariants: orderInvariants,
  operations,
}
