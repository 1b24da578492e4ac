import type { Id } from '#kit/ids'

/** What a line of an order still needs to leave: ordered, less what was cancelled and fulfilled. */
export type OpenLine = {
  order_line_id: Id<'order_line'>
  item_id: Id<'item'> | null
  open: number
}
/** Units promised to the order at a location, and the rule that chose it. */
export type HeldAt = {
  item_id: Id<'item'>
  location_id: Id<'location'>
  quantity: number
  why: string
}
/** Units promised to the order once stock comes in. */
export type Awaited = { item_id: Id<'item'>; quantity: number; why: string }
/** Units of a line in a live fulfilment order; `location_id` is null while it waits for stock. */
export type Work = {
  fulfilment_order_id: Id<'fulfilment_order'>
  nth: number
  order_line_id: Id<'order_line'>
  item_id: Id<'item'> | null
  location_id: Id<'location'> | null
  quantity: number
  picking_quantity: number
  picked_quantity: number
  packed_quantity: number
  shipped_quantity: number
}
export type Facts = {
  lines: readonly OpenLine[]
  held: readonly HeldAt[]
  awaited: readonly Awaited[]
  work: readonly Work[]
  /** Where units go of which no stock is tracked; null where the house has no location. */
  fallback: Id<'location'> | null
}
/** How units of a line in a fulfilment order change. */
export type Shift = Pick<Work, 'fulfilment_order_id' | 'order_line_id'> & {
  withdrawn: number
  shipped: number
}
/** Units of a line that find a place; `location_id` is null where they wait for stock. */
export type Route = {
  order_line_id: Id<'order_line'>
  location_id: Id<'location'> | null
  quantity: number
  why: string
}
export type Refit = { shifts: Shift[]; routes: Route[] }

/**
 * - `ensure`: work is made for all that has none.
 * - `follow`: work that no longer fits is withdrawn, and made anew where its units are held now.
 * - `shipped`: units left without being counted here: what no longer fits has left.
 */
export type Because = 'ensure' | 'follow' | 'shipped'

/**
 * What must change so that work is again within what the lines need and within what is promised
 * where it is done: for every line, work ≤ open units; for every item and location, work ≤ promise.
 * Work that nobody has touched yet goes first, the newest before the others; and nothing moves that
 * need not. Pure and deterministic.
 */
export function refit(facts: Facts, because: Because): Refit {
  const left = facts.work
    .map((work) => ({
      ...work,
      left: work.quantity - work.shipped_quantity,
      shipped: 0,
      withdrawn: 0,
    }))
    .filter(({ left: units }) => units > 0)
  if (because === 'shipped') countShipped(left, facts.lines)
  fitLines(left, facts.lines)
  fitPromises(left, facts)
  const shifts = left
    .filter(({ withdrawn, shipped }) => withdrawn + shipped > 0)
    .map(({ fulfilment_order_id, order_line_id, withdrawn, shipped }) => ({
      fulfilment_order_id,
      order_line_id,
      withdrawn,
      shipped,
    }))
  const wanted = new Map<string, number>()
  for (const { order_line_id, open } of facts.lines) {
    const done = sum(left.filter((work) => work.order_line_id === order_line_id))
    const displaced = shifts
      .filter((shift) => shift.order_line_id === order_line_id)
      .reduce((units, shift) => units + shift.withdrawn, 0)
    wanted.set(order_line_id, because === 'ensure' ? open - done : Math.min(open - done, displaced))
  }
  return { shifts, routes: routed(facts, left, wanted) }
}

type Left = Work & { left: number; shipped: number; withdrawn: number }

const sum = (works: readonly Left[]) => works.reduce((units, work) => units + work.left, 0)

function countShipped(left: Left[], lines: readonly OpenLine[]): void {
  for (const [works, open] of byLine(left, lines)) {
    let over = sum(works) - open
    // What was packed has left rather than what nobody has touched.
    for (const work of works.toSorted((a, b) => touched(b) - touched(a) || a.nth - b.nth)) {
      if (over <= 0 || work.location_id === null) continue
      const units = Math.min(over, work.left)
      work.left -= units
      work.shipped += units
      over -= units
    }
  }
}

function fitLines(left: Left[], lines: readonly OpenLine[]): void {
  for (const [works, open] of byLine(left, lines)) withdraw(works, sum(works) - open)
}

/** Every line that has work, also one that the order has no more, of which nothing is open. */
function byLine(left: readonly Left[], lines: readonly OpenLine[]): [Left[], number][] {
  const open = new Map<string, number>(lines.map((line) => [line.order_line_id, line.open]))
  return [...Map.groupBy(left, (work) => work.order_line_id)].map(([line, works]) => [
    works,
    Math.max(0, open.get(line) ?? 0),
  ])
}

function fitPromises(left: Left[], { held, awaited }: Facts): void {
  const promised = new Map<string, number>()
  const add = (key: string, units: number) => promised.set(key, (promised.get(key) ?? 0) + units)
  for (const { item_id, location_id, quantity } of held)
    add(placeOf(item_id, location_id), quantity)
  for (const { item_id, quantity } of awaited) add(placeOf(item_id, null), quantity)
  const tracked = left.filter(({ item_id }) => item_id !== null)
  for (const [place, works] of Map.groupBy(tracked, placeOfWork)) {
    withdraw(works, sum(works) - (promised.get(place) ?? 0))
  }
}

const placeOf = (item: string | null, location: string | null) => `${item} ${location}`
const placeOfWork = ({ item_id, location_id }: Work) => placeOf(item_id, location_id)

/** Takes units out of work: what waits first, then what nobody has touched, the newest first. */
function withdraw(works: readonly Left[], units: number): void {
  let over = units
  const untouched = (work: Left) =>
    Math.max(0, Math.min(work.left, work.quantity - work.withdrawn - touched(work)))
  const newest = works.toSorted((a, b) => rank(a) - rank(b) || b.nth - a.nth)
  for (const most of [untouched, (work: Left) => work.left]) {
    for (const work of newest) {
      const taken = Math.min(Math.max(0, over), most(work))
      work.left -= taken
      work.withdrawn += taken
      over -= taken
    }
  }
}

const rank = ({ location_id }: Work) => (location_id === null ? 0 : 1)
const touched = ({ picked_quantity, picking_quantity }: Work) => picked_quantity + picking_quantity

/** Divides what wants a place over the promises that no work has yet. */
function routed(facts: Facts, left: readonly Left[], wanted: ReadonlyMap<string, number>): Route[] {
  const free = facts.held.map((promise) => ({ ...promise }))
  const used = Map.groupBy(left, placeOfWork)
  const over = new Map([...used].map(([place, works]) => [place, sum(works)]))
  for (const promise of free) {
    useUp(promise, placeOf(promise.item_id, promise.location_id), over)
  }
  const awaited = facts.awaited.map((promise) => ({ ...promise }))
  for (const promise of awaited) useUp(promise, placeOf(promise.item_id, null), over)
  const usual = left.find(({ location_id }) => location_id !== null)?.location_id
  return facts.lines.flatMap(({ order_line_id, item_id }) => {
    const units = Math.max(0, wanted.get(order_line_id) ?? 0)
    if (units === 0) return []
    if (item_id === null) {
      const location_id = usual ?? facts.held[0]?.location_id ?? facts.fallback
      if (!location_id) return []
      return [{ order_line_id, location_id, quantity: units, why: 'default' }]
    }
    const own = free.filter((promise) => promise.item_id === item_id && promise.quantity > 0)
    const waits = awaited.filter((promise) => promise.item_id === item_id)
    return take({ order_line_id, units }, own, waits)
  })
}

/** Lowers a promise by the work that it has already. */
function useUp(promise: { quantity: number }, place: string, over: Map<string, number>): void {
  const taken = Math.min(promise.quantity, over.get(place) ?? 0)
  promise.quantity -= taken
  over.set(place, (over.get(place) ?? 0) - taken)
}

type Take = { order_line_id: Id<'order_line'>; units: number }

function take(
  { order_line_id, units }: Take,
  free: { location_id: Id<'location'>; quantity: number; why: string }[],
  waits: { quantity: number; why: string }[],
): Route[] {
  const routes: Route[] = []
  let wanted = units
  // One place for all of the line, if there is one.
  const whole = free.find(({ quantity }) => quantity >= wanted)
  for (const promise of whole ? [whole] : free) {
    const quantity = Math.min(wanted, promise.quantity)
    if (quantity === 0) continue
    promise.quantity -= quantity
    wanted -= quantity
    const { location_id, why } = promise
    routes.push({ order_line_id, location_id, quantity, why })
  }
  for (const promise of waits) {
    const quantity = Math.min(wanted, promise.quantity)
    if (quantity === 0) continue
    promise.quantity -= quantity
    wanted -= quantity
    routes.push({ order_line_id, location_id: null, quantity, why: promise.why })
  }
  return routes
}
