import { sql } from 'kysely'
import { prepared, rawQuery } from '#platform/database/prepared'
import type { Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { db } from './tables.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Mails of one delete: small, because commands wait for it on SQLite. */
const BATCH = 500
/** Deletes of one run, so that a server which stops does not wait for a million mails. */
const BATCHES_MAX = 100

const purge = prepared(db, (open, p: { before: string }) =>
  rawQuery(
    open,
    sql`delete from mails where id in (select id from mails
      where created_at < ${p.before} order by created_at limit ${sql.lit(BATCH)})`,
  ),
)

/** Forgets mails that are older than they are kept. Answers how many. */
export async function purgeMails(ctx: ProcessContext): Promise<number> {
  let purged = 0
  for (let nth = 0; nth < BATCHES_MAX; nth++) {
    const affected = await ctx.transaction(async (tx) => {
      const kept_ms = tx.settings.mails_kept_days * DAY_MS
      const before = new Date(Date.parse(tx.now) - kept_ms).toISOString()
      return (await purge.run(tx, { before })).affected
    }, 'read committed')
    purged += affected
    if (affected < BATCH) break
  }
  return purged
}

export const schedules: readonly Schedule[] = [
  {
    name: 'notifications.purge_mails',
    every_ms: HOUR_MS,
    run: async (ctx) => void (await purgeMails(ctx)),
  },
]
