import type { OrderRow } from '../find.ts'
import { owedFor } from '../payment-status.ts'
import { type Difference, differing } from './difference.ts'
import type { OrderState } from './effects.ts'

/** How an order stands at a moment, in what a change depends on; nothing of a person. */
export function momentOf(order: OrderRow, { lines }: Pick<OrderState, 'lines'>) {
  return {
    version: order.version,
    status: order.status,
    payment_status: order.payment_status,
    fulfillment_status: order.fulfillment_status,
    total_amount: order.total_amount,
    owed_amount: owedFor(order),
    units: Object.fromEntries(
      lines.map(({ id, quantity, cancelled_quantity, fulfilled_quantity }) => [
        id,
        { quantity, cancelled_quantity, fulfilled_quantity },
      ]),
    ),
  }
}

/** What moved since a moment. */
export const movedSince = (base: object, order: OrderRow, state: OrderState): Difference =>
  differing(base, momentOf(order, state))
