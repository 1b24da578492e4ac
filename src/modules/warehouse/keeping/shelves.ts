import type { Id } from '#kit/ids'
import { type Place, placeOf, shelfOf } from './posted.ts'

/** Units at one place, with what decides when they are picked. */
export type Spot = Place & {
  quantity: number
  expires_on: string | null
  blocked_at: string | null
  bin_type: string | null
  pick_sequence: number | null
  bin_code: string | null
}

/** Units taken from a place, or put there. */
export type Units = { bin_id: Id<'bin'> | null; lot_id: Id<'lot'> | null; quantity: number }

/** What a choice may take. */
export type Wanted = {
  quantity: number
  bin_id?: Id<'bin'> | null | undefined
  lot_id?: Id<'lot'> | undefined
  /** Neither blocked nor expired before this day; anything will do where it is undefined. */
  good_on?: string | undefined
}

/** Bins in which units wait for something come after those they are picked from. */
const BIN_ORDER = ['picking', 'storage', 'staging', 'returns', 'receiving']
const rankOf = (type: string | null): number => {
  const rank = type === null ? BIN_ORDER.length : BIN_ORDER.indexOf(type)
  return rank < 0 ? BIN_ORDER.length + 1 : rank
}

const NEVER = '9999-12-31'

/** First expired, first out; of one day, the way of a picker; the rest only makes it certain. */
export const byExpiry = (a: Spot, b: Spot): number =>
  compare(a.expires_on ?? NEVER, b.expires_on ?? NEVER) ||
  compare(a.lot_id ?? '', b.lot_id ?? '') ||
  rankOf(a.bin_type) - rankOf(b.bin_type) ||
  (a.pick_sequence ?? 0) - (b.pick_sequence ?? 0) ||
  compare(a.bin_code ?? '', b.bin_code ?? '') ||
  compare(placeOf(a), placeOf(b))

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const isGood = (
  { blocked_at, expires_on }: Pick<Spot, 'blocked_at' | 'expires_on'>,
  day: string,
): boolean => blocked_at === null && (expires_on === null || expires_on >= day)

/** What lies where while a batch of movements is planned: each step sees those before it. */
export class Shelves {
  readonly #spots = new Map<string, Spot>()
  readonly #shelves: Map<string, Spot[]>
  readonly #changed = new Map<string, { place: Place; delta: number }>()

  constructor(spots: readonly Spot[]) {
    const own = spots.map((spot) => ({ ...spot }))
    for (const spot of own) this.#spots.set(placeOf(spot), spot)
    this.#shelves = Map.groupBy(own, shelfOf)
    for (const shelf of this.#shelves.values()) shelf.sort(byExpiry)
  }

  /** Chooses units without taking them; fewer than wanted if there are no more. */
  choose(shelf: Pick<Place, 'item_id' | 'location_id' | 'state'>, wanted: Wanted): Units[] {
    const { bin_id, lot_id, good_on } = wanted
    const chosen: Units[] = []
    let left = wanted.quantity
    for (const spot of this.#shelves.get(shelfOf(shelf)) ?? []) {
      if (left === 0) break
      if (bin_id !== undefined && spot.bin_id !== bin_id) continue
      if (lot_id !== undefined && spot.lot_id !== lot_id) continue
      if (good_on !== undefined && !isGood(spot, good_on)) continue
      const quantity = Math.min(left, spot.quantity)
      if (quantity === 0) continue
      chosen.push({ bin_id: spot.bin_id, lot_id: spot.lot_id, quantity })
      left -= quantity
    }
    return chosen
  }

  /** Changes what lies at a place by `delta` units. */
  change(place: Place, delta: number): void {
    const key = placeOf(place)
    const spot = this.#spots.get(key)
    if (spot) spot.quantity += delta
    else this.#open({ ...place, quantity: delta })
    const known = this.#changed.get(key)
    if (known) known.delta += delta
    else this.#changed.set(key, { place, delta })
  }

  /** What has changed in all, one entry a place. */
  changes(): { place: Place; delta: number }[] {
    return [...this.#changed.values()].filter(({ delta }) => delta !== 0)
  }

  // Of a place that a batch opens nothing is known but its units; nobody picks there before all
  // others.
  #open(units: Place & { quantity: number }): void {
    const nothing = { expires_on: null, blocked_at: null, bin_type: null }
    const spot = { ...units, ...nothing, pick_sequence: null, bin_code: null }
    this.#spots.set(placeOf(spot), spot)
    const shelf = this.#shelves.get(shelfOf(spot))
    if (shelf) shelf.push(spot)
    else this.#shelves.set(shelfOf(spot), [spot])
  }
}
