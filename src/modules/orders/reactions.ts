import type { Id } from '#kit/ids'
import { confirmReservations } from '#modules/inventory'
import { paymentEvents } from '#modules/payments'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { together } from '#platform/reactions'
import { orderEvents } from './events.ts'
import { orderOfMoney } from './find.ts'
import { settleGiftCards } from './gift-cards/settle-gift-cards.ts'
import { uncoveredReactions } from './gift-cards/uncovered.ts'
import { moveOrder, storeChange } from './moves.ts'
import { paymentStatus } from './payment-status.ts'
import { refundReactions } from './refunds/reactions.ts'
import { statisticsReactions } from './statistics/reactions.ts'

type Paid = {
  order_id: Id<'order'>
  order_held_amount: number
  order_captured_amount: number
  order_refunded_amount: number
}

/**
 * Follows the money in the very transaction that records it, so that an order's payment status is
 * right at every commit. The payment's transaction holds the order's lock.
 */
async function followMoney(ctx: Context, paid: Paid, failed: boolean): Promise<void> {
  const order = await orderOfMoney(ctx, paid.order_id)
  const status = paymentStatus(order, {
    authorized: paid.order_held_amount,
    captured: paid.order_captured_amount,
    refunded: paid.order_refunded_amount,
    failed,
  })
  if (status === order.payment_status) return
  const { id: order_id, payment_status: old_status, cart_id } = order
  const changed = { order_id, old_status, new_status: status, cart_id }
  emit(ctx, orderEvents.payment_status_changed(changed))
  const change = { payment_status: status }
  if (status === 'paid' && order.status === 'pending') {
    await settleGiftCards(ctx, await moveOrder(ctx, order, 'confirm', { also: change }))
    return
  }
  await settleGiftCards(ctx, await storeChange(ctx, order, change))
  // Paid while it is on hold: its state waits, but its stock is certain now.
  if (status === 'paid') {
    await confirmReservations(ctx, { reference_type: 'order', reference_id: order_id })
  }
}

export const reactions = [
  together(paymentEvents.authorized, 'orders.follow_authorized', (ctx, paid) =>
    followMoney(ctx, paid, false),
  ),
  together(paymentEvents.captured, 'orders.follow_captured', (ctx, paid) =>
    followMoney(ctx, paid, false),
  ),
  together(paymentEvents.voided, 'orders.follow_voided', (ctx, paid) =>
    followMoney(ctx, paid, false),
  ),
  together(paymentEvents.refunded, 'orders.follow_refunded', (ctx, paid) =>
    followMoney(ctx, paid, false),
  ),
  // A refund that bounced: the money is ours again.
  together(paymentEvents.refund_failed, 'orders.follow_refund_failed', (ctx, paid) =>
    followMoney(ctx, paid, false),
  ),
  together(paymentEvents.failed, 'orders.follow_failed', (ctx, paid) =>
    followMoney(ctx, paid, true),
  ),
  ...refundReactions,
  ...uncoveredReactions,
  ...statisticsReactions,
]
