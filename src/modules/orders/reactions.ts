import { paymentEvents } from '#modules/payments'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { together } from '#platform/reactions'
import { orderEvents } from './events.ts'
import { findOrder } from './find.ts'
import { moveOrder, storeChange } from './moves.ts'
import { paymentStatus } from './payment-status.ts'

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
  const order = await findOrder(asPlatform(ctx), paid.order_id)
  const status = paymentStatus(order.total_amount, {
    authorized: paid.order_held_amount,
    captured: paid.order_captured_amount,
    refunded: paid.order_refunded_amount,
    failed,
  })
  if (status === order.payment_status) return
  const { id: order_id, payment_status: old_status } = order
  const changed = await storeChange(ctx, order, { payment_status: status })
  emit(ctx, orderEvents.payment_status_changed({ order_id, old_status, new_status: status }))
  if (status === 'paid' && changed.status === 'pending') await moveOrder(ctx, changed, 'confirm')
}

// A customer who pays is not asked for the right to see the order again: payments did.
const asPlatform = (ctx: Context): Context => ({ ...ctx, actor: { ...ctx.actor, own_only: false } })

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
  together(paymentEvents.failed, 'orders.follow_failed', (ctx, paid) =>
    followMoney(ctx, paid, true),
  ),
]
