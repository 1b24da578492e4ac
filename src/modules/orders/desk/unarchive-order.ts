import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { lockOrder } from '../find.ts'
import { withLines } from '../queries.ts'
import type { GetOrder, Order } from '../schemas.ts'
import { db } from '../tables.ts'
import { deskEvents } from './events.ts'

/** Puts an archived order back into the lists. One that is there already stays. */
export async function unarchiveOrder(ctx: Context, { id }: GetOrder): Promise<Order> {
  const order = await lockOrder(ctx, id)
  if (!order.archived_at) return withLines(ctx, order)
  const change = { archived_at: null, version: order.version + 1, updated_at: ctx.now }
  await db(ctx).updateTable('orders').set(change).where('id', '=', order.id).execute()
  emit(ctx, deskEvents.unarchived({ order_id: order.id }))
  return withLines(ctx, { ...order, ...change })
}
