import type { Id } from '#kit/ids'
import { orderEvents, ordersOfMoney } from '#modules/orders'
import type { Context } from '#platform/context'
import { lockEntities } from '#platform/database/entity-lock'
import { inBatches } from '#platform/event-log/batch-reader'
import { refitWorkOf } from './work/ensure.ts'

/** Makes the work of orders that were placed, or whose goods came in; one that has it keeps it. */
export async function routeOrders(ctx: Context, ids: readonly Id<'order'>[]): Promise<void> {
  await lockEntities(ctx, 'order', ids)
  const orders = [...(await ordersOfMoney(ctx, ids)).values()]
  const wanted = orders.filter(({ deleted_at, status }) => {
    return deleted_at === null && status !== 'cancelled'
  })
  if (wanted.length > 0) await refitWorkOf(ctx, wanted, 'ensure')
}

/** The work of orders that were placed, for a crowd of them at once. */
export const placedOrders = inBatches({
  name: 'fulfilment.route',
  events: [orderEvents.created],
  soon: true,
  take: (ctx, events) =>
    routeOrders(
      ctx,
      events.map(({ entity_id }) => entity_id as Id<'order'>),
    ),
})
