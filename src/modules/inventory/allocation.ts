import type { Id } from '#kit/ids'
import { availableUnits, type LevelCounts } from './available.ts'
import { WHY, type Why } from './why.ts'

/** Units of an item that someone wants, from one location if it is named. */
export type Demand = { item_id: Id<'item'>; quantity: number; location_id?: Id<'location'> }
/** An item with one of its shelves; `location_id` is null for an item without any. */
export type Level = { [K in keyof LevelCounts]: number | null } & {
  item_id: Id<'item'>
  sku: string
  location_id: Id<'location'> | null
  priority: number | null
}
/** Units of one shelf, and why that one. */
export type Part = {
  item_id: Id<'item'>
  sku: string
  location_id: Id<'location'>
  quantity: number
  why: Why
}
export type Shortage = { item_id: Id<'item'>; sku: string; requested: number; available: number }
export type Allocation = { parts: Part[]; shortages: Shortage[] }
/** What one location can give of an item. */
export type Shelf = { location_id: Id<'location'>; available: number; priority: number }
/** A demand with the shelves that may serve it, first come first. */
export type Want = Demand & { sku: string; available: number; shelves: readonly Shelf[] }

/** Every demand (one entry an item) with the shelves it may be served from, by priority. */
export function wantsOf(wanted: ReadonlyMap<Id<'item'>, Demand>, levels: readonly Level[]): Want[] {
  const byItem = Map.groupBy(levels, (level) => level.item_id)
  return [...wanted.values()].map((demand) => {
    const { item_id, location_id } = demand
    const own = byItem.get(item_id) ?? []
    const shelves = shelvesOf(own).filter((s) => !location_id || s.location_id === location_id)
    const available = shelves.reduce((sum, shelf) => sum + shelf.available, 0)
    return { ...demand, sku: own[0]?.sku ?? item_id, available, shelves }
  })
}

/**
 * Divides demands over shelves without any rules. An item goes to the location of lowest priority
 * number that can give all of it; where none can, to as few as possible: the fullest shelves first.
 * What is short gets all there is. Same input, same output.
 */
export function planParts(wants: readonly Want[]): Allocation {
  return {
    parts: wants.flatMap(({ item_id, sku, quantity, location_id, shelves }) =>
      take(shelves, quantity).map((taken) => {
        return { item_id, sku, ...taken, why: location_id ? WHY.asked : taken.why }
      }),
    ),
    shortages: shortagesOf(wants),
  }
}

/** What cannot be had, item by item. */
export const shortagesOf = (wants: readonly Want[]): Shortage[] =>
  wants.flatMap(({ item_id, sku, quantity: requested, available }) =>
    available < requested ? [{ item_id, sku, requested, available }] : [],
  )

function shelvesOf(levels: readonly Level[]): Shelf[] {
  return levels
    .flatMap(({ location_id, on_hand, reserved, safety_stock, priority }) => {
      if (location_id === null) return []
      const counts = { on_hand: on_hand ?? 0, reserved: reserved ?? 0 }
      const available = availableUnits({ ...counts, safety_stock: safety_stock ?? 0 })
      return [{ location_id, available, priority: priority ?? 0 }]
    })
    .filter((shelf) => shelf.available > 0)
    .sort((a, b) => a.priority - b.priority || (a.location_id < b.location_id ? -1 : 1))
}

type Taken = { location_id: Id<'location'>; quantity: number; why: Why }

function take(shelves: readonly Shelf[], quantity: number): Taken[] {
  const nth = shelves.findIndex((shelf) => shelf.available >= quantity)
  const whole = shelves[nth]
  if (whole) {
    const why =
      shelves.length === 1 ? WHY.only_location : nth === 0 ? WHY.priority : WHY.fewest_splits
    return [{ location_id: whole.location_id, quantity, why }]
  }
  const parts: Taken[] = []
  let left = quantity
  for (const { location_id, available } of shelves.toSorted((a, b) => b.available - a.available)) {
    if (left === 0) break
    const taken = Math.min(left, available)
    const why = shelves.length === 1 ? WHY.only_location : WHY.fewest_splits
    parts.push({ location_id, quantity: taken, why })
    left -= taken
  }
  return parts
}
