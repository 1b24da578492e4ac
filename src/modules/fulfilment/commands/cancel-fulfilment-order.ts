import { cancelUnits } from '#modules/orders'
import type { Context } from '#platform/context'
import { fulfilmentErrors } from '../errors.ts'
import { lockWork } from '../find.ts'
import { fulfilmentOrderLifecycle as lifecycle } from '../lifecycle.ts'
import { printNumber } from '../numbers.ts'
import type {
  CancelFulfilmentOrder,
  GiveUpFulfilmentOrder,
  FulfilmentOrder as Told,
} from '../schemas.ts'
import { moved } from '../work/settle.ts'
import { storeWork } from '../work/store.ts'
import { type FulfilmentOrder, lessUnits, unitsLeft } from '../work/units.ts'
import { allLeft } from './take-units.ts'
import { told } from './told.ts'

/** The fulfilment order without what is left of it. */
const emptied = (one: FulfilmentOrder): FulfilmentOrder => ({
  ...one,
  lines: one.lines.map((line) => (unitsLeft(line) > 0 ? lessUnits(line, unitsLeft(line)) : line)),
})

/**
 * Withdraws work of which nothing has left. Its units stay promised and wait to be routed again, or
 * are cancelled in the order too. What was picked is to be put back.
 */
export async function cancelFulfilmentOrder(
  ctx: Context,
  { id, reason = null, cancel_units = false }: CancelFulfilmentOrder,
): Promise<Told> {
  const { one, order } = await lockWork(ctx, id)
  lifecycle.next(one.status, 'cancel')
  if (one.lines.some(({ shipped_quantity }) => shipped_quantity > 0)) {
    const open_moves = lifecycle.movesFrom(one.status).filter((move) => move !== 'cancel')
    throw fulfilmentErrors.already_begun({ number: printNumber(one), open_moves })
  }
  const units = allLeft(one)
  const after = moved(ctx, emptied(one), { move: 'cancel', reason })
  const stored = await storeWork(ctx, [one], [after])
  if (cancel_units) await cancelUnits(ctx, order, units, reason)
  return told(ctx, stored, one.id)
}

/** Gives up what is left, because the location cannot do it; the units wait to be routed again. */
export async function giveUpFulfilmentOrder(
  ctx: Context,
  { id, reason = null }: GiveUpFulfilmentOrder,
): Promise<Told> {
  const { one } = await lockWork(ctx, id)
  const after = moved(ctx, emptied(one), { move: 'give_up', reason })
  return told(ctx, await storeWork(ctx, [one], [after]), one.id)
}
