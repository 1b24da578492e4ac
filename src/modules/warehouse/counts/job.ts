import { Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import type { Context } from '#platform/context'
import { enqueue, type Job } from '#platform/jobs'
import { lockCount } from './find-count.ts'
import { planBatch } from './plan-batch.ts'
import { postBatch } from './post-batch.ts'

/** How long one turn works; shorter than the lease, so that a crash is noticed soon. */
const TURN_MS = 15_000
const LEASE_MS = 60_000

/**
 * Draws up or posts a large count, batch by batch, each in a transaction that also moves the count
 * on: whoever takes it up after a crash goes on behind the last commit.
 */
export const countJob: Job<{ count_id: Id<'cycle_count'> }> = {
  name: 'warehouse.advance_count',
  payload: Type.Object({ count_id: IdSchema('cycle_count') }),
  lease_ms: LEASE_MS,
  run: async (ctx, { count_id }) => {
    const end = performance.now() + TURN_MS
    for (;;) {
      const goesOn = await ctx.transaction((tx) => advance(tx, count_id), 'read committed')
      if (!goesOn) return
      if (performance.now() > end) break
    }
    await ctx.transaction((tx) => askForTurn(tx, count_id), 'read committed')
  },
}

/** Does the next batch; answers whether there may be more. */
async function advance(ctx: Context, count_id: Id<'cycle_count'>): Promise<boolean> {
  const row = await lockCount(ctx, count_id)
  if (row.status === 'planning') return (await planBatch(ctx, row)).status === 'planning'
  if (row.status === 'approving') return (await postBatch(ctx, row)).status === 'approving'
  return false
}

/** Asks for the next turn of a count, in the caller's transaction. */
export const askForTurn = (ctx: Context, count_id: Id<'cycle_count'>): Promise<void> =>
  enqueue(ctx, countJob, { payload: { count_id } })
