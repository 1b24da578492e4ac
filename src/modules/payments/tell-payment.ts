import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { paymentById } from './books.ts'
import { paymentErrors } from './errors.ts'
import type { Fact } from './provider.ts'
import { settle } from './settle.ts'
import { db, type PaymentRow } from './tables.ts'

export type Telling = {
  payment_id: Id<'payment'>
  order_id: Id<'order'>
  outcome: 'succeeded' | 'failed'
  /** Why it failed: a code and a sentence. */
  code?: string | null
  message?: string | null
}

const charges = prepared(db, (open, p: { payment_id: Id<'payment'> }) =>
  open
    .selectFrom('payment_events')
    .select(['operation', 'provider_ref', 'sequence'])
    .where('payment_id', '=', p.payment_id)
    .where('operation', 'in', ['sale', 'authorize'])
    .orderBy('sequence', 'desc')
    .limit(1),
)

/**
 * Settles what somebody says of a decided payment without a count or a clock: it is the newest that
 * was said of its charge, because it came last. A failure after a success means that the money was
 * taken back. What would break a law of money (money taken back that was refunded already) changes
 * nothing: the payment is answered as it is. Throws `not_found`.
 */
export async function tellPayment(ctx: Context, telling: Telling): Promise<PaymentRow> {
  const { payment_id, order_id, outcome, code = null, message = null } = telling
  await lockEntity(ctx, 'order', order_id)
  const payment = await paymentById.first(ctx, { id: payment_id })
  if (payment?.order_id !== order_id) throw paymentErrors.not_found({ payment_id })
  const last = await charges.first(ctx, { payment_id })
  const fact: Fact = {
    ref: last?.provider_ref ?? payment.provider_ref ?? payment_id,
    operation: last?.operation ?? 'sale',
    outcome,
    amount: payment.amount,
    currency: payment.currency,
    sequence: (last?.sequence ?? 0) + 1,
    occurred_at: ctx.now,
    request_id: null,
    code: outcome === 'failed' ? code : null,
    message: outcome === 'failed' ? message : null,
    action_url: null,
  }
  const answer = { payment_ref: payment.provider_ref, facts: [fact] }
  const settled = await settle(ctx, { payment_id, order_id, answer, source: 'webhook' })
  return settled.payment
}
