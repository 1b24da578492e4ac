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
  together(orderEvents.changed, 'orders.recount_changed', note),
  together(orderEvents.units_cancelled, 'orders.recount_lessened', note),
  together(orderEvents.merged, 'orders.recount_merged', note),
  together(orderEvents.split, 'orders.recount_split', note),
  // Only where something was refunded before: what is paid again makes it no refund any more.
  together(paymentEvents.captured, 'orders.recount_repaid', async (ctx, paid) => {
    if (paid.order_refunded_amount > 0) await note(ctx, paid)
  }),
  // What was given back as store credit; what payments give back is told by them.
  together(orderEvents.refund_requested, 'orders.recount_credited', note),
  together(orderEvents.refund_settled, 'orders.recount_settled', note),
  together(paymentEvents.refunded, 'orders.recount_refunded', note),
  together(paymentEvents.refund_failed, 'orders.recount_bounced', note),
]
