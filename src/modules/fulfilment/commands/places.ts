import type { Id } from '#kit/ids'
import type { AvailableAt } from '#modules/inventory'
import type { Goes } from './relocate.ts'

type Wanted = {
  order_line_id: Id<'order_line'>
  item_id: Id<'item'> | null
  quantity: number
}
type Shelf = { item_id: Id<'item'>; location_id: Id<'location'>; left: number }

/**
 * Divides units over locations other than `except`: all to the first location that has everything,
 * else each line to the first that has all of it, else to the fullest shelves. Lines of which no
 * stock is tracked go with the others. Undefined if it cannot be done. Pure and deterministic.
 */
export function placesFor(
  wanted: readonly Wanted[],
  available: ReadonlyMap<Id<'item'>, readonly AvailableAt[]>,
  except: Id<'location'> | null,
): Goes[] | undefined {
  const shelves: Shelf[] = [...available].flatMap(([item_id, places]) =>
    places
      .filter(({ location_id }) => location_id !== except)
      .map(({ location_id, available_quantity: left }) => ({ item_id, location_id, left })),
  )
  const tracked = wanted.filter(({ item_id }) => item_id !== null)
  const whole = [...new Set(shelves.map(({ location_id }) => location_id))].find((location_id) =>
    isEnough(
      tracked,
      shelves.filter((shelf) => shelf.location_id === location_id),
    ),
  )
  if (whole) return [{ location_id: whole, units: wanted.map(plain) }]
  const goes = new Map<Id<'location'>, Wanted[]>()
  for (const line of tracked) {
    const parts = take(line, shelves)
    if (!parts) return undefined
    for (const { location_id, quantity } of parts) {
      goes.set(location_id, [...(goes.get(location_id) ?? []), { ...line, quantity }])
    }
  }
  const [first] = goes.keys()
  if (!first) return undefined
  const others = wanted.filter(({ item_id }) => item_id === null)
  goes.set(first, [...(goes.get(first) ?? []), ...others])
  return [...goes].map(([location_id, units]) => ({ location_id, units: units.map(plain) }))
}

const plain = ({ order_line_id, quantity }: Wanted) => ({ order_line_id, quantity })

function isEnough(wanted: readonly Wanted[], shelves: readonly Shelf[]): boolean {
  const needed = Map.groupBy(wanted, ({ item_id }) => item_id)
  return [...needed].every(([item_id, lines]) => {
    const units = lines.reduce((sum, { quantity }) => sum + quantity, 0)
    return (shelves.find((shelf) => shelf.item_id === item_id)?.left ?? 0) >= units
  })
}

function take({ item_id, quantity }: Wanted, shelves: Shelf[]) {
  const own = shelves.filter((shelf) => shelf.item_id === item_id && shelf.left > 0)
  const whole = own.find(({ left }) => left >= quantity)
  const parts: { location_id: Id<'location'>; quantity: number }[] = []
  let over = quantity
  for (const shelf of whole ? [whole] : own.toSorted((a, b) => b.left - a.left)) {
    const units = Math.min(over, shelf.left)
    if (units === 0) break
    shelf.left -= units
    over -= units
    parts.push({ location_id: shelf.location_id, quantity: units })
  }
  return over === 0 ? parts : undefined
}
