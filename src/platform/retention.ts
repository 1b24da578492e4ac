import { type Kysely, type RawBuilder, sql } from 'kysely'
import { firstId } from '#kit/ids'
import type { Settings } from '#platform/config/settings'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import type { Schedule } from '#platform/jobs'

/** Rows of one delete: small, because commands wait for it on SQLite. */
const BATCH = 500
/** Deletes of one run, so that a server which stops does not wait for a million rows. */
const BATCHES_MAX = 200

/**
 * What is old: made before this instant, and so many rows of it at once. Ids rise with time, so
 * what was made before has an id below `before_id`, and needs no other index to be found.
 */
export type Old = { before: string; before_id: string; limit: number }

export type Clearing = {
  name: string
  every_ms: number
  kept_ms: (settings: Settings) => number
  /** Deletes up to `limit` rows that are old and that nobody needs; answers how many. */
  clear: (ctx: Context, old: Old) => Promise<number>
}

/** A schedule that clears away what is older than it is kept, batch by batch. */
export const clearing = ({ name, every_ms, kept_ms, clear }: Clearing): Schedule => ({
  name,
  every_ms,
  run: async (process) => {
    const once = (ctx: Context) => {
      const before_ms = Date.parse(ctx.now) - kept_ms(ctx.settings)
      const before = new Date(before_ms).toISOString()
      return clear(ctx, { before, before_id: firstId(before_ms), limit: BATCH })
    }
    for (let nth = 0; nth < BATCHES_MAX; nth++) {
      if ((await process.transaction(once, 'read committed')) < BATCH) return
    }
  },
})

/** A `clear` of rows by their id: the old ones of a table of which `isSettled` is true. */
export function clearById<DB>(
  open: (ctx: Context) => Kysely<DB>,
  table: string,
  isSettled: RawBuilder<boolean> = sql<boolean>`true`,
): Clearing['clear'] {
  const rows = sql.table(table)
  const purge = prepared(open, (db, { before_id, limit }: Old) =>
    rawQuery(
      db,
      sql`delete from ${rows} where id in (
        select id from ${rows} where id < ${before_id} and ${isSettled} order by id limit ${limit})`,
    ),
  )
  return async (ctx, old) => (await purge.run(ctx, old)).affected
}

export const HOUR_MS = 60 * 60 * 1000
export const DAY_MS = 24 * HOUR_MS
