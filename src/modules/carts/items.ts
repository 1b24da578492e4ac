import { moneyErrors, parseMoney } from '#kit/money'
import { type Sellable, sellableVariants, unitPriceOf } from '#modules/catalogue'
import { recipientColumns, requireGiftCard } from '#modules/credit'
import { inventoryErrors } from '#modules/inventory'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { cartErrors } from './errors.ts'
import { cartEvents } from './events.ts'
import type { StoredCart } from './find.ts'
import { LINES_MAX, METADATA_MAX, QUANTITY_MAX } from './limits.ts'
import { addUnits } from './lines.ts'
import type { Catalogue, PricedCart } from './pricing.ts'
import { lineKey } from './recipients.ts'
import type { NewItem } from './schemas.ts'
import type { LineRow, Metadata } from './tables.ts'

/** What a request puts in; `at` begins the names of its members in refusals. */
export type Wanted = { item: NewItem; at: string }

/** A cart with more in it, and the rows that put it there. Nothing is written yet. */
export type Filled = { after: StoredCart; rows: readonly LineRow[]; catalogue: Catalogue }

/**
 * Puts items into a cart in memory: the same variant for the same recipient goes on one line.
 * Throws `unknown_product`, `no_price`, `too_many_lines`, `too_many_units`.
 */
export async function fill(
  ctx: Context,
  stored: StoredCart,
  wanted: readonly Wanted[],
): Promise<Filled> {
  const { cart, lines } = stored
  const refs = wanted.map(refOf)
  const known = await sellableVariants(ctx, {
    refs: [...new Set([...lines.map(({ variant_id }) => variant_id), ...refs])],
    currency: cart.currency,
  })
  const catalogue = new Map<string, Sellable>(
    [...known.values()].map((one) => [one.variant_id, one]),
  )
  const byKey = new Map(lines.map((line) => [lineKey(line), line]))
  const rows = new Map<string, LineRow>()
  for (const [nth, want] of wanted.entries()) {
    const sellable = known.get(refs[nth] as string)
    if (!sellable?.sellable) {
      const field = `${want.at}${namedBy(want.item)}`
      throw cartErrors.unknown_product({ field, product: refs[nth] as string })
    }
    const { gift_card_recipient } = want.item
    requireGiftCard(gift_card_recipient, sellable, `${want.at}gift_card_recipient`)
    const recipient = recipientColumns(gift_card_recipient)
    const { variant_id } = sellable
    const key = lineKey({ variant_id, recipient_email: recipient.recipient_email })
    const line = nextLine(ctx, stored, { want, sellable, recipient, before: byKey.get(key) })
    byKey.set(key, line)
    const added = (rows.get(key)?.quantity ?? 0) + want.item.quantity
    rows.set(key, { ...line, quantity: added })
  }
  if (byKey.size > LINES_MAX) throw cartErrors.too_many_lines({ limit: LINES_MAX })
  return {
    after: { ...stored, lines: [...byKey.values()] },
    rows: [...rows.values()],
    catalogue,
  }
}

type Next = {
  want: Wanted
  sellable: Sellable
  recipient: ReturnType<typeof recipientColumns>
  before: LineRow | undefined
}

/** A line once so many units more are on it. */
function nextLine(ctx: Context, { cart }: StoredCart, next: Next): LineRow {
  const { want, sellable, recipient, before } = next
  const { item, at } = want
  const { variant_id, sku } = sellable
  const quantity = (before?.quantity ?? 0) + item.quantity
  if (quantity > QUANTITY_MAX) throw cartErrors.too_many_units({ sku, limit: QUANTITY_MAX })
  const price = unitPriceOf(sellable, quantity, ctx.now)
  if (!price)
    throw cartErrors.no_price({ field: at || namedBy(item), sku, currency: cart.currency })
  return {
    id: before?.id ?? ctx.newId('cart_line'),
    cart_id: cart.id,
    variant_id,
    quantity,
    unit_amount_seen: seenPrice(want, cart.currency) ?? price.unit_amount,
    lowered_from: null,
    metadata: fitting(item.metadata, `${at}metadata`) ?? before?.metadata ?? null,
    recipient_email: recipient.recipient_email,
    recipient_name: recipient.recipient_name ?? before?.recipient_name ?? null,
    recipient_message: recipient.recipient_message ?? before?.recipient_message ?? null,
    added_at: before?.added_at ?? ctx.now,
    updated_at: ctx.now,
  }
}

const namedBy = ({ variant_id, sku }: NewItem): string =>
  variant_id ? 'variant_id' : sku ? 'sku' : 'product_id'

/** A variant is named more exactly than a product, so it counts where both are. */
function refOf({ item, at }: Wanted): string {
  const ref = item.variant_id ?? item.sku ?? item.product_id
  if (!ref) throw invalidField(`${at}variant_id`, 'is required, or sku or product_id')
  return ref
}

/** The price that the buyer says they were shown. It is compared, never charged. */
function seenPrice({ item, at }: Wanted, currency: string): number | undefined {
  const said = item.price ?? item.unit_price
  if (said === null || said === undefined) return undefined
  const field = `${at}${item.price == null ? 'unit_price' : 'price'}`
  const amount = parseMoney(said, currency, field)
  if (amount < 0) throw moneyErrors.invalid_amount({ field, problem: 'it is negative' })
  return amount
}

/** Refuses metadata that is longer than is kept; undefined where nothing was said. */
export function fitting(
  metadata: Metadata | null | undefined,
  field: string,
): Metadata | null | undefined {
  if (metadata && JSON.stringify(metadata).length > METADATA_MAX) {
    throw invalidField(field, `is longer than ${METADATA_MAX} characters`)
  }
  return metadata
}

/**
 * Refuses more units than are in stock, of the variants that were asked for just now: a line that
 * was there before may stand above it and is told in a notice. While a checkout is open the cart
 * holds what it had, so that only the difference must be there. Throws `insufficient_stock`.
 */
export function requireStock(before: StoredCart, told: PricedCart): void {
  const had = new Map(before.lines.map(({ id, quantity }) => [id, quantity]))
  const shortages = told.lines.flatMap(({ line, sellable, available }) => {
    const old = had.get(line.id) ?? 0
    if (!sellable?.item_id || available === null || line.quantity <= old) return []
    const free = available + (before.cart.converting ? old : 0)
    if (line.quantity <= free) return []
    const { item_id, sku } = sellable
    return [{ item_id, sku, requested: line.quantity, available: free }]
  })
  const [short] = shortages
  if (short) throw inventoryErrors.insufficient_stock({ ...short, shortages })
}

/** The write that puts units in. The row count falls short if a line would hold too many. */
export const linesWrite = (ctx: Context, rows: readonly LineRow[]) => ({
  lines: { write: addUnits.bind(ctx, { rows }), rows: rows.length },
})

/** Tells of everything that was put in. */
export function tellAdded(ctx: Context, { after, rows }: Filled): void {
  const now = new Map(after.lines.map(({ id, quantity }) => [id, quantity]))
  for (const { id: item_id, cart_id, variant_id, quantity: added } of rows) {
    const quantity = now.get(item_id) ?? added
    emit(ctx, cartEvents.item_added({ cart_id, item_id, variant_id, added, quantity }))
  }
}
