import type { Context } from '#platform/context'
import { requireVersion } from '#platform/versions'
import { lockOrder } from '../find.ts'
import { moveOrder } from '../moves.ts'
import { withLines } from '../queries.ts'
import type { CancelOrder, Order } from '../schemas.ts'

/** Withdraws an order: its stock is available again, what was paid goes back. Once. */
export async function cancelOrder(ctx: Context, { id, reason }: CancelOrder): Promise<Order> {
  const order = await lockOrder(ctx, id)
  requireVersion(ctx, order.version)
  return withLines(ctx, await moveOrder(ctx, order, 'cancel', { reason: reason ?? null }))
}
