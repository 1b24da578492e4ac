import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { fulfilmentErrors } from '../errors.ts'
import { fulfilmentOrderEvents } from '../events.ts'
import { find, lockWork } from '../find.ts'
import { printNumber } from '../numbers.ts'
import type { MergeFulfilmentOrders, FulfilmentOrder as Told } from '../schemas.ts'
import { moved } from '../work/settle.ts'
import { named, storeWork } from '../work/store.ts'
import type { FulfilmentOrder } from '../work/units.ts'
import { allLeft, takeUnits } from './take-units.ts'
import { told } from './told.ts'

/**
 * Brings fulfilment orders of one order at one location together in the first of them, while nobody
 * has begun with any. Those that were merged are cancelled, with nothing in them.
 */
export async function mergeFulfilmentOrders(
  ctx: Context,
  { id, fulfilment_order_ids }: MergeFulfilmentOrders,
): Promise<Told> {
  const { one, all } = await lockWork(ctx, id)
  const others: FulfilmentOrder[] = []
  for (const ref of fulfilment_order_ids) {
    const other = all.find((own) => own.id === ref || printNumber(own) === ref.toUpperCase())
    if (!other) throw refused(printNumber(await find(ctx, ref)), 'it is of another order')
    if (other.id !== one.id && !others.includes(other)) others.push(other)
  }
  for (const own of [one, ...others]) {
    if (own.status !== one.status) throw refused(printNumber(own), `it is ${own.status}`)
    const problem = problemOf(own, one)
    if (problem) throw refused(printNumber(own), problem)
  }
  const reason = `merged into ${printNumber(one)}`
  let merged = one
  const emptied = others.map((other) => {
    const taken = takeUnits(other, merged, { units: allLeft(other), action: 'merged' })
    merged = taken.to
    return moved(ctx, taken.from, { move: 'cancel', reason })
  })
  if (emptied.length === 0) return told(ctx, [one], one.id)
  const stored = await storeWork(ctx, all, [merged, ...emptied])
  const merged_fulfilment_order_ids = others.map((other) => other.id)
  emit(ctx, fulfilmentOrderEvents.merged({ ...named(one), merged_fulfilment_order_ids }))
  return told(ctx, stored, one.id)
}

const refused = (number: string, problem: string) =>
  fulfilmentErrors.not_mergeable({ number, problem })

function problemOf(own: FulfilmentOrder, one: FulfilmentOrder): string | undefined {
  if (!['open', 'scheduled', 'waiting'].includes(own.status)) return `it is ${own.status}`
  if (own.location_id !== one.location_id) return 'it is at another location'
  if (own.holds > 0) return 'it is held'
  const isTouched = own.lines.some((line) => line.picking_quantity + line.picked_quantity > 0)
  return isTouched ? 'somebody has begun to pick it' : undefined
}
