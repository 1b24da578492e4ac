import type { Id } from '#kit/ids'
import { type Allocation, type Part, shortagesOf, type Want } from '../allocation.ts'
import { WHY, type Why } from '../why.ts'
import { keyOf, type Routing, type RuleRow } from './known-rules.ts'
import type { Destination } from './router.ts'

/** Up to so many locations every set of them is looked at; beyond, those that stand first. */
const EXACT_MAX = 10

type Place = {
  id: Id<'location'>
  /** What each rule thinks of it, in their order: lower is better. */
  ranks: readonly number[]
  priority: number
}
type Rules = Routing & { destination: Destination | null }

/**
 * Divides demands over shelves by rules. Every set of locations that can give all there is gets a
 * cost from each rule in turn (units times how far the rule would rather not; for fewest splits,
 * the number of locations), and the set of the lowest costs is taken, the first rule counting
 * most. Two that cost the same differ by number of locations, then by priority. Same input, same
 * output, whatever its order.
 */
export function chooseLocations(wants: readonly Want[], rules: Rules): Allocation {
  const places = placesOf(wants, rules)
  const best = places.length <= EXACT_MAX ? bestOf(wants, places, rules) : undefined
  const taken = best ?? fill(wants, places)
  const byId = new Map(places.map((place) => [place.id, place]))
  const parts = taken.map(({ want, place, quantity }): Part => {
    const { item_id, sku } = want
    const others = want.shelves.flatMap(({ location_id }) => byId.get(location_id) ?? [])
    const why = want.location_id ? WHY.asked : whyOf(place, others, rules)
    return { item_id, sku, location_id: place.id, quantity, why }
  })
  return { parts, shortages: shortagesOf(wants) }
}

/** The locations that have something to give, in the order in which the rules want them. */
function placesOf(wants: readonly Want[], rules: Rules): Place[] {
  const given = new Map<Id<'location'>, { units: number; priority: number }>()
  for (const { shelves, quantity } of wants) {
    for (const { location_id, available, priority } of shelves) {
      const units = (given.get(location_id)?.units ?? 0) + Math.min(available, quantity)
      given.set(location_id, { units, priority })
    }
  }
  const most = Math.max(0, ...[...given.values()].map(({ units }) => units))
  const places = [...given].map(([id, { units, priority }]) => ({
    id,
    priority,
    ranks: rules.rules.map((rule) => rankOf(rule, { id, less: most - units }, rules)),
  }))
  return places.sort(
    (a, b) => compare(a.ranks, b.ranks) || a.priority - b.priority || (a.id < b.id ? -1 : 1),
  )
}

/** How a rule likes a location: 0 is best; the same for all where it has nothing to say. */
function rankOf(
  { kind, country, region, location_id }: RuleRow,
  at: { id: Id<'location'>; less: number },
  { destination, regions }: Rules,
): number {
  const to = { country: keyOf(destination?.country), region: keyOf(destination?.region) }
  if (country !== null && keyOf(country) !== to.country) return 0
  if (region !== null && keyOf(region) !== to.region) return 0
  if (kind === 'preferred_location') return location_id === at.id ? 0 : 1
  if (kind === 'availability') return at.less
  if (kind === 'fewest_splits' || to.country === '') return 0
  const here = regions.get(at.id)
  if (here?.country !== to.country) return 2
  return to.region !== '' && here.region === to.region ? 0 : 1
}

type Taken = { want: Want; place: Place; quantity: number }

/** Fills every demand from the places in their order, as far as they have any. */
function fill(wants: readonly Want[], places: readonly Place[]): Taken[] {
  return wants.flatMap((want) => {
    let left = want.quantity
    return places.flatMap((place) => {
      const shelf = want.shelves.find(({ location_id }) => location_id === place.id)
      const quantity = Math.min(left, shelf?.available ?? 0)
      left -= quantity
      return quantity > 0 ? [{ want, place, quantity }] : []
    })
  })
}

/** The cheapest division of all: every set of places is tried. */
function bestOf(wants: readonly Want[], places: readonly Place[], rules: Rules): Taken[] {
  const needed = wants.reduce(
    (sum, { quantity, available }) => sum + Math.min(quantity, available),
    0,
  )
  let best: { taken: Taken[]; cost: readonly number[] } | undefined
  for (let set = 1; set < 2 ** places.length; set++) {
    const some = places.filter((_, nth) => set & (1 << nth))
    const taken = fill(wants, some)
    if (taken.reduce((sum, { quantity }) => sum + quantity, 0) < needed) continue
    const cost = costOf(taken, places, rules)
    if (!best || compare(cost, best.cost) < 0) best = { taken, cost }
  }
  return best?.taken ?? []
}

function costOf(taken: readonly Taken[], places: readonly Place[], rules: Rules): number[] {
  const used = new Set(taken.map(({ place }) => place.id))
  const sum = (of: (place: Place) => number) =>
    taken.reduce((total, { place, quantity }) => total + quantity * of(place), 0)
  const costs = rules.rules.map(({ kind }, nth) =>
    kind === 'fewest_splits' ? used.size : sum(({ ranks }) => ranks[nth] ?? 0),
  )
  // At last the places that come first, so that no two sets of them cost the same.
  const first = places.map(({ id }) => (used.has(id) ? 0 : 1))
  return [...costs, used.size, sum(({ priority }) => priority), ...first]
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [nth, cost] of a.entries()) {
    const difference = cost - (b[nth] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** The first rule that would rather have this place than another that had the item, too. */
function whyOf(place: Place, all: readonly Place[], { rules }: Rules): Why {
  const others = all.filter(({ id }) => id !== place.id)
  if (others.length === 0) return WHY.only_location
  for (const [nth, { kind }] of rules.entries()) {
    const own = place.ranks[nth] ?? 0
    if (others.some(({ ranks }) => own < (ranks[nth] ?? 0))) return WHY[kind]
  }
  const isFirst = others.every(({ priority }) => place.priority <= priority)
  return isFirst ? WHY.priority : WHY.fewest_splits
}
