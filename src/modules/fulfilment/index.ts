import type { Job } from '#platform/jobs'
import type { Module } from '#platform/module'
import { fulfilmentErrors } from './errors.ts'
import { fulfilmentOrderEvents, pickListEvents } from './events.ts'
import { fulfilmentInvariants } from './invariants.ts'
import { fulfilmentOrderLifecycle, pickListLifecycle } from './lifecycle.ts'
import { createFulfilmentOrders } from './migrations/2026-11-21-78-create-fulfilment-orders.ts'
import { createPicking } from './migrations/2026-11-21-79-create-picking.ts'
import { createPacking } from './migrations/2026-11-21-80-create-packing.ts'
import { noteOrdersToRoute } from './migrations/2026-11-22-96-note-orders-to-route.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { routeOne, startRouter } from './route-orders.ts'
import { schedules } from './schedules.ts'
import { db } from './tables.ts'

// What other modules may use.
export { fulfilmentErrors } from './errors.ts'
export { fulfilmentOrderEvents, pickListEvents } from './events.ts'
export { printNumber as printFulfilmentNumber } from './numbers.ts'
export { cartonsOf, cartonWeight, type PackedCarton } from './packing/cartons.ts'
export { pickedLots } from './picking/picked-lots.ts'
export { type LineProgress, latest, progressOf } from './progress.ts'
export { ensureFulfilmentOrders } from './work/ensure.ts'
export { fulfilmentOrdersOf } from './work/rows.ts'
export { shippedUnits, unshippedUnits } from './work/shipped.ts'
export type { FulfilmentLine, FulfilmentOrder } from './work/units.ts'

// What this module adds to the house.
export const fulfilment: Module = {
  name: 'fulfilment',
  tables: db.tables,
  migrations: {
    '2026-11-21-78-create-fulfilment-orders': createFulfilmentOrders,
    '2026-11-21-79-create-picking': createPicking,
    '2026-11-21-80-create-packing': createPacking,
    '2026-11-22-96-note-orders-to-route': noteOrdersToRoute,
  },
  lifecycles: [fulfilmentOrderLifecycle, pickListLifecycle],
  errors: [fulfilmentErrors],
  events: [fulfilmentOrderEvents, pickListEvents],
  reactions,
  invariants: fulfilmentInvariants,
  schedules,
  jobs: [routeOne as Job],
  workers: [startRouter],
  operations,
}
