import { sql } from 'kysely'
import { prepared, rawQuery } from '#platform/database/prepared'
import type { Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { db } from './tables.ts'

const DAY_MS = 24 * 60 * 60_000
/** Longer than WooCommerce goes on delivering. */
const WEBHOOKS_KEPT_MS = 30 * DAY_MS
const SYNCS_KEPT_MS = 90 * DAY_MS
const BATCH = 1_000
const BATCHES_MAX = 100

const purgeWebhooks = prepared(db, (open, p: { before: string }) =>
  rawQuery(
    open,
    sql`delete from woo_webhooks where delivery_id in (
      select delivery_id from woo_webhooks where received_at < ${p.before}
      order by received_at limit ${sql.lit(BATCH)})`,
  ),
)

// What was asked of WooCommerce and must not happen twice stays: `asked_at` is how it is known.
const purgeSyncs = prepared(db, (open, p: { before: string }) =>
  rawQuery(
    open,
    sql`delete from woo_syncs where id in (
      select id from woo_syncs where status = 'done' and kind <> 'order'
        and created_at < ${p.before} order by id limit ${sql.lit(BATCH)})`,
  ),
)

/** Clears away old webhooks and old lines of the sync log. */
export const wooPurge: Schedule = {
  name: 'woocommerce.purge',
  every_ms: 60 * 60_000,
  async run(ctx) {
    await purge(ctx, purgeWebhooks, WEBHOOKS_KEPT_MS)
    await purge(ctx, purgeSyncs, SYNCS_KEPT_MS)
  },
}

async function purge(
  ctx: ProcessContext,
  some: typeof purgeWebhooks,
  kept_ms: number,
): Promise<void> {
  for (let nth = 0; nth < BATCHES_MAX; nth++) {
    const { affected } = await ctx.transaction((tx) => {
      const before = new Date(Date.parse(tx.now) - kept_ms).toISOString()
      return some.run(tx, { before })
    }, 'read committed')
    if (affected < BATCH) return
  }
}
