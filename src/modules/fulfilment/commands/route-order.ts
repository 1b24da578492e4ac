import { lockOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { listOfOrder } from '../queries.ts'
import type { OfOrder, OrdersWork } from '../schemas.ts'
import { ensureFulfilmentOrders } from '../work/ensure.ts'

/** Makes work for all of an order that has none, where its units are held. Harmless if it has. */
export async function routeOrder(ctx: Context, { id }: OfOrder): Promise<OrdersWork> {
  const order = await lockOrder(ctx, id)
  await ensureFulfilmentOrders(ctx, order)
  return listOfOrder(ctx, { id: order.id })
}
