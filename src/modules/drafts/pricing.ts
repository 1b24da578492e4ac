import { AMOUNT_MAX } from '#kit/money'
import { dueTaxes } from '#modules/carts'
import { articlesOf, type Sellable, sellableVariants, unitPriceOf } from '#modules/catalogue'
import { placedLine } from '#modules/orders'
import { type Discount, priced, pricingErrors } from '#modules/pricing'
import { quoteFor } from '#modules/shipping'
import { STANDARD } from '#modules/tax'
import type { Context } from '#platform/context'
import type { StoredDraft } from './find.ts'
import type { DraftLineRow, DraftRow, Offer, Reduction } from './tables.ts'

/** What a draft comes to now, and why it cannot be offered yet, if it cannot. */
export type PricedDraft = Offer & {
  problems: string[]
  /** What is to be held for it. */
  demands: { item_id: NonNullable<Sellable['item_id']>; quantity: number }[]
}

type SoldLine = { line: DraftLineRow; sellable: Sellable; unit_amount: number }

/**
 * All money of a draft now, by the pure pricing of carts and orders: the catalogue's prices or
 * those that staff has set, reductions that staff grants, taxes and shipping of where it goes.
 * Promotions are not applied: what the buyer gets off is what staff says. Throws
 * `pricingErrors.too_large`.
 */
export async function pricedDraft(ctx: Context, stored: StoredDraft): Promise<PricedDraft> {
  const { draft } = stored
  const problems: string[] = []
  const sold = await soldLines(ctx, stored, problems)
  const place = placeOf(draft)
  const sent = sold.filter(({ sellable }) => sellable.requires_shipping)
  const needs_shipping = sent.length > 0
  if (needs_shipping && !draft.shipping_address) problems.push('nobody said where it goes')
  const shipping = await shippingOf(ctx, draft, { sold, sent })
  if (shipping === undefined) problems.push(`nothing goes there by ${draft.shipping?.method}`)
  const rates = await dueTaxes(ctx, { place, sold, shipping: Promise.resolve(shipping ?? null) })
  const { prices_include_tax, tax_rounding } = ctx.settings
  const money = priced({
    lines: sold.map(({ line, sellable, unit_amount }) => ({
      key: line.id,
      quantity: line.quantity,
      unit_amount,
      taxes: rates.ofLine(sellable),
    })),
    shipping: shipping ? { amount: shipping.amount, taxes: rates.ofShipping } : null,
    discounts: discountsOf(draft, sold),
    prices_include_tax,
    tax_rounding,
  })
  return {
    lines: sold.map(({ line, sellable }) => placedLine(sellable, line.id)),
    shipping: shipping ? { code: shipping.code, name: shipping.name } : null,
    needs_shipping,
    prices_include_tax,
    priced: money,
    problems,
    demands: sold.flatMap(({ line, sellable }) =>
      sellable.item_id ? [{ item_id: sellable.item_id, quantity: line.quantity }] : [],
    ),
  }
}

/** The lines that can be sold; the others become problems. */
async function soldLines(
  ctx: Context,
  { draft, lines }: StoredDraft,
  problems: string[],
): Promise<SoldLine[]> {
  const { currency } = draft
  const refs = lines.map(({ variant_id }) => variant_id)
  const catalogue = await sellableVariants(ctx, { refs, currency })
  const articles = await articlesOf(
    ctx,
    refs.filter((id) => !catalogue.has(id)),
  )
  let subtotal = 0
  const sold = lines.flatMap((line) => {
    const sellable = catalogue.get(line.variant_id) ?? articles.get(line.variant_id)
    if (!sellable?.sellable) {
      problems.push(`${sellable?.sku ?? line.variant_id} is not for sale any more`)
      return []
    }
    const own = line.unit_amount ?? unitPriceOf(sellable, line.quantity, ctx.now)?.unit_amount
    if (own === undefined) {
      problems.push(`${sellable.sku} has no price in ${currency}`)
      return []
    }
    subtotal += own * line.quantity
    return [{ line, sellable, unit_amount: own }]
  })
  if (subtotal > AMOUNT_MAX) throw pricingErrors.too_large()
  return sold
}

const placeOf = ({ shipping_address: to }: DraftRow) =>
  to && { country: to.country, region: to.state, postal_code: to.postal_code }

type Parcel = { sold: readonly SoldLine[]; sent: readonly SoldLine[] }

/** How it is sent and what that costs; null if it is not, undefined if nothing goes there so. */
async function shippingOf(ctx: Context, draft: DraftRow, { sold, sent }: Parcel) {
  const { shipping, currency } = draft
  if (!shipping || sent.length === 0) return null
  if (shipping.method === null) {
    const { name, amount } = shipping
    return { code: 'custom', name: name ?? 'Shipping', amount: amount ?? 0, tax_class: STANDARD }
  }
  const sum = (of: (one: SoldLine) => number, among: readonly SoldLine[]) =>
    among.reduce((total, one) => total + of(one), 0)
  const place = placeOf(draft)
  const question = {
    country: place?.country ?? null,
    region: place?.region ?? null,
    postal_code: place?.postal_code ?? null,
    currency,
    subtotal_amount: sum(({ line, unit_amount }) => line.quantity * unit_amount, sold),
    weight_grams: sum(({ line, sellable }) => line.quantity * (sellable.weight_grams ?? 0), sent),
  }
  return quoteFor(ctx, question, shipping.method)
}

/**
 * Reductions of lines come before that of the whole. As coupons do, that passes gift cards over:
 * they are money. Who wants to sell one for less says so at its line.
 */
function discountsOf({ discount }: DraftRow, sold: readonly SoldLine[]): Discount[] {
  const ofLines = sold.flatMap(({ line: { id, discount: own } }) =>
    own ? [discountOf(own, { id: `draft-line:${id}`, line_keys: [id], priority: 1 })] : [],
  )
  if (!discount) return ofLines
  const goods = sold.filter(({ sellable }) => !sellable.is_gift_card).map(({ line }) => line.id)
  const line_keys = goods.length === sold.length ? null : goods
  return [...ofLines, discountOf(discount, { id: 'draft', line_keys, priority: 2 })]
}

function discountOf(
  { label, rate_ppm, amount }: Reduction,
  of: Pick<Discount, 'id' | 'line_keys' | 'priority'>,
): Discount {
  const said = { ...of, code: null, label, exclusive: false, minimum_amount: 0 }
  if (rate_ppm !== null) return { ...said, kind: 'percent', rate_ppm }
  return { ...said, kind: 'fixed', amount: amount ?? 0 }
}
