import { db as services } from './carrier-services/tables.ts'
import { db as labels } from './labels/tables.ts'
import { db as manifests } from './manifests/tables.ts'
import { db } from './tables.ts'
import { db as tracking } from './tracking/tables.ts'

/** All that this module stores. */
export const tables = {
  ...db.tables,
  ...tracking.tables,
  ...labels.tables,
  ...manifests.tables,
  ...services.tables,
}
