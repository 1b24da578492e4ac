import type { Bulk } from './schemas.ts'
import type { BulkRow } from './tables.ts'

/** A bulk operation as it is answered. */
export const bulkOf = (row: BulkRow): Bulk => {
  const { filter: _, position: __, collected_to: ___, ...told } = row
  return {
    ...told,
    parameters: told.parameters as Bulk['parameters'],
    rows_done: row.rows_ok + row.rows_failed,
  }
}
