import type { Id } from '#kit/ids'
import { type HeldMove, moveHeld } from '#modules/inventory'
import type { LineUnits } from '#modules/orders'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { fulfilmentErrors } from '../errors.ts'
import { fulfilmentOrderEvents } from '../events.ts'
import type { Bench } from '../find.ts'
import { fulfilmentOrderLifecycle as lifecycle } from '../lifecycle.ts'
import { printNumber } from '../numbers.ts'
import { settled } from '../work/settle.ts'
import { named, storeWork, unitsTold } from '../work/store.ts'
import { type FulfilmentOrder, linesLeft } from '../work/units.ts'
import { besides } from './split-fulfilment-order.ts'
import { allLeft, refuseInHand, takeUnits } from './take-units.ts'

/** Units that go to a location. */
export type Goes = { location_id: Id<'location'>; units: readonly LineUnits[] }

/** Refuses what has no place that it could leave. */
export function requireMovable(one: FulfilmentOrder): void {
  if (['scheduled', 'open', 'in_progress'].includes(one.status)) return
  const open_moves = lifecycle.movesFrom(one.status)
  throw fulfilmentErrors.not_movable({ number: printNumber(one), state: one.status, open_moves })
}

/**
 * Moves work to other locations, and the promise of its units with it. If all of it goes to one
 * place it stays the same fulfilment order; else what goes becomes one of its own for each place.
 * Refuses what a picker has in hand (409), and what the other place has not got (422). Answers what
 * is stored: the fulfilment order itself and the new ones.
 */
export async function relocate(
  ctx: Context,
  bench: Bench,
  goes: readonly Goes[],
): Promise<FulfilmentOrder[]> {
  const { one, order } = bench
  const units = goes.flatMap((place) => place.units)
  refuseInHand(one, units)
  const moves = goes.flatMap(({ location_id, units: own }) => heldMoves(one, location_id, own))
  const after = isWhole(one, goes) ? [atOnce(one, goes[0] as Goes)] : apart(ctx, bench, goes)
  await moveHeld(ctx, { reference_type: 'order', reference_id: order.id }, moves)
  const stored = await storeWork(ctx, [one], after)
  for (const { location_id, units: own } of goes) {
    const there = stored.find((other) => other.location_id === location_id) ?? one
    emit(
      ctx,
      fulfilmentOrderEvents.moved({
        ...named(there),
        from_location_id: one.location_id,
        location_id,
        units: unitsTold(own.map((unit) => ({ ...unit, item_id: itemOf(one, unit) }))),
      }),
    )
  }
  return stored
}

const itemOf = (one: FulfilmentOrder, { order_line_id }: LineUnits) =>
  one.lines.find((line) => line.order_line_id === order_line_id)?.item_id ?? null

/** The promises that go along; units of which no stock is tracked have none. */
const heldMoves = (
  one: FulfilmentOrder,
  to_location_id: Id<'location'>,
  units: readonly LineUnits[],
): HeldMove[] =>
  units.flatMap((unit) => {
    const item_id = itemOf(one, unit)
    const { quantity } = unit
    const from_location_id = one.location_id as Id<'location'>
    return item_id ? [{ item_id, quantity, from_location_id, to_location_id }] : []
  })

/** Whether everything goes to one place, and nothing was ever done here. */
function isWhole(one: FulfilmentOrder, goes: readonly Goes[]): boolean {
  if (goes.length !== 1 || one.lines.some((line) => line.picked_quantity > 0)) return false
  const wanted = new Map(goes[0]?.units.map((unit) => [unit.order_line_id, unit.quantity]))
  return allLeft(one).every((unit) => wanted.get(unit.order_line_id) === unit.quantity)
}

function atOnce(one: FulfilmentOrder, { location_id, units }: Goes): FulfilmentOrder {
  // Refuses lines that are not here, as the other way does.
  takeUnits(one, one, { units, action: 'moved' })
  return { ...one, location_id, why: 'moved' }
}

function apart(ctx: Context, bench: Bench, goes: readonly Goes[]): FulfilmentOrder[] {
  let rest = bench.one
  const all = [...bench.all]
  const made: FulfilmentOrder[] = []
  for (const { location_id, units } of goes) {
    const fresh = { ...besides(ctx, { ...bench, all }, 'moved'), location_id }
    const { from, to } = takeUnits(rest, fresh, { units, action: 'moved' })
    rest = from
    all.push(to)
    made.push(to)
  }
  const left = linesLeft(rest).length > 0
  return [left ? rest : settled(ctx, rest, 'its units were moved'), ...made]
}
