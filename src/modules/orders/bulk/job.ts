import { Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import type { Context } from '#platform/context'
import { enqueue, type Job } from '#platform/jobs'
import { ENDED } from './lifecycle.ts'
import { runBulk } from './run.ts'

/** How long one turn works; shorter than the lease, so that a crash is noticed soon. */
const TURN_MS = 15_000
const LEASE_MS = 60_000

/** Works on a bulk operation for a while, then asks for its next turn. */
export const bulkJob: Job<{ bulk_id: Id<'order_bulk'> }> = {
  name: 'orders.bulk',
  payload: Type.Object({ bulk_id: IdSchema('order_bulk') }),
  lease_ms: LEASE_MS,
  run: async (ctx, { bulk_id }) => {
    const end = performance.now() + TURN_MS
    const { status } = await runBulk(ctx, bulk_id, { isOver: () => performance.now() > end })
    if (ENDED.includes(status)) return
    await ctx.transaction((tx) => askForTurn(tx, bulk_id), 'read committed')
  },
}

export const askForTurn = (ctx: Context, bulk_id: Id<'order_bulk'>): Promise<void> =>
  enqueue(ctx, bulkJob, { payload: { bulk_id } })
