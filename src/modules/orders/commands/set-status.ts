import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { lockOrder } from '../find.ts'
import { orderLifecycle } from '../lifecycle.ts'
import { moveOrder } from '../moves.ts'
import { withLines } from '../queries.ts'
import type { Order, SetStatus } from '../schemas.ts'
import { shipOpenUnits } from '../units/ship-open-units.ts'

/**
 * Moves an order to a state, by the open move that leads there. `shipped` from confirmed passes
 * through processing, so that the storefronts' five words are enough: two moves, two events. To
 * ship is to ship all that is open.
 */
export async function setStatus(ctx: Context, input: SetStatus): Promise<Order> {
  const reason = input.reason ?? input.notes ?? null
  let order = await lockOrder(ctx, input.id)
  requireVersion(ctx, order.version)
  if (order.status === 'confirmed' && input.status === 'shipped') {
    order = await moveOrder(ctx, order, 'process', { reason })
  }
  const move = orderLifecycle.moveTo(order.status, input.status)
  const moved =
    move === 'ship'
      ? await shipOpenUnits(ctx, order, reason)
      : await moveOrder(ctx, order, move, { reason })
  return withLines(ctx, moved)
}
