import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { type OrderRow, orderOfMoney } from '../find.ts'
import { moveOrder } from '../moves.ts'

const UNPAID: readonly OrderRow['payment_status'][] = ['pending', 'failed']

/**
 * Cancels an order that waits for its payment in vain: its stock and its coupons are given back,
 * and so is money that comes late. One that is paid in part, or that people have taken up, is left
 * alone. Answers whether it was cancelled.
 */
export async function cancelUnpaidOrder(
  ctx: Context,
  order_id: Id<'order'>,
  reason: string,
): Promise<boolean> {
  await lockEntity(ctx, 'order', order_id)
  const order = await orderOfMoney(ctx, order_id)
  if (order.status !== 'pending' || !UNPAID.includes(order.payment_status)) return false
  await moveOrder(ctx, order, 'cancel', { reason })
  return true
}
