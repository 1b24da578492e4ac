import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { lockOrder } from '../find.ts'
import { orderLifecycle } from '../lifecycle.ts'
import { moveOrder } from '../moves.ts'
import { withLines } from '../queries.ts'
import type { Order, SetStatus } from '../schemas.ts'

/**
 * Moves an order to a state, by the open move that leads there. `shipped` from confirmed passes
 * through processing, so that the storefronts' five words are enough: two moves, two events.
 */
export async function setStatus(ctx: Context, input: SetStatus): Promise<Order> {
  const reason = input.reason ?? input.notes ?? null
  let order = await lockOrder(ctx, input.id)
  requireVersion(ctx, order.version)
  if (order.status === 'confirmed' && input.status === 'shipped') {
    order = await moveOrder(ctx, order, 'process', { reason })
  }
  const move = orderLifecycle.moveTo(order.status, input.status)
  return withLines(ctx, await moveOrder(ctx, order, move, { reason }))
}
