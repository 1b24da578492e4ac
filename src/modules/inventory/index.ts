import type { Module } from '#platform/module'
import { inventoryErrors } from './errors.ts'
import { inventoryEvents, locationEvents } from './events.ts'
import { inventoryInvariants } from './invariants.ts'
import { reservationLifecycle } from './lifecycle.ts'
import { createInventory } from './migrations/2026-11-21-04-create-inventory.ts'
import { operations } from './operations.ts'
import { schedules } from './schedules.ts'
import { db } from './tables.ts'

export { type AvailableAt, availabilityByLocation, hasStock, unitsAvailable } from './available.ts'
// What other modules may use.
export { availableUnits, bandColumn } from './available-units.ts'
export { keepItem, type NewItem } from './commands/create-item.ts'
export { renameItem } from './commands/rename-item.ts'
export { consumeReservations } from './consume.ts'
export { inventoryErrors } from './errors.ts'
export { inventoryEvents } from './events.ts'
export { extendReservations } from './extend.ts'
export { findItem, findLocation } from './find.ts'
export { countStock, keepItems, levelsAt, locationsByCode } from './in-bulk.ts'
export { availabilityOf, itemsBySku, type KnownItem } from './queries.ts'
export { confirmReservations, type Reference, releaseReservations } from './release.ts'
export {
  assertReserved,
  CHECKOUT,
  planReservation,
  type ReservationPlan,
  reservationWrites,
  reserveStock,
} from './reserve.ts'
export { Quantity, Sku } from './schemas.ts'
export {
  STOCK_CATEGORIES,
  type StockBand,
  type StockRange,
  stockRange,
} from './stock-bands.ts'
export { type Transferred, transferReservations } from './transfer.ts'

/** The names of all tables of stock, for whoever fills them by the thousand. */
export const STOCK_TABLES: readonly string[] = Object.keys(db.tables)

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
