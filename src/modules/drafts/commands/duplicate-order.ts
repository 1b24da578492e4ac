import { formatMoney } from '#kit/money'
import { articlesOf, isCustom } from '#modules/catalogue'
import { findOrder, linesOf } from '#modules/orders'
import type { Context } from '#platform/context'
import { draftErrors } from '../errors.ts'
import type { Draft, DuplicateOrder } from '../schemas.ts'
import { createDraft } from './create-draft.ts'

/**
 * Begins a draft with what an order has: its customer, addresses and units that were not cancelled,
 * at the prices of now; what is in
 * no catalogue at its own. Throws `incomplete` for an order of which nothing is left.
 */
export async function duplicateOrder(ctx: Context, { id }: DuplicateOrder): Promise<Draft> {
  const order = await findOrder(ctx, id)
  const lines = (await linesOf(ctx, [order.id])).get(order.id) ?? []
  const left = lines.filter((line) => line.quantity > line.cancelled_quantity)
  const articles = await articlesOf(
    ctx,
    left.filter(isCustom).map(({ variant_id }) => variant_id),
  )
  const wanted = left.map((line) => {
    const article = articles.get(line.variant_id)
    const quantity = line.quantity - line.cancelled_quantity
    if (!article) return { product_id: line.variant_id as string, quantity }
    const { product_name: title, sku, tax_class, requires_shipping, weight_grams } = article
    const weight = weight_grams !== null && { weight_grams }
    const custom = { title, sku, tax_class, requires_shipping, ...weight }
    return { custom, quantity, unit_price: formatMoney(line.unit_amount, order.currency) }
  })
  if (wanted.length === 0) throw draftErrors.incomplete({ problem: 'nothing is left of the order' })
  const { customer_id, currency, shipping_address, billing_address, email } = order
  const copied = { customer_id, currency, shipping_address, billing_address, email }
  return createDraft(ctx, { ...copied, lines: wanted })
}
