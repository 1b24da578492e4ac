import { availabilityByLocation, findLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { fulfilmentErrors } from '../errors.ts'
import { lockWork } from '../find.ts'
import { printNumber } from '../numbers.ts'
import type { GetFulfilmentOrder, MoveFulfilmentOrder, OrdersWork } from '../schemas.ts'
import { toldOf } from '../wire.ts'
import type { FulfilmentOrder } from '../work/units.ts'
import { placesFor } from './places.ts'
import { relocate, requireMovable } from './relocate.ts'
import { allLeft } from './take-units.ts'

type Moved = OrdersWork['items']

/** Moves work, whole or in part, to another location; answers it and what became of its own. */
export async function moveFulfilmentOrder(
  ctx: Context,
  { id, location_id: ref, items }: MoveFulfilmentOrder,
): Promise<{ items: Moved }> {
  const bench = await lockWork(ctx, id)
  requireMovable(bench.one)
  const { id: location_id } = await findLocation(ctx, ref)
  if (location_id === bench.one.location_id) {
    throw fulfilmentErrors.same_location({ number: printNumber(bench.one) })
  }
  const units = items ?? allLeft(bench.one)
  return answered(ctx, await relocate(ctx, bench, [{ location_id, units }]))
}

/**
 * Finds another place for all that is left: one location if any has it all, else as few as do.
 * Throws `no_other_location`.
 */
export async function rerouteFulfilmentOrder(
  ctx: Context,
  { id }: GetFulfilmentOrder,
): Promise<{ items: Moved }> {
  const bench = await lockWork(ctx, id)
  requireMovable(bench.one)
  const goes = await otherPlaces(ctx, bench.one)
  if (!goes) throw fulfilmentErrors.no_other_location({ number: printNumber(bench.one) })
  return answered(ctx, await relocate(ctx, bench, goes))
}

/** Where all that is left of it could be done instead; undefined if nowhere. */
async function otherPlaces(ctx: Context, one: FulfilmentOrder) {
  const wanted = allLeft(one).map((unit) => ({
    ...unit,
    item_id: one.lines.find((line) => line.order_line_id === unit.order_line_id)?.item_id ?? null,
  }))
  const items = wanted.flatMap(({ item_id }) => (item_id ? [item_id] : []))
  const available = await availabilityByLocation(ctx, [...new Set(items)])
  return placesFor(wanted, available, one.location_id)
}

const answered = async (ctx: Context, stored: readonly FulfilmentOrder[]) => ({
  items: await toldOf(ctx, stored),
})
