import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { db } from './tables.ts'

const BATCH = 1000

/** Deletes carts that nobody can read any more: those whose time is over, given up or not. */
export async function purgeCarts(ctx: Context): Promise<void> {
  await purge.run(ctx, { now: ctx.now })
}

const purge = prepared(db, (open, p: { now: string }) =>
  open
    .deleteFrom('agentic_carts')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('agentic_carts')
        .select('id')
        .where('expires_at', '<=', p.now)
        .orderBy('expires_at')
        .limit(BATCH),
    ),
)
