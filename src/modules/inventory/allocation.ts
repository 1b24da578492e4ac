import type { Id } from '#kit/ids'

/** Units of an item that someone wants, from one location if it is named. */
export type Demand = { item_id: Id<'item'>; quantity: number; location_id?: Id<'location'> }
/** An item with one of its shelves; `location_id` is null for an item without any. */
export type Level = {
  item_id: Id<'item'>
  sku: string
  location_id: Id<'location'> | null
  on_hand: number | null
  reserved: number | null
  priority: number | null
}
/** Units of one shelf. */
export type Part = {
  item_id: Id<'item'>
  sku: string
  location_id: Id<'location'>
  quantity: number
}
export type Shortage = { item_id: Id<'item'>; sku: string; requested: number; available: number }
type Shelf = { location_id: Id<'location'>; available: number; priority: number }

/**
 * Divides a demand (one entry an item) over shelves. An item goes to the location of lowest
 * priority number that can give all of it; where none can, to as few as possible: the fullest
 * shelves first. Same input, same output.
 */
export function planParts(
  wanted: ReadonlyMap<Id<'item'>, Demand>,
  levels: readonly Level[],
): { parts: Part[]; shortages: Shortage[] } {
  const parts: Part[] = []
  const shortages: Shortage[] = []
  const byItem = Map.groupBy(levels, (level) => level.item_id)
  for (const { item_id, quantity, location_id } of wanted.values()) {
    const own = byItem.get(item_id) ?? []
    const sku = own[0]?.sku ?? item_id
    const shelves = shelvesOf(own).filter((s) => !location_id || s.location_id === location_id)
    const available = shelves.reduce((sum, shelf) => sum + shelf.available, 0)
    if (available < quantity) {
      shortages.push({ item_id, sku, requested: quantity, available })
      continue
    }
    for (const taken of take(shelves, quantity)) parts.push({ item_id, sku, ...taken })
  }
  return { parts, shortages }
}

function shelvesOf(levels: readonly Level[]): Shelf[] {
  return levels
    .flatMap(({ location_id, on_hand, reserved, priority }) =>
      location_id === null
        ? []
        : [{ location_id, available: (on_hand ?? 0) - (reserved ?? 0), priority: priority ?? 0 }],
    )
    .filter((shelf) => shelf.available > 0)
    .sort((a, b) => a.priority - b.priority || (a.location_id < b.location_id ? -1 : 1))
}

function take(shelves: readonly Shelf[], quantity: number) {
  const whole = shelves.find((shelf) => shelf.available >= quantity)
  if (whole) return [{ location_id: whole.location_id, quantity }]
  const parts: { location_id: Id<'location'>; quantity: number }[] = []
  let left = quantity
  for (const { location_id, available } of shelves.toSorted((a, b) => b.available - a.available)) {
    if (left === 0) break
    const taken = Math.min(left, available)
    parts.push({ location_id, quantity: taken })
    left -= taken
  }
  return parts
}
