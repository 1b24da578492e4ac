import type { Id } from '#kit/ids'
import { AMOUNT_MAX, formatMoney, parseMoney } from '#kit/money'
import { nameOf, type Sellable, unitPriceOf } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { orderErrors } from './errors.ts'
import { FRESH_LINE } from './placing.ts'
import type { CreateOrder } from './schemas.ts'
import type { LineRow } from './wire.ts'

/** What a new line has of which only the price is known, as the defaults of the columns say. */
export const UNTAXED = {
  ...FRESH_LINE,
  discount_amount: 0,
  net_amount: null,
  gross_amount: null,
  tax_class: null,
  image_url: null,
} as const
/** The columns that need not be written for such a line. */
export const LEFT_TO_DEFAULTS = Object.keys(UNTAXED)

type Wanted = CreateOrder['items'][number]

/** The variant, product or SKU that an item of a request names. */
export function refOf({ product_id, sku }: Wanted, index: number): string {
  const ref = product_id ?? sku
  if (ref === undefined) throw invalidField(`items.${index}.product_id`, 'is required')
  return ref
}

/**
 * The lines of a new order at the catalogue's prices of now. A price in the request is a check, not
 * a wish: one that differs is refused. Throws `unknown_product`, `no_price`, `price_changed`.
 */
export function pricedLines(
  ctx: Context,
  order: { id: Id<'order'>; currency: string; items: readonly Wanted[] },
  catalogue: ReadonlyMap<string, Sellable>,
): LineRow[] {
  return order.items.map((wanted, index) => {
    const ref = refOf(wanted, index)
    const found = catalogue.get(ref)
    if (!found?.sellable) throw orderErrors.unknown_product({ index, product_id: ref })
    const unit_amount = priceOf(found, wanted, { index, now: ctx.now, currency: order.currency })
    const total_amount = unit_amount * wanted.quantity
    if (total_amount > AMOUNT_MAX) throw orderErrors.total_too_large()
    return {
      id: ctx.newId('order_line'),
      order_id: order.id,
      position: index + 1,
      product_id: found.product_id,
      variant_id: found.variant_id,
      item_id: found.item_id,
      sku: found.sku,
      name: nameOf(found),
      quantity: wanted.quantity,
      unit_amount,
      total_amount,
      tax_rate: null,
      tax_amount: null,
      ...UNTAXED,
    }
  })
}

type Place = { now: string; index: number; currency: string }

/** What each unit of this line costs now, with the breaks that its quantity reaches. */
function priceOf(found: Sellable, wanted: Wanted, { now, index, currency }: Place): number {
  const { sku } = found
  const unit_amount = unitPriceOf(found, wanted.quantity, now)?.unit_amount
  if (unit_amount === undefined) throw orderErrors.no_price({ index, sku, currency })
  const said = wanted.unit_price ?? wanted.price
  if (
    said !== undefined &&
    parseMoney(said, currency, `items.${index}.unit_price`) !== unit_amount
  ) {
    const unit_price = formatMoney(unit_amount, currency)
    throw orderErrors.price_changed({ index, sku, unit_price, currency })
  }
  return unit_amount
}
