import { consumeReservations } from '#modules/inventory'
import type { Context } from '#platform/context'
import type { OrderRow } from '../find.ts'
import { moveOrder } from '../moves.ts'
import { fulfilUnits } from './fulfil-units.ts'
import { holderOf } from './held-stock.ts'
import { linesOf } from './lines.ts'

/**
 * Ships everything that is open without a shipment: all that the order holds leaves the shelves.
 * The lock is held. Throws `units_wait` (409) while units wait for stock.
 */
export async function shipOpenUnits(
  ctx: Context,
  order: OrderRow,
  reason: string | null,
): Promise<OrderRow> {
  const lines = (await linesOf(ctx, [order.id])).get(order.id) ?? []
  const units = lines.flatMap(({ id, open_quantity }) =>
    open_quantity > 0 ? [{ order_line_id: id, quantity: open_quantity }] : [],
  )
  // Cancelled to the last unit while it was on hold.
  if (units.length === 0) return moveOrder(ctx, order, 'ship', { reason })
  await consumeReservations(ctx, holderOf(order))
  return fulfilUnits(ctx, order, units, reason)
}
