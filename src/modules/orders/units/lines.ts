import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { linesOf as linesOfOrders } from '../queries.ts'
import type { LineRow } from '../wire.ts'

/** A line of an order with what became of its units. */
export type OrderLine = LineRow & {
  /** Ordered, and neither cancelled nor fulfilled. */
  open_quantity: number
}

/** So many units of a line. */
export type LineUnits = { order_line_id: Id<'order_line'>; quantity: number }

type Counters = Pick<LineRow, 'quantity' | 'cancelled_quantity' | 'fulfilled_quantity'>

/** How many units of a line still wait to leave. */
export const openUnits = ({ quantity, cancelled_quantity, fulfilled_quantity }: Counters): number =>
  quantity - cancelled_quantity - fulfilled_quantity

/**
 * The lines of these orders, in their order, by order; one statement. A line that was taken out of
 * its order is among them, with no unit.
 */
export async function linesOf(
  ctx: Context,
  order_ids: readonly Id<'order'>[],
): Promise<Map<Id<'order'>, OrderLine[]>> {
  if (order_ids.length === 0) return new Map()
  const rows = await linesOfOrders(ctx, { orders: order_ids })
  const lines = rows.map((line) => ({ ...line, open_quantity: openUnits(line) }))
  return Map.groupBy(lines, ({ order_id }) => order_id)
}
