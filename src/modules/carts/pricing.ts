import type { Id } from '#kit/ids'
import { AMOUNT_MAX } from '#kit/money'
import { type Sellable, sellableVariants, type UnitPrice, unitPriceOf } from '#modules/catalogue'
import { orderableOf } from '#modules/inventory'
import {
  type Priced,
  type PricedLine,
  priced,
  pricingErrors,
  type RefusedDiscount,
} from '#modules/pricing'
import { discountsFor, type RefusedCode } from '#modules/promotions'
import { type ShippingQuote, shippingQuotes } from '#modules/shipping'
import type { Context } from '#platform/context'
import { type ChannelProfile, channelProfile } from './channels.ts'
import { type Choices, choicesOf, methodAmong, placeOf } from './choices.ts'
import { dueTaxes } from './due-taxes.ts'
import type { StoredCart } from './find.ts'
import type { CartRow, LineRow } from './tables.ts'

/** What the catalogue knows of the variants in a cart, by variant id. */
export type Catalogue = ReadonlyMap<string, Sellable>

/** A line with all that is known of it now. */
export type PricedCartLine = {
  line: LineRow
  /** Undefined if the catalogue does not know the variant any more. */
  sellable: Sellable | undefined
  /** Null if it is not for sale now, or has no price in the cart's currency. */
  price: UnitPrice | null
  /** Its money; null if it has no price. Such lines count for nothing. */
  money: PricedLine | null
  /** Units that can be ordered now; null where stock is not tracked, or nobody asked. */
  available: number | null
}

/** A cart with all its money and everything that was asked to tell it. */
export type PricedCart = {
  lines: readonly PricedCartLine[]
  priced: Priced
  /** What the parcel could be sent by, cheapest first; empty if nothing is to be sent. */
  quotes: readonly ShippingQuote[]
  /** The method in `priced`; null if nothing is to be sent, or nobody goes there. */
  shipping: ShippingQuote | null
  /** Whether `shipping` is the one that was chosen, and not the cheapest in its place. */
  chosen: boolean
  /** The address or the method is not known yet: tax and shipping are a guess. */
  estimated: boolean
  needs_shipping: boolean
  /** Codes that bring nothing, and why. */
  refused: readonly (RefusedCode | RefusedDiscount)[]
}

/** What the catalogue knows of these lines, by one read. */
export async function catalogueOf(
  ctx: Context,
  lines: readonly Pick<LineRow, 'variant_id'>[],
  currency: string,
): Promise<Catalogue> {
  if (lines.length === 0) return new Map()
  return sellableVariants(ctx, { refs: lines.map(({ variant_id }) => variant_id), currency })
}

type Asked = { catalogue?: Catalogue; availability?: false; guess?: false }

/**
 * What a cart comes to now: prices, discounts, taxes and shipping, by a number of statements that
 * does not depend on its lines. `choices` stand in for what the cart says itself; `catalogue` is
 * given where it was read already, `availability` is false where nobody asks what is left, and
 * `guess` where shipping shall count for nothing until it is known where it goes. Throws
 * `pricingErrors.too_large`.
 */
export async function pricedCart(
  ctx: Context,
  stored: StoredCart,
  choices: Partial<Choices> & Asked = {},
): Promise<PricedCart> {
  const { cart, lines } = stored
  const wanted = choicesOf(stored, choices)
  const catalogue = choices.catalogue ?? (await catalogueOf(ctx, lines, cart.currency))
  const told = lines.map((line) => toldLine(ctx, line, catalogue.get(line.variant_id)))
  const sold = told.filter(isSold)
  const subtotal_amount = subtotalOf(sold)
  const profile = channelProfile(ctx.settings, cart.channel)
  const isSent = profile?.shippingIn !== null
  const sent = sold.filter(({ sellable }) => isSent && sellable.requires_shipping)
  const place = placeOf(wanted.destination)
  const going = choices.guess === false && !place ? [] : sent
  const parcel = { place, subtotal_amount, sent: going, wanted: wanted.shipping }
  const choosing = profile ? flat(profile, cart, parcel) : choose(ctx, cart, parcel)
  const [available, { quotes, method, shipping }, offers, rates] = await Promise.all([
    choices.availability === false ? undefined : orderableOf(ctx, itemsOf(told)),
    choosing,
    profile?.promotions === false ? NO_OFFERS : offersFor(ctx, cart, { codes: wanted.codes, sold }),
    profile
      ? flatTaxes(profile)
      : dueTaxes(ctx, { place, sold, shipping: choosing.then((chosen) => chosen.shipping) }),
  ])
  const { prices_include_tax, tax_rounding } = ctx.settings
  const money = priced({
    lines: sold.map(({ line, sellable, price }) => ({
      key: line.id,
      quantity: line.quantity,
      unit_amount: price.unit_amount,
      taxes: rates.ofLine(sellable),
    })),
    shipping: shipping && { amount: shipping.amount, taxes: rates.ofShipping },
    discounts: offers.discounts,
    prices_include_tax,
    tax_rounding,
  })
  const byKey = new Map(money.lines.map((line) => [line.key, line]))
  const isChosen = sent.length === 0 || method !== undefined
  return {
    lines: told.map(({ line, sellable, price }) => ({
      line,
      sellable,
      price,
      money: byKey.get(line.id) ?? null,
      available:
        available && sellable?.item_id ? Math.max(0, available.get(sellable.item_id) ?? 0) : null,
    })),
    priced: money,
    quotes,
    shipping,
    chosen: isChosen,
    estimated: lines.length > 0 && !profile && (place === null || !isChosen),
    needs_shipping: sent.length > 0,
    refused: [...offers.refused, ...money.refused],
  }
}

type ToldLine = { line: LineRow; sellable: Sellable | undefined; price: UnitPrice | null }
type SoldLine = { line: LineRow; sellable: Sellable; price: UnitPrice }

function toldLine(ctx: Context, line: LineRow, sellable: Sellable | undefined): ToldLine {
  const price = sellable?.sellable ? unitPriceOf(sellable, line.quantity, ctx.now) : undefined
  return { line, sellable, price: price ?? null }
}

const isSold = (told: ToldLine): told is SoldLine =>
  told.sellable !== undefined && told.price !== null

const itemsOf = (lines: readonly ToldLine[]): Id<'item'>[] =>
  lines.flatMap(({ sellable }) => (sellable?.item_id ? [sellable.item_id] : []))

function subtotalOf(lines: readonly SoldLine[]): number {
  let sum = 0
  for (const { line, price } of lines) sum += line.quantity * price.unit_amount
  if (sum > AMOUNT_MAX) throw pricingErrors.too_large()
  return sum
}

type Parcel = {
  place: ReturnType<typeof placeOf>
  subtotal_amount: number
  sent: readonly SoldLine[]
}

/** What the parcel could go by, and what it goes by: the method wanted, else the cheapest. */
async function choose(ctx: Context, cart: CartRow, parcel: Parcel & { wanted: string | null }) {
  const quotes = parcel.sent.length === 0 ? [] : await quotesFor(ctx, cart, parcel)
  const method = methodAmong(quotes, parcel.wanted)
  return { quotes, method, shipping: method ?? quotes[0] ?? null }
}

/** The taxes of a storefront that has the same everywhere. */
const flatTaxes = ({ taxes, shippingTaxes }: ChannelProfile) => ({
  ofLine: ({ is_gift_card }: Sellable) => (is_gift_card ? [] : taxes),
  ofShipping: shippingTaxes,
})

/** What a storefront with one price for every parcel has; it need not be chosen. */
async function flat(
  { shippingIn }: ChannelProfile,
  { currency }: CartRow,
  { sent, wanted }: Pick<Parcel, 'sent'> & { wanted: string | null },
) {
  const quotes = sent.length === 0 || !shippingIn ? [] : [shippingIn(currency)]
  const method = wanted === null ? quotes[0] : methodAmong(quotes, wanted)
  return { quotes, method, shipping: quotes[0] ?? null }
}

function quotesFor(ctx: Context, { currency }: CartRow, { place, subtotal_amount, sent }: Parcel) {
  const weight_grams = sent.reduce(
    (sum, { line, sellable }) => sum + line.quantity * (sellable.weight_grams ?? 0),
    0,
  )
  const to = {
    country: place?.country ?? null,
    region: place?.region ?? null,
    postal_code: place?.postal_code ?? null,
  }
  return shippingQuotes(ctx, { ...to, currency, subtotal_amount, weight_grams })
}

const NO_OFFERS = { discounts: [], refused: [] }

type Sold = { codes: readonly string[]; sold: readonly SoldLine[] }

async function offersFor(ctx: Context, cart: CartRow, { codes, sold }: Sold) {
  if (sold.length === 0 && codes.length === 0) return NO_OFFERS
  const { currency, customer_id } = cart
  // Their categories are not told: they are asked for only where a discount is for some of them.
  const lines = sold.map(({ line, sellable: { product_id, variant_id } }) => ({
    key: line.id,
    product_id,
    variant_id,
  }))
  const offers = await discountsFor(ctx, { codes, currency, customer_id, lines })
  const cards = new Set(sold.filter(isGiftCard).map(({ line }) => line.id as string))
  return cards.size === 0
    ? offers
    : { ...offers, discounts: offers.discounts.map(sparing(cards, lines)) }
}

const isGiftCard = ({ sellable }: SoldLine): boolean => sellable.is_gift_card

/** Gift cards are money, and money has no discount: else who has a coupon could print it. */
const sparing =
  (cards: ReadonlySet<string>, lines: readonly { key: string }[]) =>
  <D extends { line_keys: readonly string[] | null }>(discount: D): D => {
    const keys = discount.line_keys ?? lines.map(({ key }) => key)
    return { ...discount, line_keys: keys.filter((key) => !cards.has(key)) }
  }

/** What a cart comes to, as its row keeps it. */
export const amountsOf = ({ priced }: Pick<PricedCart, 'priced'>) => ({
  subtotal_amount: priced.subtotal_amount,
  discount_amount: priced.discount_amount,
  shipping_amount: priced.shipping_amount,
  tax_amount: priced.tax_amount,
  total_amount: priced.total_amount,
})
