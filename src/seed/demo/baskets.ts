import type { Listing } from './listings.ts'
import { type Random, randomStream, weightedPick } from './random.ts'
import { SEASONS } from './seasons.ts'
import type { DemoCurrency, DemoOrderLine, DemoVariant } from './types.ts'

/** Puts together what one order buys; prices are those of the catalogue in that currency. */
export type FillBasket = (
  random: Random,
  order: { placed_ms: number; currency: DemoCurrency },
) => DemoOrderLine[]

type Pickers = {
  listing: (random: Random) => Listing
  /** Another product with the same first tag: who buys coffee looks at kettles. */
  alike: ReadonlyMap<string, (random: Random) => Listing>
}

/** Of the lines after the first, those which stay with the subject of the first. */
const SAME_SUBJECT = 0.4
const LINE_COUNTS = [
  { lines: 1, weight: 45 },
  { lines: 2, weight: 30 },
  { lines: 3, weight: 17 },
  { lines: 4, weight: 8 },
]
const pickLineCount = weightedPick(LINE_COUNTS, ({ weight }) => weight)

/** A few products and a few variants of each sell most, and the season moves the rest. */
export function basketsFrom(listings: readonly Listing[], seed: number): FillBasket {
  const sellable = listings.filter(({ family, product }) => {
    return family.demand > 0 && product.status === 'active'
  })
  const popularity = popularityOf(sellable, seed)
  const months = Array.from({ length: 12 }, (_, month) => pickersOf(sellable, popularity, month))
  const pickVariant = variantPickers(sellable, seed)

  return (random, { placed_ms, currency }) => {
    const pickers = months[new Date(placed_ms).getUTCMonth()] as Pickers
    const first = pickers.listing(random)
    const wanted = pickLineCount(random).lines
    const basket = new Map<string, DemoOrderLine>()
    for (let tries = 0; basket.size < wanted; tries++) {
      const listing = tries === 0 ? first : another(random, { pickers, first })
      const variant = pickVariant(listing, random)
      const quantity = quantityOf(listing, random)
      basket.set(variant.sku, { sku: variant.sku, quantity, unit_amount: variant.prices[currency] })
    }
    return [...basket.values()]
  }
}

/** Zipf's law with a flattened head, over a shuffled catalogue. */
function popularityOf(listings: readonly Listing[], seed: number): Map<Listing, number> {
  const ranked = randomStream(seed, 'popularity').shuffle(listings)
  return new Map(
    ranked.map((listing, rank) => [listing, listing.family.demand / (rank + 6) ** 0.8]),
  )
}

function pickersOf(
  listings: readonly Listing[],
  popularity: ReadonlyMap<Listing, number>,
  month: number,
): Pickers {
  const weightOf = (listing: Listing) =>
    (popularity.get(listing) ?? 0) * (SEASONS[listing.family.season][month] ?? 1)
  const subjects = Map.groupBy(listings, subjectOf)
  return {
    listing: weightedPick(listings, weightOf),
    alike: new Map(
      [...subjects].map(([subject, members]) => [subject, weightedPick(members, weightOf)]),
    ),
  }
}

function variantPickers(listings: readonly Listing[], seed: number) {
  const random = randomStream(seed, 'variants')
  const pickers = new Map(
    listings.map((listing) => {
      const { variants } = listing.product
      return [listing, weightedPick(variants, () => 0.2 + random.next() ** 2 * 2)]
    }),
  )
  return (listing: Listing, random: Random): DemoVariant => {
    const pick = pickers.get(listing)
    if (pick === undefined) throw new Error(`${listing.product.sku} is not for sale`)
    return pick(random)
  }
}

function another(
  random: Random,
  { pickers, first }: { pickers: Pickers; first: Listing },
): Listing {
  const alike = random.chance(SAME_SUBJECT) ? pickers.alike.get(subjectOf(first)) : undefined
  return (alike ?? pickers.listing)(random)
}

function quantityOf({ family }: Listing, random: Random): number {
  if (family.digital || !random.chance(family.consumable ? 0.4 : 0.14)) return 1
  return random.chance(0.7) ? 2 : random.integer(3, family.consumable ? 6 : 4)
}

function subjectOf({ family, product }: Listing): string {
  return family.tags[0] ?? product.sku
}
