import { AMOUNT_MAX } from '#kit/money'
import { paidFor } from '#modules/payments'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { orderErrors } from './errors.ts'
import { orderEvents } from './events.ts'
import type { OrderRow } from './find.ts'
import { moveOrder } from './moves.ts'
import { paymentStatus } from './payment-status.ts'
import { db } from './tables.ts'

const OPEN = new Set<OrderRow['status']>(['pending', 'confirmed', 'processing', 'on_hold'])

/** Refuses a change of what was ordered once the goods have left or the order is over. */
export function requireEditable({ status, fulfillment_status }: OrderRow): void {
  if (!OPEN.has(status)) throw orderErrors.not_editable({ problem: `it is ${status}`, status })
  if (fulfillment_status === 'unfulfilled') return
  throw orderErrors.not_editable({ problem: 'it has left the warehouse', status })
}

/** What a change adds to an order's money, or takes from it; minor units. */
export type Added = { total_amount: number; tax_amount: number; gross_amount: number }

type Totals = Pick<
  OrderRow,
  'id' | 'total_amount' | 'subtotal_amount' | 'tax_amount' | 'payment_status' | 'version'
> & { now: string; next_version: number }

const updateTotals = prepared(db, (open, p: Totals) =>
  open
    .updateTable('orders')
    .set({
      total_amount: p.total_amount,
      subtotal_amount: p.subtotal_amount,
      tax_amount: p.tax_amount,
      payment_status: p.payment_status,
      version: p.next_version,
      updated_at: p.now,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.version),
)

/**
 * Stores an order's new total, and how it stands with its money at that total: what was paid may be
 * too little now. The order's lock is held. Throws `total_too_large`.
 */
export async function storeTotals(ctx: Context, order: OrderRow, added: Added): Promise<OrderRow> {
  const total_amount = order.total_amount + added.gross_amount
  if (total_amount > AMOUNT_MAX) throw orderErrors.total_too_large()
  const { subtotal_amount, version } = order
  const totals = {
    total_amount,
    subtotal_amount: subtotal_amount === null ? null : subtotal_amount + added.total_amount,
    tax_amount: order.tax_amount + added.tax_amount,
    payment_status: await statusAt(ctx, order, total_amount),
  }
  const next_version = version + 1
  const written = { ...totals, id: order.id, version, next_version, now: ctx.now }
  const { affected } = await updateTotals.run(ctx, written)
  if (affected !== 1) throw new Error(`order ${order.id} changed without its lock`)
  return { ...order, ...totals, version: next_version, updated_at: ctx.now }
}

async function statusAt(ctx: Context, order: OrderRow, total_amount: number) {
  const paid = await paidFor(ctx, { order_id: order.id })
  return paymentStatus(total_amount, {
    authorized: paid.held_amount,
    captured: paid.captured_amount,
    refunded: paid.refunded_amount,
    failed: order.payment_status === 'failed',
  })
}

/** States what a new total means for the payment status; what costs nothing more is confirmed. */
export async function followTotals(
  ctx: Context,
  before: OrderRow,
  after: OrderRow,
): Promise<OrderRow> {
  const { id: order_id, cart_id, payment_status: new_status } = after
  if (new_status === before.payment_status) return after
  const old_status = before.payment_status
  emit(ctx, orderEvents.payment_status_changed({ order_id, old_status, new_status, cart_id }))
  if (new_status !== 'paid' || after.status !== 'pending') return after
  return moveOrder(ctx, after, 'confirm')
}
