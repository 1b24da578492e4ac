import { confirmReservations, consumeReservations, releaseReservations } from '#modules/inventory'
import { reversePayments } from '#modules/payments'
import { giveBack } from '#modules/promotions'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { orderErrors } from './errors.ts'
import { orderEvents } from './events.ts'
import type { OrderRow } from './find.ts'
import { type OrderStatus, orderLifecycle } from './lifecycle.ts'
import { db } from './tables.ts'

type Move = keyof typeof orderLifecycle.moves

type Change = {
  id: OrderRow['id']
  version: number
  status: OrderStatus
  payment_status: OrderRow['payment_status']
  fulfillment_status: OrderRow['fulfillment_status']
  status_reason: string | null
  cancelled_at: string | null
  now: string
}

// The version names the row that was read: whoever changed it meanwhile wins, and we start again.
const change = prepared(db, (open, p: Change & { next_version: number }) =>
  open
    .updateTable('orders')
    .set({
      status: p.status,
      payment_status: p.payment_status,
      fulfillment_status: p.fulfillment_status,
      status_reason: p.status_reason,
      cancelled_at: p.cancelled_at,
      version: p.next_version,
      updated_at: p.now,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.version),
)

/**
 * Stores an order's changed statuses. The order's lock is held, so its version cannot have moved.
 */
export async function storeChange(
  ctx: Context,
  order: OrderRow,
  changed: Partial<Change>,
): Promise<OrderRow> {
  const next = { ...order, ...changed, version: order.version + 1, updated_at: ctx.now }
  const { affected } = await change.run(ctx, {
    ...next,
    now: ctx.now,
    version: order.version,
    next_version: next.version,
  })
  if (affected !== 1) throw new Error(`order ${order.id} changed without its lock`)
  return next
}

/** Why a move is made, and what else changes with it in the same write. */
type How = { reason?: string | null; also?: Pick<Partial<Change>, 'payment_status'> }

/**
 * Makes one move of the lifecycle with all that belongs to it: cancelling gives stock, money and
 * coupons back, shipping takes the units off the shelves. Refuses a move that is not open (409).
 */
export async function moveOrder(
  ctx: Context,
  order: OrderRow,
  move: Move,
  { reason = null, also = {} }: How = {},
): Promise<OrderRow> {
  const status = orderLifecycle.next(order.status, move)
  // An order that was held after it had left: the goods must come back first.
  if (move === 'cancel' && order.fulfillment_status === 'fulfilled') {
    const open_moves = orderLifecycle.movesFrom(order.status).filter((open) => open !== 'cancel')
    throw orderErrors.already_shipped({ order_id: order.id, open_moves })
  }
  const moved = await storeChange(ctx, order, {
    ...also,
    status,
    status_reason: reason,
    ...(move === 'cancel' && { cancelled_at: ctx.now }),
    ...(move === 'ship' && { fulfillment_status: 'fulfilled' as const }),
  })
  const order_id = order.id
  emit(
    ctx,
    orderEvents.status_changed({ order_id, old_status: order.status, new_status: status, reason }),
  )
  const reference = { reference_type: 'order', reference_id: order_id }
  if (move === 'confirm' || move === 'process') await confirmReservations(ctx, reference)
  if (move === 'ship') {
    await consumeReservations(ctx, reference)
    emit(ctx, orderEvents.shipped({ order_id, fulfillment_status: 'fulfilled' }))
  }
  if (move === 'deliver') emit(ctx, orderEvents.completed({ order_id }))
  if (move === 'cancel') {
    await releaseReservations(ctx, reference)
    await reversePayments(ctx, { order_id, reason: reason ?? 'order cancelled' })
    if (order.cart_id) await giveBack(ctx, { order_id })
    emit(ctx, orderEvents.cancelled({ order_id, reason, cart_id: order.cart_id }))
  }
  return moved
}
