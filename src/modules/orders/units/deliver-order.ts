import type { Context } from '#platform/context'
import type { OrderRow } from '../find.ts'
import { moveOrder } from '../moves.ts'

/** The last unit has arrived. Harmless if that is known; refuses what has not left (409). */
export async function deliverOrder(ctx: Context, order: OrderRow): Promise<OrderRow> {
  return order.status === 'delivered' ? order : moveOrder(ctx, order, 'deliver')
}
