import type { Context } from '#platform/context'
import { definePort } from '#platform/ports'
import type { OrderRow } from './find.ts'

/** Why an order must stay as it is, as the end of a sentence that begins with the order. */
export type Tie = { order_id: OrderRow['id']; problem: string }

/**
 * What stands above orders may need an order to stay one, such as an exchange that will pay for
 * it: each of these says of which of the orders that is so, under their locks, in one statement.
 * `src/app.ts` connects them.
 */
export type OrderTies = readonly ((
  ctx: Context,
  orders: readonly OrderRow['id'][],
) => Promise<Tie[]>)[]
export const orderTies = definePort<OrderTies>('order ties')

/** The first reason for which one of these orders can be neither merged nor split. */
export async function tieOf(
  ctx: Context,
  orders: readonly OrderRow['id'][],
): Promise<Tie | undefined> {
  for (const tiesOf of orderTies.of(ctx)) {
    const [tie] = await tiesOf(ctx, orders)
    if (tie) return tie
  }
  return undefined
}
