import { confirmReservations, releaseReservations } from '#modules/inventory'
import { reversePayments } from '#modules/payments'
import { giveBack, moveRedemptions } from '#modules/promotions'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { updateChanged } from '#platform/database/update-changed'
import { emit } from '#platform/events'
import { orderErrors } from './errors.ts'
import { orderEvents } from './events.ts'
import type { OrderRow } from './find.ts'
import { settleGiftCards } from './gift-cards/settle-gift-cards.ts'
import { orderLifecycle } from './lifecycle.ts'
import { db } from './tables.ts'

type Move = keyof typeof orderLifecycle.moves

const CHANGING = [
  'status',
  'payment_status',
  'fulfillment_status',
  'return_status',
  'cancelled_amount',
  'status_reason',
  'cancelled_at',
] as const
type Change = Pick<OrderRow, (typeof CHANGING)[number]>

// The version names the row that was read: whoever changed it meanwhile wins, and we start again.
const updateOrder = updateChanged<OrderRow, unknown>(db as never, {
  table: 'orders',
  columns: [...CHANGING, 'version', 'updated_at'],
})

/**
 * Stores an order's changed statuses. The order's lock is held, so its version cannot have moved.
 */
export async function storeChange(
  ctx: Context,
  order: OrderRow,
  changed: Partial<Change>,
): Promise<OrderRow> {
  const next = { ...order, ...changed, version: order.version + 1, updated_at: ctx.now }
  const { affected } = await ctx.session.run(updateOrder(ctx, order, next))
  if (affected !== 1) throw new Error(`order ${order.id} changed without its lock`)
  return next
}

// Whole lines: none of their units has left, or the order could not be cancelled.
const cancelLines = prepared(db, (open, p: { order_id: OrderRow['id'] }) =>
  open
    .updateTable('order_lines')
    .set((eb) => ({
      cancelled_quantity: eb.ref('quantity'),
      cancelled_amount: eb.fn.coalesce(
        'gross_amount',
        eb('total_amount', '-', eb.ref('discount_amount')),
      ),
    }))
    .where('order_id', '=', p.order_id),
)

/** Why a move is made, and what else changes with it in the same write. */
type How = { reason?: string | null; also?: Partial<Change> }

/**
 * Makes one move of the lifecycle with all that belongs to it: cancelling gives stock, money and
 * coupons back. Shipping is told here, once the last unit has left: see `fulfilUnits`. Refuses a
 * move that is not open (409).
 */
export async function moveOrder(
  ctx: Context,
  order: OrderRow,
  move: Move,
  { reason = null, also = {} }: How = {},
): Promise<OrderRow> {
  const status = orderLifecycle.next(order.status, move)
  if (move === 'cancel') requireWhole(order)
  const moved = await storeChange(ctx, order, {
    ...also,
    status,
    status_reason: reason,
    ...(move === 'cancel' && { cancelled_at: ctx.now, cancelled_amount: order.total_amount }),
  })
  tell(ctx, order, moved)
  const order_id = order.id
  const reference = { reference_type: 'order', reference_id: order_id }
  if (move === 'confirm' || move === 'process') await confirmReservations(ctx, reference)
  if (move === 'cancel') {
    await cancelLines.run(ctx, { order_id })
    await settleGiftCards(ctx, moved)
    await releaseReservations(ctx, reference)
    await reversePayments(ctx, { order_id, reason: reason ?? 'order cancelled' })
    if (order.cart_id || order.discount_amount > 0) await giveBack(ctx, { order_id })
    emit(ctx, orderEvents.cancelled({ order_id, reason, cart_id: order.cart_id }))
  }
  return moved
}

/**
 * Ends an order that became part of another: cancelled in the books, but its stock, its money and
 * its coupons are the other's now, and nothing is given back.
 */
export async function endAsMerged(
  ctx: Context,
  order: OrderRow,
  { into, reason }: { into: OrderRow['id']; reason: string },
): Promise<OrderRow> {
  const ended = await storeChange(ctx, order, {
    status: orderLifecycle.next(order.status, 'cancel'),
    status_reason: reason,
    cancelled_at: ctx.now,
    cancelled_amount: order.total_amount,
    payment_status: order.total_amount === 0 ? 'paid' : 'pending',
  })
  await cancelLines.run(ctx, { order_id: order.id })
  await moveRedemptions(ctx, { from: order.id, to: into })
  tell(ctx, order, ended)
  return ended
}

/** Some of its units have left, and maybe it was held then: they must come back first. */
function requireWhole({ id, status, fulfillment_status }: OrderRow): void {
  if (fulfillment_status === 'unfulfilled') return
  const open_moves = orderLifecycle.movesFrom(status).filter((open) => open !== 'cancel')
  throw orderErrors.already_shipped({ order_id: id, open_moves })
}

/** What each state means to those who listen. */
function tell(ctx: Context, before: OrderRow, after: OrderRow): void {
  const { id: order_id, status, status_reason: reason, fulfillment_status } = after
  const old_status = before.status
  emit(ctx, orderEvents.status_changed({ order_id, old_status, new_status: status, reason }))
  if (status === 'shipped') emit(ctx, orderEvents.shipped({ order_id, fulfillment_status }))
  if (status === 'delivered') emit(ctx, orderEvents.completed({ order_id }))
}
