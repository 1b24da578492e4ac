import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { orderEvents } from '../events.ts'
import type { OrderRow } from '../find.ts'
import { storeChange } from '../moves.ts'
import { countUnits } from './count-units.ts'
import { statusesOf } from './fulfil-units.ts'
import type { LineUnits } from './lines.ts'

/**
 * Counts units that came back, under the order's lock; stock and money are the caller's. Throws
 * `units_not_there` for more than has left.
 */
export const returnUnits = (ctx: Context, order: OrderRow, units: readonly LineUnits[]) =>
  count(ctx, order, { what: 'return', units })

/** Takes such a return back: the units are not there after all. */
export const unreturnUnits = (ctx: Context, order: OrderRow, units: readonly LineUnits[]) =>
  count(ctx, order, { what: 'unreturn', units })

type Returned = { what: 'return' | 'unreturn'; units: readonly LineUnits[] }

async function count(ctx: Context, order: OrderRow, { what, units }: Returned): Promise<OrderRow> {
  const counted = await countUnits(ctx, order.id, { what, units })
  if (counted.length === 0) return order
  const { return_status } = await statusesOf(ctx, order)
  const sign = what === 'return' ? 1 : -1
  const told = counted.map(({ order_line_id, quantity }) => ({
    order_line_id,
    quantity: sign * quantity,
  }))
  emit(ctx, orderEvents.units_returned({ order_id: order.id, units: told, return_status }))
  return storeChange(ctx, order, { return_status })
}
