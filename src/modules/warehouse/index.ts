import { importDoor } from '#platform/imports/door'
import { importJob } from '#platform/imports/job'
import type { Job } from '#platform/jobs'
import type { Module } from '#platform/module'
import { countEvents } from './counts/events.ts'
import { countJob } from './counts/job.ts'
import { countLifecycle, lineLifecycle } from './counts/lifecycle.ts'
import { warehouseErrors } from './errors.ts'
import { binEvents, lotEvents, trackingEvents, zoneEvents } from './events.ts'
import { warehouseInvariants } from './invariants.ts'
import { createWarehouse } from './migrations/2026-11-21-65-create-warehouse.ts'
import { createRecalls } from './migrations/2026-11-21-66-create-recalls.ts'
import { createCycleCounts } from './migrations/2026-11-21-67-create-cycle-counts.ts'
import { operations } from './operations.ts'
import { reactions } from './reactions.ts'
import { recallEvents } from './recalls/events.ts'
import { contactLifecycle, recallLifecycle } from './recalls/lifecycle.ts'
import { schedules } from './schedules.ts'
import { stockImports } from './stock-import/kind.ts'
import { db } from './tables.ts'

// What other modules may use.
export { type UnitCost, unitCosts } from './counts/ports.ts'
export { warehouseErrors } from './errors.ts'
export { binEvents, lotEvents } from './events.ts'
export { pickFrom, type UnitsToPick } from './lots/pick.ts'
export { type Recipient, recipients } from './recalls/ports.ts'
export { type Consumption, linkLots } from './serials/consume.ts'
export { type SerialInStock, serialsInStock } from './serials/in-stock.ts'
export {
  type LotOut,
  lotsShippedTo,
  requireSerials,
  type ScannedUnits,
  type SerialOut,
  serialsOf,
} from './serials/queries.ts'
export { stockImports } from './stock-import/kind.ts'

// What this module adds to the house.
export const warehouse: Module = {
  name: 'warehouse',
  tables: db.tables,
  migrations: {
    '2026-11-21-65-create-warehouse': createWarehouse,
    '2026-11-21-66-create-recalls': createRecalls,
    '2026-11-21-67-create-cycle-counts': createCycleCounts,
  },
  lifecycles: [recallLifecycle, contactLifecycle, countLifecycle, lineLifecycle],
  errors: [warehouseErrors],
  events: [zoneEvents, binEvents, trackingEvents, lotEvents, recallEvents, countEvents],
  reactions,
  jobs: [countJob as Job, importJob(stockImports) as Job],
  schedules,
  plugins: [importDoor(stockImports)],
  invariants: warehouseInvariants,
  operations,
}
