import type { Id } from '#kit/ids'
import { AMOUNT_MAX, parseMoney } from '#kit/money'
import { addArticles, articlesOf, dropArticles, isCustom, type Sellable } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { articleOf } from '../custom-input.ts'
import { orderErrors } from '../errors.ts'
import type { Effect, NewLine } from './effects.ts'
import type { Asked } from './resolve.ts'
import type { Action } from './schemas.ts'

type Wanted = Action & { quantity: number }

/**
 * A line of what is in no catalogue, at the price that staff sets. Its article is written down when
 * the action is said, so that applying the set asks nobody, and dropped with the action.
 */
export async function customLine(
  ctx: Context,
  { custom, unit_price, quantity, ...action }: Wanted,
  { order, index }: Asked,
): Promise<{ line: NewLine; sellable: Sellable }> {
  const at = `actions.${index}`
  if (!custom) throw new Error('a line of a catalogue was taken for a custom one')
  if (action.product_id !== undefined || action.sku !== undefined) {
    throw invalidField(`${at}.custom`, 'stands beside no product_id and no sku')
  }
  const price = unit_price ?? action.price
  if (price === undefined) {
    throw invalidField(`${at}.unit_price`, 'is required for what is not in the catalogue')
  }
  const unit_amount = parseMoney(price, order.currency, `${at}.unit_price`)
  if (unit_amount < 0) throw invalidField(`${at}.unit_price`, 'must not be negative')
  if (unit_amount * quantity > AMOUNT_MAX) throw orderErrors.total_too_large()
  const [id] = (await addArticles(ctx, [articleOf(custom)])) as [Id<'variant'>]
  const sellable = (await articlesOf(ctx, [id])).get(id)
  if (!sellable) throw new Error(`the custom article ${id} is gone`)
  const { product_id, variant_id, item_id, sku, product_name: name } = sellable
  const id_of_line = ctx.newId('order_line')
  const named = { id: id_of_line, product_id, variant_id, item_id, sku, name }
  const { tax_class, image_url } = sellable
  return { line: { ...named, tax_class, image_url, quantity, unit_amount }, sellable }
}

/** Forgets the articles that only these steps of a set were to sell. */
export async function dropCustomLines(ctx: Context, effects: readonly Effect[]): Promise<void> {
  const lines = effects.flatMap((effect) => (effect.kind === 'add_line' ? [effect.line] : []))
  await dropArticles(
    ctx,
    lines.filter(isCustom).map(({ variant_id }) => variant_id),
  )
}
