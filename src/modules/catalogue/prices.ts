import type { Id } from '#kit/ids'
import { parseCurrency } from '#kit/money'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { variantEvents } from './events.ts'
import { optionalPriceOf, priceOf } from './facts.ts'
import type { PriceInput } from './inputs.ts'
import { db } from './tables.ts'

/** The price of one unit in a currency, minor units. */
export type NewPrice = { currency: string; amount: number; compare_at_amount: number | null }
type OfVariant = { id: Id<'variant'>; product_id: Id<'product'>; sku: string }

/** Reads prices as sent, one a currency; `field` names the list. */
export function readPrices(prices: readonly PriceInput[], field = 'prices'): NewPrice[] {
  const seen = new Set<string>()
  return prices.map((given, nth) => {
    const currency = parseCurrency(given.currency)
    if (seen.has(currency)) throw invalidField(`${field}.${nth}.currency`, 'is named twice')
    seen.add(currency)
    return readPrice(given, currency, `${field}.${nth}.`)
  })
}

/** Reads one price and the one it is compared with. */
export const readPrice = (
  given: Pick<PriceInput, 'price' | 'compare_at_price'>,
  currency: string,
  at = '',
): NewPrice => ({
  currency,
  amount: priceOf(given.price, currency, `${at}price`),
  compare_at_amount:
    optionalPriceOf(given.compare_at_price, currency, `${at}compare_at_price`) ?? null,
})

/** All prices of one unit of a variant. */
export const pricesOf = (ctx: Context, variant_id: Id<'variant'>) =>
  db(ctx)
    .selectFrom('variant_prices')
    .select(['currency', 'amount', 'compare_at_amount'])
    .where('variant_id', '=', variant_id)
    .where('min_quantity', '=', 1)
    .orderBy('currency')
    .execute()

/** Sets the prices of these currencies and leaves all others. Emits `variant.price_changed`. */
export async function putPrices(
  ctx: Context,
  variant: OfVariant,
  prices: readonly NewPrice[],
): Promise<void> {
  const before = new Map((await pricesOf(ctx, variant.id)).map((price) => [price.currency, price]))
  const rows = prices.map((price) => ({ ...price, variant_id: variant.id, min_quantity: 1 }))
  await db(ctx)
    .insertInto('variant_prices')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['variant_id', 'currency', 'min_quantity']).doUpdateSet((eb) => ({
        amount: eb.ref('excluded.amount'),
        compare_at_amount: eb.ref('excluded.compare_at_amount'),
      })),
    )
    .execute()
  for (const { currency, amount } of prices) {
    tellPrice(ctx, variant, { currency, from: before.get(currency)?.amount ?? null, to: amount })
  }
}

/** Takes every price in other currencies than these away. */
export async function dropOtherPrices(
  ctx: Context,
  variant: OfVariant,
  currencies: readonly string[],
): Promise<void> {
  const dropped = await db(ctx)
    .deleteFrom('variant_prices')
    .where('variant_id', '=', variant.id)
    .where('currency', 'not in', currencies)
    .returning(['currency', 'amount', 'min_quantity'])
    .execute()
  for (const { currency, amount, min_quantity } of dropped) {
    if (min_quantity === 1) tellPrice(ctx, variant, { currency, from: amount, to: null })
  }
}

type Change = { currency: string; from: number | null; to: number | null }

function tellPrice(ctx: Context, { id, product_id, sku }: OfVariant, change: Change): void {
  const { currency, from, to } = change
  if (from === to) return
  const fact = { variant_id: id, product_id, sku, currency, old_amount: from, new_amount: to }
  emit(ctx, variantEvents.price_changed(fact))
}
