import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { paymentsOfOrder } from './books.ts'
import { db, type PaymentRow } from './tables.ts'

type Move = { from: Id<'order'>; to: Id<'order'>; now: string }

const movePaymentRows = prepared(db, (open, p: Move) =>
  open
    .updateTable('payments')
    .set((eb) => ({ order_id: p.to, version: eb('version', '+', 1), updated_at: p.now }))
    .where('order_id', '=', p.from),
)
const moveRequests = prepared(db, (open, p: Move) =>
  open.updateTable('payment_requests').set({ order_id: p.to }).where('order_id', '=', p.from),
)
const moveRefunds = prepared(db, (open, p: Move) =>
  open.updateTable('refunds').set({ order_id: p.to }).where('order_id', '=', p.from),
)

const moveDisputes = prepared(db, (open, p: Move) =>
  open.updateTable('payment_disputes').set({ order_id: p.to }).where('order_id', '=', p.from),
)

const isUnderWay = (payment: PaymentRow): boolean =>
  payment.processed_at === null ||
  payment.capture_pending_amount + payment.void_pending_amount + payment.refund_pending_amount > 0

/**
 * Makes all payments of an order those of another one of the same buyer and currency, which it
 * became part of: what they hold and have taken pays for that one. The caller holds the locks of
 * both orders. Answers false, and moves nothing, while the provider still owes an answer for one.
 */
export async function movePayments(
  ctx: Context,
  { from, to }: { from: Id<'order'>; to: Id<'order'> },
): Promise<boolean> {
  const payments = await paymentsOfOrder(ctx, { order_id: from })
  if (payments.length === 0) return true
  if (payments.some(isUnderWay)) return false
  const move = { from, to, now: ctx.now }
  await movePaymentRows.run(ctx, move)
  await moveRequests.run(ctx, move)
  await moveRefunds.run(ctx, move)
  await moveDisputes.run(ctx, move)
  return true
}
