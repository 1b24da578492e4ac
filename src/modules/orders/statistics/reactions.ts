import type { Id } from '#kit/ids'
import { paymentEvents } from '#modules/payments'
import type { Context } from '#platform/context'
import { together } from '#platform/reactions'
import { orderEvents } from '../events.ts'
import { noteChange } from './count-orders.ts'

const note = async (ctx: Context, { order_id }: { order_id: Id<'order'> }) =>
  noteChange(ctx, order_id)

/** Everything that changes what an order counts as. */
export const statisticsReactions = [
  together(orderEvents.created, 'orders.recount_created', note),
  together(orderEvents.status_changed, 'orders.recount_moved', note),
  together(orderEvents.deleted, 'orders.recount_deleted', note),
  together(orderEvents.item_added, 'orders.recount_enlarged', note),
  together(orderEvents.item_changed, 'orders.recount_changed', note),
  together(paymentEvents.refunded, 'orders.recount_refunded', note),
  together(paymentEvents.refund_failed, 'orders.recount_bounced', note),
]
