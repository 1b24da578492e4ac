import type { Listing } from './listings.ts'
import { roundPrice } from './prices.ts'
import { DEMO_CURRENCIES, type DemoPrices, type DemoSpecial, type DemoVariant } from './types.ts'

const DAY_MS = 86_400_000

type Break = { min_quantity: number; factor: number }
type Tiers = { of: (variant: DemoVariant) => boolean; tiers: readonly Break[] }
const every = () => true

/** What costs less by the dozen, by the code of its family. */
const BREAKS: Readonly<Record<string, Tiers>> = {
  COF: { of: isSmallBag, tiers: steps([4, 0.92], [8, 0.86]) },
  BLD: { of: isSmallBag, tiers: steps([4, 0.92], [8, 0.86]) },
  NTB: { of: every, tiers: steps([5, 0.9], [20, 0.8]) },
}

/** Families on sale, from so many days before now to so many after it. */
const SALES: Readonly<Record<string, { factor: number; from: number; until: number }>> = {
  THR: { factor: 0.8, from: -5, until: 9 },
  LMP: { factor: 0.85, from: 10, until: 24 },
}

/** The prices beside the regular ones, as they stand at `now_ms`. */
export function specialsOf(listings: readonly Listing[], now_ms: number): DemoSpecial[] {
  const instant = (days: number) => new Date(now_ms + days * DAY_MS).toISOString()
  return listings
    .filter(({ product }) => product.status === 'active')
    .flatMap(({ family, product }) => {
      const { of, tiers } = BREAKS[family.code] ?? { of: every, tiers: [] }
      const sale = SALES[family.code]
      return product.variants.flatMap((variant): DemoSpecial[] => {
        const breaks = of(variant) ? tiers.map((tier) => breakOf(variant, tier)) : []
        if (breaks.length === 0 && !sale) return []
        return [
          {
            sku: variant.sku,
            ...(breaks.length > 0 && { breaks }),
            ...(sale && {
              sale: {
                starts_at: instant(sale.from),
                ends_at: instant(sale.until),
                prices: times(variant.prices, sale.factor),
              },
            }),
          },
        ]
      })
    })
}

function isSmallBag({ options }: DemoVariant): boolean {
  return options.Size === '250 g'
}

function steps(...tiers: (readonly [min_quantity: number, factor: number])[]): Break[] {
  return tiers.map(([min_quantity, factor]) => ({ min_quantity, factor }))
}

const breakOf = ({ prices }: DemoVariant, { min_quantity, factor }: Break) => ({
  min_quantity,
  prices: times(prices, factor),
})

/** Rounded as the regular price is, and always below it. */
function times(prices: DemoPrices, factor: number): DemoPrices {
  const lower = DEMO_CURRENCIES.map((currency) => {
    return [currency, Math.min(roundPrice(prices[currency] * factor), prices[currency] - 5)]
  })
  return Object.fromEntries(lower) as DemoPrices
}
