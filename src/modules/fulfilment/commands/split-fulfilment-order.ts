import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { fulfilmentErrors } from '../errors.ts'
import { fulfilmentOrderEvents } from '../events.ts'
import { type Bench, lockWork } from '../find.ts'
import { fulfilmentOrderLifecycle as lifecycle } from '../lifecycle.ts'
import { printNumber } from '../numbers.ts'
import type { SplitFulfilmentOrder, FulfilmentOrder as Told } from '../schemas.ts'
import { newFulfilmentOrder } from '../work/apply.ts'
import { named, storeWork, unitsTold } from '../work/store.ts'
import { type FulfilmentOrder, linesLeft } from '../work/units.ts'
import { refuseInHand, takeUnits } from './take-units.ts'
import { told } from './told.ts'

/** A new fulfilment order beside another, with its place, times and state, and no units yet. */
export function besides(ctx: Context, { order, one, all }: Bench, why: string): FulfilmentOrder {
  const nth = Math.max(...all.map((own) => own.nth)) + 1
  const { location_id, fulfil_at, due_at, promised_at } = one
  const isScheduled = one.status === 'scheduled'
  return {
    ...newFulfilmentOrder(ctx, { order, nth, location_id, why }),
    fulfil_at,
    due_at,
    promised_at,
    ...(isScheduled && { status: 'scheduled' as const }),
  }
}

/** Makes units of a fulfilment order one of their own, at the same place. Answers the new one. */
export async function splitFulfilmentOrder(
  ctx: Context,
  { id, items }: SplitFulfilmentOrder,
): Promise<Told> {
  const bench = await lockWork(ctx, id)
  const { one } = bench
  // What is over has nothing left; the lifecycle says so in its own words.
  lifecycle.next(one.status, 'cancel')
  refuseInHand(one, items)
  const { from, to } = takeUnits(one, besides(ctx, bench, 'split'), {
    units: items,
    action: 'split off',
  })
  if (linesLeft(from).length === 0) {
    throw fulfilmentErrors.nothing_to_split({ number: printNumber(one) })
  }
  const stored = await storeWork(ctx, [one], [from, to])
  const units = unitsTold(to.lines)
  const made = { ...named(one), new_fulfilment_order_id: to.id, units }
  emit(ctx, fulfilmentOrderEvents.split(made))
  return told(ctx, stored, to.id)
}
