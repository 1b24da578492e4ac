import { formatMoney, parseMoney } from '#kit/money'
import type { Product, Variant } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { categoriesThere } from '../categories/of-products.ts'
import type { Facts } from '../tables.ts'
import type { WooProduct } from './remote.ts'
import { plainText } from './text.ts'

// What goes both ways, in one spelling for both sides; all else goes out only (`bodies.ts`).

/** Whether the one price that WooCommerce has is the product's: it keeps a single currency. */
const isPriced = (ctx: Pick<Context, 'settings'>, { currency }: { currency: string }) =>
  currency === ctx.settings.default_currency

/** What a product says of itself here. One without choices has the price of its only variant. */
export function factsHere(ctx: Pick<Context, 'settings'>, product: Product): Facts {
  const [only, other] = product.variants
  return {
    name: product.name,
    description: plainText(product.description ?? ''),
    status: product.status === 'active' ? 'publish' : 'draft',
    ...(only && !other && priceHere(ctx, only)),
  }
}

/** The regular price of a variant here: while a sale runs, the one beside it. */
export function priceHere(ctx: Pick<Context, 'settings'>, variant: Variant): Facts {
  if (!isPriced(ctx, variant)) return {}
  return { regular_price: regularPrice(variant) }
}

export const regularPrice = ({ sale, compare_at_price, price }: Variant): string =>
  (sale ? compare_at_price : null) ?? price

/** What a product or variation of WooCommerce says of itself. */
export function factsThere(ctx: Pick<Context, 'settings'>, product: WooProduct): Facts {
  return {
    name: plainText(product.name),
    description: plainText(product.description),
    status: product.status === 'publish' ? 'publish' : 'draft',
    ...(product.categories && { categories: categoriesThere(product.categories) }),
    ...priceThere(ctx, product),
  }
}

/** A price that is none of the shop's currency (or missing) is left out: it cannot be compared. */
export function priceThere(
  { settings }: Pick<Context, 'settings'>,
  { regular_price }: WooProduct,
): Facts {
  if (!/^\d+(\.\d+)?$/.test(regular_price)) return {}
  const currency = settings.default_currency
  try {
    const amount = parseMoney(trimmed(regular_price), currency)
    return { regular_price: formatMoney(amount, currency) }
  } catch {
    return {}
  }
}

/** `19.9900` is `19.99`: WooCommerce keeps prices as they were typed. */
const trimmed = (price: string): string =>
  price.includes('.') ? price.replace(/0+$/, '').replace(/\.$/, '') : price

/** What is kept of both sides, whatever they will say next time. */
export const only = (facts: Facts, names: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => names[name] !== undefined))
