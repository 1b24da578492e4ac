import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { insertPayment, paymentsOfOrder } from './books.ts'
import { paymentEvents } from './events.ts'
import { refundableParts, spreadRefund } from './order-refunds.ts'
import { chargeRef } from './parts.ts'
import { db, type PaymentRow } from './tables.ts'

type Division = { from: Id<'order'>; to: Id<'order'>; amount: number }

const LEFT = sql<number>`captured_amount - parted_amount - refunded_amount - refund_pending_amount`

// Parallel refunds meet here too: together they and the parts never exceed what was captured.
const giveAway = prepared(db, (open, p: { id: Id<'payment'>; amount: number; now: string }) =>
  open
    .updateTable('payments')
    .set((eb) => ({
      parted_amount: eb('parted_amount', '+', p.amount),
      version: eb('version', '+', 1),
      updated_at: p.now,
    }))
    .where('id', '=', p.id)
    .where(LEFT, '>=', p.amount),
)

/**
 * Makes so much (minor units) of what was taken for one order money of another one of the same
 * buyer, the newest payment first. The caller holds the lock of `from`, and nobody knows `to` yet.
 * Answers false, and divides nothing, if so much is not left.
 */
export async function dividePayments(ctx: Context, division: Division): Promise<boolean> {
  const { from, to, amount } = division
  const shares = spreadRefund(await refundableParts(ctx, { order_id: from }), amount)
  if (!shares) return false
  const payments = await paymentsOfOrder(ctx, { order_id: from })
  for (const share of shares) {
    const payment = payments.find(({ id }) => id === share.payment_id) as PaymentRow
    const { affected } = await giveAway.run(ctx, {
      id: payment.id,
      amount: share.amount,
      now: ctx.now,
    })
    if (affected === 0) throw new TryAgain(`payment ${payment.id} has less left than was read`)
    const part = partOf(ctx, payment, { order_id: to, amount: share.amount })
    await insertPayment.run(ctx, part)
    const { id: payment_id, order_id, provider, currency } = payment
    const told = { payment_id, order_id, provider, currency, amount: share.amount }
    emit(ctx, paymentEvents.divided({ ...told, part_id: part.id, part_order_id: to }))
  }
  return true
}

const partOf = (
  ctx: Context,
  whole: PaymentRow,
  { order_id, amount }: Pick<PaymentRow, 'order_id' | 'amount'>,
): PaymentRow => ({
  ...whole,
  id: ctx.newId('payment'),
  order_id,
  provider_ref: null,
  part_of_id: whole.id,
  part_of_ref: chargeRef(whole),
  capture_method: 'automatic',
  amount,
  authorized_amount: amount,
  captured_amount: amount,
  parted_amount: 0,
  voided_amount: 0,
  refunded_amount: 0,
  capture_pending_amount: 0,
  void_pending_amount: 0,
  refund_pending_amount: 0,
  status: 'succeeded',
  version: 1,
  created_at: ctx.now,
  updated_at: ctx.now,
})
