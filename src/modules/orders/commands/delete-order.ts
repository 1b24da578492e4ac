import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import { lockOrder } from '../find.ts'
import { moveOrder } from '../moves.ts'
import type { GetOrder } from '../schemas.ts'
import { db } from '../tables.ts'

/**
 * Removes a pending or cancelled order from every answer; a pending one is cancelled first. The row
 * stays for the books. Customers may delete their own while it is pending.
 */
export async function deleteOrder(ctx: Context, { id }: GetOrder): Promise<undefined> {
  let order = await lockOrder(ctx, id)
  const deletable = ctx.actor.own_only ? ['pending'] : ['pending', 'cancelled']
  if (!deletable.includes(order.status)) throw orderErrors.not_deletable({ status: order.status })
  if (order.status === 'pending')
    order = await moveOrder(ctx, order, 'cancel', { reason: 'order deleted' })
  const change = { deleted_at: ctx.now, version: order.version + 1, updated_at: ctx.now }
  await db(ctx).updateTable('orders').set(change).where('id', '=', order.id).execute()
  emit(ctx, orderEvents.deleted({ order_id: order.id }))
}
