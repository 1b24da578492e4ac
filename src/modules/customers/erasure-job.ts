import { Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import type { Context } from '#platform/context'
import { type AnswerCursor, eraseAnswers, FIRST_ANSWER } from '#platform/erasure'
import { enqueue, type Job } from '#platform/jobs'
import { findAnyCustomer } from './find.ts'
import { personalData } from './personal-data.ts'

const Payload = Type.Object({ customer_id: IdSchema('customer'), user_id: IdSchema('user') })
type Erased = { customer_id: Id<'customer'>; user_id: Id<'user'> }

/** What was under way when somebody was erased has ended by then. */
const LATER_MS = 60_000

/**
 * What an erasure leaves for after its commit: the answers kept under Idempotency-Keys, a few
 * hundred at a time, and whatever a request that was under way wrote about the person meanwhile.
 */
export const finishErasure: Job = {
  name: 'customers.finish_erasure',
  payload: Payload,
  run: async (ctx, payload) => {
    const { customer_id, user_id } = payload as Erased
    await ctx.transaction(async (tx) => {
      const customer = await findAnyCustomer(tx, { id: customer_id })
      if (!customer?.erased_at) return
      for (const part of personalData.of(ctx)) await part.erase(tx, customer_id)
    })
    for (const id of new Set<string>([customer_id, user_id])) {
      let after: AnswerCursor | undefined = FIRST_ANSWER
      while (after) {
        const from: AnswerCursor = after
        const step = (tx: Context) => eraseAnswers(tx, { id, after: from })
        after = await ctx.transaction(step, 'read committed')
      }
    }
  },
}

/** Asks for it at once, and once more when nothing from before can be under way. */
export async function enqueueErasure(ctx: Context, payload: Erased): Promise<void> {
  await enqueue(ctx, finishErasure, { payload })
  const run_at = new Date(Date.parse(ctx.now) + LATER_MS).toISOString()
  await enqueue(ctx, finishErasure, { payload, run_at })
}
