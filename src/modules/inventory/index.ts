import type { Module } from '#platform/module'
import { inventoryErrors } from './errors.ts'
import { inventoryEvents, locationEvents, routingEvents } from './events.ts'
import { inventoryInvariants } from './invariants.ts'
import { reservationLifecycle } from './lifecycle.ts'
import { createInventory } from './migrations/2026-11-21-04-create-inventory.ts'
import { widenInventory } from './migrations/2026-11-21-60-widen-inventory.ts'
import { createRoutingRules } from './migrations/2026-11-21-61-create-routing-rules.ts'
import { createItemUnits } from './migrations/2026-11-21-62-create-item-units.ts'
import { createTransfers } from './migrations/2026-11-21-63-create-transfers.ts'
import { createSupplies } from './migrations/2026-11-22-41-create-supplies.ts'
import { holdForTransfers } from './migrations/2026-11-22-59-hold-for-transfers.ts'
import { operations } from './operations.ts'
import { supplyEvents } from './promising/events.ts'
import { supplyLifecycle } from './promising/lifecycle.ts'
import { db as supplies } from './promising/tables.ts'
import { db as routing } from './routing/tables.ts'
import { schedules } from './schedules.ts'
import { db } from './tables.ts'
import { transferEvents } from './transfers/events.ts'
import { transferLifecycle } from './transfers/lifecycle.ts'
import { db as transfers } from './transfers/tables.ts'
import { db as units } from './units/tables.ts'

// What other modules may use.
export {
  type AvailableAt,
  availabilityByLocation,
  availableUnitsByItem,
  availableUnitsOf,
  bandColumn,
  hasStock,
} from './available.ts'
export { allocateBackorders, receiveStock } from './backorders/allocate.ts'
export { stockChangedAt } from './changed-at.ts'
export { keepItem, type NewItem } from './commands/create-item.ts'
export { createLocation } from './commands/create-location.ts'
export { renameItem } from './commands/rename-item.ts'
export { consumeReservations, consumeUnits, type ShippedUnits } from './consume.ts'
export { inventoryErrors } from './errors.ts'
export { inventoryEvents } from './events.ts'
export { extendReservations } from './extend.ts'
export { findItem, findLocation, firstLocation } from './find.ts'
export {
  type Backordered,
  backordersOf,
  type Held,
  type HeldUnits,
  heldBy,
  promisesTo,
} from './held.ts'
export { countStock, keepItems, levelsAt, locationsByCode } from './in-bulk.ts'
export { type LotUnits, type Movement, type MovementKind, postMovements } from './ledger.ts'
export { type HeldMove, moveHeld } from './move-held.ts'
export { availabilityOf, itemsBySku, type KnownItem, orderableOf } from './queries.ts'
export { confirmReservations, type Reference, releaseReservations } from './release.ts'
export { type FreedUnits, releaseUnits } from './release-units.ts'
export {
  AGENT_SESSION,
  assertReserved,
  CHECKOUT,
  planReservation,
  type ReservationPlan,
  type Reserved,
  reservationWrites,
  reserveStock,
} from './reserve.ts'
export { type Destination, destinationOf } from './routing/router.ts'
export { ItemRef, LocationRef, Quantity, Reason, Sku } from './schemas.ts'
export {
  type LockedShelf,
  lockShelves,
  type Shelf,
  type StateUnits,
  shelvesAfter,
  skusOf,
  unitsByState,
} from './shelf-units.ts'
export { SELLABLE, STOCK_STATES, type StockState } from './states.ts'
export {
  STOCK_CATEGORIES,
  type StockBand,
  type StockRange,
  stockRange,
} from './stock-bands.ts'
export { type Transferred, transferReservations } from './transfer.ts'
export { transferUnits } from './transfer-units.ts'
export { transferEvents } from './transfers/events.ts'
export { type LostUnits, lostUnitsOf } from './transfers/lost.ts'
export { isKeptAt, unitsAt } from './units-at.ts'
export { WHY, type Why } from './why.ts'

/** The names of all tables of stock, for whoever fills them by the thousand. */
export const STOCK_TABLES: readonly string[] = Object.keys(db.tables)

// What this module adds to the house.
export const inventory: Module = {
  name: 'inventory',
  tables: {
    ...db.tables,
    ...routing.tables,
    ...units.tables,
    ...transfers.tables,
    ...supplies.tables,
  },
  migrations: {
    '2026-11-21-04-create-inventory': createInventory,
    '2026-11-21-60-widen-inventory': widenInventory,
    '2026-11-21-61-create-routing-rules': createRoutingRules,
    '2026-11-21-62-create-item-units': createItemUnits,
    '2026-11-21-63-create-transfers': createTransfers,
    '2026-11-22-41-create-supplies': createSupplies,
    '2026-11-22-59-hold-for-transfers': holdForTransfers,
  },
  lifecycles: [reservationLifecycle, transferLifecycle, supplyLifecycle],
  errors: [inventoryErrors],
  events: [inventoryEvents, locationEvents, routingEvents, transferEvents, supplyEvents],
  invariants: inventoryInvariants,
  schedules,
  operations,
}
