import { Type } from 'typebox'
import type { Context } from '#platform/context'
import { enqueue, type Job } from '#platform/jobs'
import { paymentProviders } from './provider.ts'
import { settle } from './settle.ts'
import { paymentOf } from './webhook/payment-of.ts'

const NAME = 'payments.look_at'

/** Asks the provider, right after the commit, what there is to know of one of its payments. */
export const lookLater = (ctx: Context, payload: { provider: string; payment_ref: string }) =>
  enqueue(ctx, { name: NAME }, { payload })

/**
 * Settles all that a provider says of a payment now: for news that say that something happened, but
 * not what. A payment that is not of this house is left alone.
 */
export const lookAtPayment: Job = {
  name: NAME,
  payload: Type.Object({ provider: Type.String(), payment_ref: Type.String() }),
  async run(ctx, payload) {
    const { provider: name, payment_ref } = payload as { provider: string; payment_ref: string }
    const answer = await paymentProviders.of(ctx).named(name)?.look?.(payment_ref)
    if (!answer) return
    await ctx.transaction(async (tx) => {
      const payment = await paymentOf(tx, name, answer)
      if (!payment) return
      const { id: payment_id, order_id } = payment
      const { waiting } = await settle(tx, { payment_id, order_id, answer, source: 'sweep' })
      for (const { fact, law } of waiting) {
        tx.log.error({ payment_id, fact }, `the provider says what cannot be: ${law}`)
      }
    }, 'read committed')
  },
}
