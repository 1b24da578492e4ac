import { findOrder, linesOf } from '#modules/orders'
import type { Context } from '#platform/context'
import { draftErrors } from '../errors.ts'
import type { Draft, DuplicateOrder } from '../schemas.ts'
import { createDraft } from './create-draft.ts'

/**
 * Begins a draft with what an order has: its customer, addresses and units that were not cancelled,
 * at the prices of now. Throws `incomplete` for an order of which nothing is left.
 */
export async function duplicateOrder(ctx: Context, { id }: DuplicateOrder): Promise<Draft> {
  const order = await findOrder(ctx, id)
  const lines = (await linesOf(ctx, [order.id])).get(order.id) ?? []
  const wanted = lines.flatMap(({ variant_id, quantity, cancelled_quantity }) =>
    quantity > cancelled_quantity
      ? [{ product_id: variant_id as string, quantity: quantity - cancelled_quantity }]
      : [],
  )
  if (wanted.length === 0) throw draftErrors.incomplete({ problem: 'nothing is left of the order' })
  const { customer_id, currency, shipping_address, billing_address, email } = order
  const copied = { customer_id, currency, shipping_address, billing_address, email }
  return createDraft(ctx, { ...copied, lines: wanted })
}
