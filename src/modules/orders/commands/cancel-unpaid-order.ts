import type { Id } from '#kit/ids'
import { coveredAmount, paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { type OrderRow, orderOfMoney } from '../find.ts'
import { moveOrder } from '../moves.ts'

const UNPAID: readonly OrderRow['payment_status'][] = ['pending', 'failed']

/**
 * Cancels an order that waits for its payment in vain: its stock and its coupons are given back,
 * and so is money that comes late. What gift cards or store credit have paid of it goes back to
 * them; one of which a part is paid otherwise, or that people have taken up, is left alone. Answers
 * whether it was cancelled.
 */
export async function cancelUnpaidOrder(
  ctx: Context,
  order_id: Id<'order'>,
  reason: string,
): Promise<boolean> {
  await lockEntity(ctx, 'order', order_id)
  const order = await orderOfMoney(ctx, order_id)
  if (order.status !== 'pending') return false
  if (!UNPAID.includes(order.payment_status) && !(await isPaidByCredit(ctx, order))) return false
  await moveOrder(ctx, order, 'cancel', { reason })
  return true
}

/** Whether nothing but credit with the shop has paid a part of it. */
async function isPaidByCredit(ctx: Context, order: OrderRow): Promise<boolean> {
  if (order.payment_status !== 'partially_paid') return false
  const payments = await paymentsOfOrder(ctx, { order_id: order.id })
  return payments.every((one) => one.provider === 'credit' || coveredAmount([one]) === 0)
}
