import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import { lockOrder } from '../find.ts'
import { withLines } from '../queries.ts'
import type { GetOrder, Order } from '../schemas.ts'
import { db } from '../tables.ts'

const FINISHED = ['delivered', 'cancelled', 'exchanged', 'refunded']

/** Puts a finished order away from the lists; it stays readable by its id. Twice is harmless. */
export async function archiveOrder(ctx: Context, { id }: GetOrder): Promise<Order> {
  const order = await lockOrder(ctx, id)
  if (order.archived_at) return withLines(ctx, order)
  if (!FINISHED.includes(order.status)) throw orderErrors.not_archivable({ status: order.status })
  const change = { archived_at: ctx.now, version: order.version + 1, updated_at: ctx.now }
  await db(ctx).updateTable('orders').set(change).where('id', '=', order.id).execute()
  emit(ctx, orderEvents.archived({ order_id: order.id }))
  return withLines(ctx, { ...order, ...change })
}
