import type { Id } from '#kit/ids'
import { parseCurrency } from '#kit/money'
import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { optionalPriceOf, priceOf } from './facts.ts'
import type { BreakInput, PlainPriceInput, PriceInput, SaleInput } from './inputs.ts'
import type { Break } from './offers.ts'
import type { NewSale } from './sales.ts'
import { db } from './tables.ts'
import { type NewPrice, type OfVariant, writePrices } from './write-prices.ts'

export { type NewPrice, writePrices } from './write-prices.ts'

/** Reads prices without offers as sent, one a currency; `field` names the list. */
export const readPrices = (prices: readonly PlainPriceInput[], field = 'prices'): NewPrice[] =>
  eachCurrency(prices, field, ({ given, currency, at }) => readPrice(given, currency, at))

/** The same with their breaks and sales. */
export const readOffers = (
  { now }: Pick<Context, 'now'>,
  prices: readonly PriceInput[],
): NewPrice[] =>
  eachCurrency(prices, 'prices', ({ given, currency, at }) =>
    readOffered(now, { ...given, currency }, at),
  )

type Nth<P> = { given: P; currency: string; at: string }

function eachCurrency<P extends { currency: string }>(
  prices: readonly P[],
  field: string,
  read: (nth: Nth<P>) => NewPrice,
): NewPrice[] {
  const seen = new Set<string>()
  return prices.map((given, nth) => {
    const currency = parseCurrency(given.currency)
    if (seen.has(currency)) throw invalidField(`${field}.${nth}.currency`, 'is named twice')
    seen.add(currency)
    return read({ given, currency, at: `${field}.${nth}.` })
  })
}

/** Reads one price and the one it is compared with. */
export const readPrice = (
  given: Pick<PlainPriceInput, 'price' | 'compare_at_price'>,
  currency: string,
  at = '',
): NewPrice => ({
  currency,
  amount: priceOf(given.price, currency, `${at}price`),
  compare_at_amount:
    optionalPriceOf(given.compare_at_price, currency, `${at}compare_at_price`) ?? null,
})

/** Reads one price with its breaks and sales; `at` is put before the names of its members. */
export function readOffered(now: string, given: PriceInput, at: string): NewPrice {
  const price = readPrice(given, given.currency, at)
  return {
    ...price,
    breaks: given.breaks && readBreaks(given.breaks, price, `${at}breaks`),
    sales: given.sales && readSales(now, given.sales, { price, field: `${at}sales` }),
  }
}

function readBreaks(given: readonly BreakInput[], price: NewPrice, field: string): Break[] {
  const breaks = given.map(({ min_quantity, price: told }, nth) => {
    const amount = priceOf(told, price.currency, `${field}.${nth}.price`)
    return { min_quantity, amount }
  })
  let last = price.amount
  let from = 1
  for (const [nth, { min_quantity, amount }] of breaks.entries()) {
    const at = `${field}.${nth}`
    if (min_quantity <= from) throw invalidField(`${at}.min_quantity`, 'must rise from one to one')
    if (amount >= last) throw invalidField(`${at}.price`, 'must be lower than for fewer units')
    from = min_quantity
    last = amount
  }
  return breaks
}

type OfSales = { price: NewPrice; field: string }

function readSales(now: string, given: readonly SaleInput[], { price, field }: OfSales): NewSale[] {
  const seen = new Set<string>()
  return given.map((sale, nth) => {
    const at = `${field}.${nth}`
    const amount = priceOf(sale.price, price.currency, `${at}.price`)
    const starts_at = sale.starts_at === undefined ? undefined : toInstant(sale.starts_at)
    const ends_at = toInstant(sale.ends_at)
    const min_quantity = sale.min_quantity ?? 1
    if (amount >= price.amount) throw invalidField(`${at}.price`, 'must be lower than the price')
    if (ends_at <= now) throw invalidField(`${at}.ends_at`, 'must lie in the future')
    if (starts_at !== undefined && starts_at >= ends_at) {
      throw invalidField(`${at}.ends_at`, 'must come after starts_at')
    }
    const key = `${starts_at ?? now} ${min_quantity} ${amount}`
    if (seen.has(key)) throw invalidField(at, 'is named twice')
    seen.add(key)
    return { amount, min_quantity, starts_at, ends_at }
  })
}

/** The regular prices of one unit of a variant. */
export const pricesOf = (ctx: Context, variant_id: Id<'variant'>) =>
  db(ctx)
    .selectFrom('variant_prices')
    .select(['currency', 'amount', 'compare_at_amount'])
    .where('variant_id', '=', variant_id)
    .where('min_quantity', '=', 1)
    .orderBy('currency')
    .execute()

/** Sets the prices of these currencies and leaves all others. See `writePrices`. */
export const putPrices = (
  ctx: Context,
  variant: OfVariant,
  prices: readonly NewPrice[],
): Promise<void> => writePrices(ctx, [{ variant, prices }])
