import { catalogueListings } from './listings.ts'
import { LOCATIONS } from './locations.ts'
import { pricesOf } from './prices.ts'
import { type Random, randomStream } from './random.ts'
import type { DemoProduct, DemoVariant } from './types.ts'

/** Each round through the catalogue is a collection; when the names run out, they get a number. */
const COLLECTIONS = (
  'Skerry Holm Fathom Alder Brae Cove Dunlin Eider Firth Gannet Heath Islay Juniper Kelda Larch ' +
  'Merlin Ness Osprey Petrel Quarry Rowan Sorrel Thrift Ullin Voe Wharf Yarrow Zephyr Anvil ' +
  'Bracken Calder Drift Elm Fern Gorse Hazel'
).split(' ')

/**
 * Yields any number of plausible physical products for load tests, three variants each on average
 * and stock at every location. SKUs are unique; nothing is kept, so a million costs no memory.
 * The first n of a longer run are the same as a run of n.
 */
export function* catalogueOf(count: number, seed = 1): Generator<DemoProduct, void, undefined> {
  const random = randomStream(seed, 'catalogue-of')
  const patterns = random.shuffle(
    catalogueListings(seed)
      .map(({ product }) => product)
      .filter(({ status, is_digital }) => status === 'active' && !is_digital),
  )
  for (let number = 0; number < count; number++) {
    const pattern = patterns[number % patterns.length] as DemoProduct
    const edition = Math.floor(number / patterns.length)
    yield variation(pattern, { number, collection: collectionName(edition), random })
  }
}

function variation(
  pattern: DemoProduct,
  { number, collection, random }: { number: number; collection: string; random: Random },
): DemoProduct {
  const suffix = String(number + 1).padStart(7, '0')
  const factor = 0.75 + random.next() / 2
  // Categories, tax classes and attributes are the demo shop's own.
  const { category: _, ...plain } = pattern
  return {
    ...plain,
    tax_class: 'standard',
    attributes: {},
    sku: `${pattern.sku}-${suffix}`,
    name: `${collection} ${pattern.name}`,
    description: `${pattern.description} Part of the ${collection} collection.`,
    variants: pattern.variants.map((variant) => variantOf(variant, { suffix, factor, random })),
  }
}

function variantOf(
  { compare_at, ...variant }: DemoVariant,
  { suffix, factor, random }: { suffix: string; factor: number; random: Random },
): DemoVariant {
  const stock: Record<string, number> = {}
  for (const { code } of LOCATIONS) stock[code] = random.integer(20, 500)
  return {
    ...variant,
    sku: `${variant.sku}-${suffix}`,
    prices: pricesOf(variant.prices.USD * factor),
    cost_amount: Math.round(variant.cost_amount * factor),
    stock,
  }
}

/** `Skerry` to `Hazel`, then `Skerry No. 2` and so on. */
function collectionName(edition: number): string {
  const name = COLLECTIONS[edition % COLLECTIONS.length] as string
  const round = Math.floor(edition / COLLECTIONS.length) + 1
  return round === 1 ? name : `${name} No. ${round}`
}
