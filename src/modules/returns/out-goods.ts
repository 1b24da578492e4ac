import type { Id } from '#kit/ids'
import { articlesOf, type Sellable, sellableVariants, unitPriceOf } from '#modules/catalogue'
import { type OrderRow, type PlacedLine, placedLine, placeOrder } from '#modules/orders'
import { type Priced, priced, type TaxRate } from '#modules/pricing'
import { ownRateFirst, taxRatesFor } from '#modules/tax'
import type { Context } from '#platform/context'

/** Goods that go out for others: a variant, how many, and the price of one in minor units. */
export type OutLine = { variant_id: Id<'variant'>; quantity: number; unit_amount: number }

/** Goods as the catalogue knows them now, and what they cost where the order goes. */
export type PricedGoods = { lines: PlacedLine[]; money: Priced }

/**
 * Prices goods that go out in the context of the order that others came from: its destination, its
 * way with taxes. `free`: they replace what was wrong, so a discount takes all of it away.
 */
export async function priceGoods(
  ctx: Context,
  order: OrderRow,
  { lines, free }: { lines: readonly OutLine[]; free?: Free },
): Promise<PricedGoods> {
  const { currency } = order
  const refs = [...new Set(lines.map(({ variant_id }) => variant_id))]
  const catalogue = await sellableVariants(ctx, { refs, currency })
  const articles = await articlesOf(
    ctx,
    refs.filter((id) => !catalogue.has(id)),
  )
  const sold = lines.map((line) => {
    const found = catalogue.get(line.variant_id) ?? articles.get(line.variant_id)
    if (!found) throw new Error(`variant ${line.variant_id} is gone`)
    return found
  })
  const taxes = await ratesDue(ctx, order, sold)
  const money = priced({
    lines: lines.map(({ quantity, unit_amount }, nth) => ({
      key: String(nth),
      quantity,
      unit_amount,
      taxes: taxes[nth] ?? [],
    })),
    shipping: null,
    discounts: free ? [{ ...ALL_OFF, ...free }] : [],
    prices_include_tax: includesTax(order),
    tax_rounding: 'line',
  })
  return { lines: sold.map((one, nth) => placedLine(one, String(nth))), money }
}

/** Of an order that was placed without a look at tax, the prices were all that was paid. */
const includesTax = ({ tax_status, prices_include_tax }: OrderRow): boolean =>
  tax_status === 'not_computed' || prices_include_tax

/** Why goods cost nothing, as their order says it. */
export type Free = { id: string; label: string }

const ALL_OFF = {
  code: null,
  priority: 0,
  exclusive: true,
  minimum_amount: 0,
  line_keys: null,
  kind: 'percent' as const,
  rate_ppm: 1_000_000,
}

/** The tax rates of each of these goods where the order goes. */
async function ratesDue(
  ctx: Context,
  order: OrderRow,
  sold: readonly Sellable[],
): Promise<(readonly TaxRate[])[]> {
  const to = order.shipping_address
  const destination = to && { country: to.country, region: to.state, postal_code: to.postal_code }
  const classes = [...new Set(sold.map(({ tax_class }) => tax_class))]
  const rates = await taxRatesFor(ctx, { destination, classes })
  return sold.map(({ tax_class, tax_rate_ppm }) =>
    ownRateFirst(rates.get(tax_class) ?? [], tax_rate_ppm),
  )
}

/** The catalogue's price of so many units now; undefined if it has none in this currency. */
export const priceNow = (ctx: Context, sold: Sellable, quantity: number): number | undefined =>
  unitPriceOf(sold, quantity, ctx.now)?.unit_amount

/**
 * Places goods that go out as an order of the same customer to the same address; its stock is
 * reserved in the same write. Throws `insufficient_stock`.
 */
export const placeGoods = (
  ctx: Context,
  order: OrderRow,
  { goods, notes }: { goods: PricedGoods; notes: string },
): Promise<OrderRow> =>
  placeOrder(ctx, {
    customer_id: order.customer_id,
    currency: order.currency,
    email: order.email,
    shipping_address: order.shipping_address,
    billing_address: order.billing_address,
    payment_method_id: null,
    notes,
    prices_include_tax: includesTax(order),
    cart_id: null,
    lines: goods.lines,
    shipping: null,
    priced: goods.money,
    holder: null,
  })
