import type { Listing } from './listings.ts'
import { LOCATIONS } from './locations.ts'
import { type Random, randomStream } from './random.ts'
import type { DemoOrder, DemoProduct, DemoVariant } from './types.ts'

const SOLD_OUT = 0.05
const NEARLY_SOLD_OUT = 0.12
/** Of the variants, those which the shop has no shelf for. */
const NOT_IN_SHOP = 0.35

/**
 * The products with the stock that was there before the first order. The first location alone
 * covers every order, cancelled ones included; so no order is ever short of stock, in whatever
 * sequence the orders are placed and from whichever location with enough units they are served.
 */
export function stockedProducts(
  listings: readonly Listing[],
  orders: readonly DemoOrder[],
  seed: number,
): DemoProduct[] {
  const random = randomStream(seed, 'stock')
  const demand = unitsBySku(orders)
  return listings.map(({ product }) => ({
    ...product,
    variants: product.variants.map((variant) => {
      if (!variant.inventory_tracking) return variant
      const [main, ...others] = leftOver(random, product, variant)
      const opening = [(main ?? 0) + (demand.get(variant.sku) ?? 0), ...others]
      const stock = LOCATIONS.map(({ code }, place) => [code, opening[place] ?? 0])
      return { ...variant, stock: Object.fromEntries(stock) }
    }),
  }))
}

/** Units of each SKU in all orders, whatever became of them. */
export function unitsBySku(orders: readonly DemoOrder[]): Map<string, number> {
  const units = new Map<string, number>()
  for (const { sku, quantity } of orders.flatMap(({ lines }) => lines)) {
    units.set(sku, (units.get(sku) ?? 0) + quantity)
  }
  return units
}

/** What is to remain at each location when all orders have got their units. */
function leftOver(random: Random, product: DemoProduct, variant: DemoVariant): number[] {
  const fate = random.next()
  if (product.status === 'draft' || fate < SOLD_OUT) return [0, 0, 0]
  if (product.status === 'archived') return [random.integer(0, 2), 0, 0]
  if (fate < SOLD_OUT + NEARLY_SOLD_OUT) return [random.integer(1, 5), random.integer(0, 2), 0]
  const depth = shelfDepth(variant.prices.USD)
  const inShop = random.chance(NOT_IN_SHOP) ? 0 : random.integer(1, Math.ceil(depth / 4))
  return [random.integer(depth / 2, depth * 2), random.integer(depth / 4, depth), inShop]
}

/** The dearer a thing, the fewer a shop keeps. */
function shelfDepth(usd_amount: number): number {
  if (usd_amount < 2000) return 48
  if (usd_amount < 6000) return 24
  return usd_amount < 15000 ? 12 : 8
}
