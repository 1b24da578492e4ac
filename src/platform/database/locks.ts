import { type RawBuilder, sql } from 'kysely'
import type { Engine } from '#platform/database/database'

/**
 * The end of a select that locks the rows it reads, in the order it reads them, so that everyone
 * who locks several rows takes them in one order. SQLite has one writer and needs no lock.
 */
export const lockingRows = (engine: Engine, alias: string): RawBuilder<never> =>
  engine === 'postgres' ? sql`for update of ${sql.id(alias)}` : sql``
