import { orderEvents } from '#modules/orders'
import { laterUnderLock } from '#platform/reactions'
import { countOrder, forgetOrder } from './recommendations/count-orders.ts'

// Each is a step of its order's own history, so that what is taken back was counted before.
export const reactions = [
  laterUnderLock(orderEvents.created, 'agents.count_order', (ctx, { order_id }) =>
    countOrder(ctx, order_id),
  ),
  laterUnderLock(orderEvents.cancelled, 'agents.forget_cancelled', (ctx, { order_id }) =>
    forgetOrder(ctx, order_id),
  ),
  laterUnderLock(orderEvents.deleted, 'agents.forget_deleted', (ctx, { order_id }) =>
    forgetOrder(ctx, order_id),
  ),
]
