import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { db } from './tables.ts'

const BATCH = 1000
const DAY_MS = 86_400_000

/** Deletes sessions that ended without an order, with all that they know of a buyer. */
export async function purgeSessions(ctx: Context): Promise<void> {
  const kept_ms = ctx.settings.closed_carts_kept_days * DAY_MS
  await purge.run(ctx, { before: new Date(Date.parse(ctx.now) - kept_ms).toISOString() })
}

const purge = prepared(db, (open, p: { before: string }) =>
  open
    .deleteFrom('agent_sessions')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('agent_sessions')
        .select('id')
        .where('ended_at', '<', p.before)
        .where('order_id', 'is', null)
        .orderBy('ended_at')
        .limit(BATCH),
    ),
)
