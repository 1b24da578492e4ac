import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { orderEvents } from './events.ts'
import type { OrderRow } from './find.ts'
import { paymentStatus } from './payment-status.ts'
import type { LineRow } from './wire.ts'

// What every way of placing an order has in common.

/** What a line begins with: nothing became of its units yet. */
export const FRESH_LINE = {
  cancelled_quantity: 0,
  fulfilled_quantity: 0,
  returned_quantity: 0,
  cancelled_amount: 0,
} as const

/** What an order begins with, but for what `beginning` says. */
export const FRESH = {
  fulfillment_status: 'unfulfilled',
  return_status: 'none',
  cancelled_amount: 0,
  draft_id: null,
  has_gift_cards: false,
  status_reason: null,
  version: 1,
  cancelled_at: null,
  archived_at: null,
  deleted_at: null,
} as const

type Beginning = Pick<OrderRow, 'status' | 'payment_status'>

/** How a new order stands: one that costs nothing is paid, and so confirmed, at once. */
export function beginning(total_amount: number): Beginning {
  const nothing = { authorized: 0, captured: 0, refunded: 0, failed: false }
  const payment_status = paymentStatus(
    { total_amount, cancelled_amount: 0, cancelled_at: null },
    nothing,
  )
  return { status: payment_status === 'paid' ? 'confirmed' : 'pending', payment_status }
}

type Placed = Beginning &
  Pick<OrderRow, 'id' | 'customer_id' | 'currency' | 'total_amount' | 'cart_id'> & {
    /** Why it is paid from the beginning, if not because it costs nothing. */
    paid_because?: string
  }
type Line = Pick<LineRow, 'sku' | 'quantity' | 'unit_amount'>

/** States that an order was placed, and what else is true of it from the beginning. */
export function emitPlaced(ctx: Context, order: Placed, lines: readonly Line[]): void {
  const { id: order_id, customer_id, currency, total_amount, cart_id } = order
  emit(
    ctx,
    orderEvents.created({
      order_id,
      customer_id,
      currency,
      total_amount,
      lines: lines.map(({ sku, quantity, unit_amount }) => ({ sku, quantity, unit_amount })),
    }),
  )
  const { payment_status, status } = order
  if (payment_status === 'pending') return
  const old_status = 'pending'
  const paid = { order_id, old_status, new_status: payment_status, cart_id } as const
  emit(ctx, orderEvents.payment_status_changed(paid))
  if (status === old_status) return
  const confirmed = { order_id, old_status, new_status: status } as const
  const reason = order.paid_because ?? 'nothing is to be paid'
  emit(ctx, orderEvents.status_changed({ ...confirmed, reason }))
}
