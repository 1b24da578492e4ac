import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { orderEvents } from '../events.ts'
import type { OrderRow } from '../find.ts'
import { orderLifecycle } from '../lifecycle.ts'
import { moveOrder, storeChange } from '../moves.ts'
import { countUnits } from './count-units.ts'
import { type LineUnits, linesOf } from './lines.ts'
import { fulfilmentStatus, returnStatus } from './status.ts'

/**
 * Counts units that leave, under the order's lock; the stock is the caller's. The order is then in
 * work, and shipped with the last open unit. Throws `units_not_there`, and the refusal of `ship`
 * where the order cannot ship: on hold, cancelled, gone.
 */
export async function fulfilUnits(
  ctx: Context,
  order: OrderRow,
  units: readonly LineUnits[],
  reason: string | null = null,
): Promise<OrderRow> {
  const counted = await countUnits(ctx, order.id, { what: 'fulfil', units })
  if (counted.length === 0) return order
  const begun = await begin(ctx, order)
  const also = await statusesOf(ctx, order)
  const { fulfillment_status } = also
  const told = { order_id: order.id, units: counted, fulfillment_status }
  emit(ctx, orderEvents.units_fulfilled(told))
  if (fulfillment_status === 'fulfilled') return moveOrder(ctx, begun, 'ship', { also, reason })
  return storeChange(ctx, begun, also)
}

/** In work, if it is not yet; what may not ship is refused as if all of it were to. */
async function begin(ctx: Context, order: OrderRow): Promise<OrderRow> {
  if (order.status === 'pending' || order.status === 'confirmed') {
    return moveOrder(ctx, order, 'process')
  }
  orderLifecycle.next(order.status, 'ship')
  return order
}

/** How much has left, and how much of that came back, as the lines say now. */
export async function statusesOf(ctx: Context, { id }: OrderRow) {
  const lines = (await linesOf(ctx, [id])).get(id) ?? []
  return { fulfillment_status: fulfilmentStatus(lines), return_status: returnStatus(lines) }
}

/**
 * Counts units that had left as open again: their shipment was cancelled, or came back undelivered.
 * A shipped order goes back into work, by the documented way: it is held, and released. Promising
 * stock to them anew is the caller's. Throws `units_not_there`, also for returned units, and
 * refuses an order that is delivered.
 */
export async function unfulfilUnits(
  ctx: Context,
  order: OrderRow,
  units: readonly LineUnits[],
): Promise<OrderRow> {
  const counted = await countUnits(ctx, order.id, { what: 'unfulfil', units })
  if (counted.length === 0) return order
  const also = await statusesOf(ctx, order)
  const { fulfillment_status } = also
  const told = { order_id: order.id, units: counted, fulfillment_status }
  emit(ctx, orderEvents.units_unfulfilled(told))
  if (order.fulfillment_status !== 'fulfilled') return storeChange(ctx, order, also)
  const reason = 'units came back'
  if (order.status === 'on_hold') return moveOrder(ctx, order, 'process', { also, reason })
  const held = await moveOrder(ctx, order, 'hold', { also, reason })
  return moveOrder(ctx, held, 'process', { reason })
}
