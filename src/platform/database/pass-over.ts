import { type RawBuilder, sql } from 'kysely'
import type { Engine } from '#platform/database/database'

/**
 * The end of a `select` that claims rows for work: rows that another process is claiming at this
 * moment are passed over instead of waited for. SQLite has one writer, so there is never another.
 */
export const passOverLocked = (engine: Engine, table: string): RawBuilder<unknown> =>
  engine === 'postgres' ? sql`for update of ${sql.id(table)} skip locked` : sql``
