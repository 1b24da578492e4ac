import type { Module } from '#platform/module'
import { inventoryErrors } from './errors.ts'
import { inventoryEvents, locationEvents } from './events.ts'
import { inventoryInvariants } from './invariants.ts'
import { reservationLifecycle } from './lifecycle.ts'
import { createInventory } from './migrations/2026-11-21-04-create-inventory.ts'
import { operations } from './operations.ts'
import { schedules } from './schedules.ts'
import { db } from './tables.ts'

// What other modules may use.
export { keepItem, type NewItem } from './commands/create-item.ts'
export { renameItem } from './commands/rename-item.ts'
export { consumeReservations } from './consume.ts'
export { inventoryErrors } from './errors.ts'
export { inventoryEvents } from './events.ts'
export { findItem, findLocation } from './find.ts'
export { availabilityOf, itemsBySku, type KnownItem } from './queries.ts'
export { confirmReservations, releaseReservations } from './release.ts'
export {
  assertReserved,
  planReservation,
  type ReservationPlan,
  reservationWrites,
  reserveStock,
} from './reserve.ts'
export { Quantity, Sku } from './schemas.ts'

// What this module adds to the house.
export const inventory: Module = {
  name: 'inventory',
  tables: db.tables,
  migrations: { '2026-11-21-04-create-inventory': createInventory },
  lifecycles: [reservationLifecycle],
  errors: [inventoryErrors],
  events: [inventoryEvents, locationEvents],
  invariants: inventoryInvariants,
  schedules,
  operations,
}
