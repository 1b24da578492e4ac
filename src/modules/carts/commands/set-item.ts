import { unitPriceOf } from '#modules/catalogue'
import { recipientColumns, requireGiftCard } from '#modules/credit'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { cartErrors } from '../errors.ts'
import { cartEvents } from '../events.ts'
import type { StoredCart } from '../find.ts'
import { requireStock } from '../items.ts'
import { dropLine, setLine } from '../lines.ts'
import { openCart } from '../open-cart.ts'
import { catalogueOf, pricedCart } from '../pricing.ts'
import { lineKey } from '../recipients.ts'
import { saveCart } from '../save.ts'
import type { Cart, RemoveItem, SetItem } from '../schemas.ts'
import type { LineRow } from '../tables.ts'
import { cartOf } from '../wire.ts'

/** Sets a line's quantity and, of a gift card, whom it is for; 0 takes it out. */
export async function setItem(ctx: Context, input: SetItem): Promise<Cart> {
  const before = await openCart(ctx, input)
  const line = lineIn(before, input.item_id)
  if (input.quantity === 0) return takeOut(ctx, before, line)
  const { lines, cart } = before
  const catalogue = await catalogueOf(ctx, lines, cart.currency)
  const sellable = catalogue.get(line.variant_id)
  const { gift_card_recipient: recipient } = input
  requireGiftCard(recipient, sellable, 'gift_card_recipient')
  const price = sellable && unitPriceOf(sellable, input.quantity, ctx.now)
  const changed: LineRow = {
    ...line,
    quantity: input.quantity,
    unit_amount_seen: price?.unit_amount ?? line.unit_amount_seen,
    lowered_from: null,
    ...(recipient !== undefined && recipientColumns(recipient)),
    updated_at: ctx.now,
  }
  requireOnlyOne(lines, changed)
  const after = { ...before, lines: lines.map((one) => (one === line ? changed : one)) }
  const told = await pricedCart(ctx, after, { catalogue })
  requireStock(before, told)
  const { id: item_id, variant_id, quantity: old_quantity } = line
  const fact = { cart_id: cart.id, item_id, variant_id, old_quantity, quantity: input.quantity }
  emit(ctx, cartEvents.item_updated(fact))
  const writes = { line: { write: setLine.bind(ctx, changed), rows: 1 } }
  const stored = await saveCart(ctx, { before, after, told, writes })
  return cartOf({ ctx, stored, told })
}

/** Refuses a recipient who has another line of this gift card: both would be the same. */
function requireOnlyOne(lines: readonly LineRow[], changed: LineRow): void {
  const isSame = (one: LineRow) => one.id !== changed.id && lineKey(one) === lineKey(changed)
  if (!lines.some(isSame)) return
  throw invalidField('gift_card_recipient', 'has another item of this gift card in the cart')
}

/** Takes a line out. */
export async function removeItem(ctx: Context, input: RemoveItem): Promise<undefined> {
  const before = await openCart(ctx, input)
  await takeOut(ctx, before, lineIn(before, input.item_id))
}

function lineIn({ lines }: StoredCart, item_id: string): LineRow {
  const line = lines.find(({ id }) => id === item_id)
  if (!line) throw cartErrors.item_not_found({ item_id })
  return line
}

async function takeOut(ctx: Context, before: StoredCart, line: LineRow): Promise<Cart> {
  const { id: item_id, cart_id, variant_id, quantity: old_quantity } = line
  const after = { ...before, lines: before.lines.filter((one) => one !== line) }
  const told = await pricedCart(ctx, after)
  emit(ctx, cartEvents.item_removed({ cart_id, item_id, variant_id, old_quantity }))
  const writes = { line: { write: dropLine.bind(ctx, { id: item_id, cart_id }), rows: 1 } }
  const stored = await saveCart(ctx, { before, after, told, writes })
  return cartOf({ ctx, stored, told })
}
