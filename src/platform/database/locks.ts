import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import type { Engine } from '#platform/database/database'

/**
 * The end of a select that locks the rows it reads, in the order it reads them, so that everyone
 * who locks several rows takes them in one order. SQLite has one writer and needs no lock.
 */
export const lockingRows = (engine: Engine, alias: string): RawBuilder<never> =>
  engine === 'postgres' ? sql`for update of ${sql.id(alias)}` : sql``

/**
 * The end of a select by which others can wait for whoever has read a table and decided by it, with
 * `lockTable`; readers do not wait for each other. SQLite has one writer and needs no lock.
 */
export const sharingRows = (engine: Engine, alias: string): RawBuilder<never> =>
  engine === 'postgres' ? sql`for key share of ${sql.id(alias)}` : sql``

/**
 * Waits until nobody who has read a table with `sharingRows` is left, and lets nobody do so until
 * the commit. The first statement of a transaction: on PostgreSQL it takes no snapshot, so what is
 * read after it is as fresh as the lock. For rare changes of what others decide by.
 */
export async function lockTable(ctx: Context, table: string): Promise<void> {
  if (ctx.session.engine !== 'postgres') return
  await ctx.session.run({ sql: `lock table "${table}" in exclusive mode`, parameters: [] })
}
