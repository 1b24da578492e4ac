import type { Id } from '#kit/ids'
import { type LineRow, newCart, type StoredCart } from '#modules/carts'
import { type Sellable, sellableVariants, unitPriceOf } from '#modules/catalogue'
import { NO_RECIPIENT } from '#modules/credit'
import type { Context } from '#platform/context'
import { agenticErrors } from './errors.ts'
import type { SessionLine } from './parts.ts'
import type { Item } from './schemas.ts'

/** What a session wants: so many units of a variant, under the name that its agent uses. */
export type WantedLine = Pick<SessionLine, 'id' | 'item_id' | 'variant_id' | 'quantity'>
export type Catalogue = ReadonlyMap<string, Sellable>

type Asked = { items: readonly Item[]; currency: string; before?: readonly WantedLine[] }

/**
 * The lines that items come to: an article named twice is one line, and one that was there before
 * keeps its line's id. Throws `unknown_item`, and `currency_not_sold` for what has no price.
 */
export async function linesOf(
  ctx: Context,
  { items, currency, before = [] }: Asked,
): Promise<{ lines: WantedLine[]; catalogue: Catalogue }> {
  const known = await sellableVariants(ctx, {
    refs: [...new Set(items.map(({ id }) => id))],
    currency,
  })
  const ids = new Map(before.map(({ variant_id, id }) => [variant_id, id]))
  const lines = new Map<string, WantedLine>()
  for (const [nth, item] of items.entries()) {
    const field = `$.line_items[${nth}].id`
    const sellable = known.get(item.id)
    if (!sellable?.sellable) throw agenticErrors.unknown_item({ field, item: item.id })
    const { variant_id } = sellable
    const quantity = (lines.get(variant_id)?.quantity ?? 0) + item.quantity
    if (!unitPriceOf(sellable, quantity, ctx.now)) {
      throw agenticErrors.currency_not_sold({ field: '$.currency', item: item.id, currency })
    }
    const id = lines.get(variant_id)?.id ?? ids.get(variant_id) ?? ctx.newId('cart_line')
    lines.set(variant_id, { id, item_id: item.id, variant_id, quantity })
  }
  const catalogue = new Map([...known.values()].map((one) => [one.variant_id as string, one]))
  return { lines: [...lines.values()], catalogue }
}

/** The cart that carts price: it is nowhere stored, because the session has all that is in it. */
export function cartOf(
  ctx: Context,
  { lines, currency }: { lines: readonly WantedLine[]; currency: string },
): StoredCart {
  const cart = newCart(ctx, { customer_id: null, session_hash: '', currency })
  return { cart, lines: lines.map((line) => lineRow(ctx, cart.id, line)), coupons: [] }
}

const lineRow = (ctx: Context, cart_id: Id<'cart'>, line: WantedLine): LineRow => ({
  id: line.id as Id<'cart_line'>,
  cart_id,
  variant_id: line.variant_id as Id<'variant'>,
  quantity: line.quantity,
  unit_amount_seen: 0,
  lowered_from: null,
  metadata: null,
  ...NO_RECIPIENT,
  added_at: ctx.now,
  updated_at: ctx.now,
})
