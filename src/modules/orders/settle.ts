import { confirmReservations } from '#modules/inventory'
import { paidFor } from '#modules/payments'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { orderEvents } from './events.ts'
import type { OrderRow } from './find.ts'
import type { PaymentStatus } from './lifecycle.ts'
import { moveOrder } from './moves.ts'
import { type Costs, type PaidSums, paymentStatus } from './payment-status.ts'

/** What the payments of an order come to at this moment. Its lock is held. */
export async function paidSums(ctx: Context, order: OrderRow): Promise<PaidSums> {
  const paid = await paidFor(ctx, { order_id: order.id })
  return {
    authorized: paid.held_amount,
    captured: paid.captured_amount,
    refunded: paid.refunded_amount,
    failed: order.payment_status === 'failed',
  }
}

/** How an order stands with its money once it costs something else. */
export const statusAt = async (
  ctx: Context,
  order: OrderRow,
  costs: Costs,
): Promise<PaymentStatus> => paymentStatus(costs, await paidSums(ctx, order))

/**
 * States what new costs mean for the payment status, which `after` has already: what costs nothing
 * more is confirmed, and its stock is certain.
 */
export async function followCosts(
  ctx: Context,
  before: OrderRow,
  after: OrderRow,
): Promise<OrderRow> {
  const { id: order_id, cart_id, payment_status: new_status } = after
  if (new_status === before.payment_status) return after
  const old_status = before.payment_status
  emit(ctx, orderEvents.payment_status_changed({ order_id, old_status, new_status, cart_id }))
  if (new_status !== 'paid') return after
  if (after.status === 'pending') return moveOrder(ctx, after, 'confirm')
  await confirmReservations(ctx, { reference_type: 'order', reference_id: order_id })
  return after
}
