import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import type { Schedule } from '#platform/jobs'
import { db } from './tables.ts'

const DAY_MS = 24 * 60 * 60_000
/** Rows of one delete: small, because commands wait for it on SQLite. */
const BATCH = 500
const BATCHES_MAX = 200

const OLD = sql`select id from webhook_deliveries where finished_at`

const deleteTries = prepared(db, (open, p: { before: string }) =>
  rawQuery(
    open,
    sql`delete from webhook_attempts where delivery_id in (
      ${OLD} < ${p.before} order by finished_at, id limit ${sql.lit(BATCH)})`,
  ),
)

const deleteDeliveries = prepared(db, (open, p: { before: string }) =>
  rawQuery(
    open,
    sql`delete from webhook_deliveries where id in (
      ${OLD} < ${p.before} order by finished_at, id limit ${sql.lit(BATCH)})`,
  ),
)

const deleteReplays = prepared(db, (open, p: { before: string }) =>
  rawQuery(open, sql`delete from webhook_replays where finished_at < ${p.before}`),
)

/** Clears away what is finished and old. Runs are short; the next one goes on. */
export const purgeDeliveries: Schedule = {
  name: 'webhooks.purge_deliveries',
  every_ms: 10 * 60_000,
  run: async (process) => {
    const kept_ms = process.settings.webhook_deliveries_kept_days * DAY_MS
    const before = (ctx: Context) => new Date(Date.parse(ctx.now) - kept_ms).toISOString()
    for (let nth = 0; nth < BATCHES_MAX; nth++) {
      const gone = await process.transaction(async (ctx) => {
        const old = { before: before(ctx) }
        await deleteTries(ctx, old)
        return (await deleteDeliveries.run(ctx, old)).affected
      }, 'read committed')
      if (gone < BATCH) break
    }
    await process.transaction(
      (ctx) => deleteReplays(ctx, { before: before(ctx) }),
      'read committed',
    )
  },
}
