import type { Id } from '#kit/ids'
import { lockOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { told } from '../commands/told.ts'
import { fulfilmentErrors } from '../errors.ts'
import { lockWork } from '../find.ts'
import { fulfilmentOrderLifecycle as lifecycle } from '../lifecycle.ts'
import { printNumber } from '../numbers.ts'
import type { FulfilmentOrder as Told } from '../schemas.ts'
import { isReady, toldOf } from '../wire.ts'
import { ensureFulfilmentOrders } from '../work/ensure.ts'
import { moved } from '../work/settle.ts'
import { changed } from '../work/shipped.ts'
import { storeWork } from '../work/store.ts'
import { type FulfilmentOrder, unitsToPick } from '../work/units.ts'
import { countPicked, requirePickable, storePicks } from './pick-units.ts'
import type { OrderPicked, PickDirectly, PickedUnits, PickOrder, PutBack } from './schemas.ts'
import { serialUnits } from './serials.ts'

/** Writes down units that were picked without a list: all that is left to pick unless said. */
export async function pickDirectly(ctx: Context, { id, items }: PickDirectly): Promise<Told> {
  const { one } = await lockWork(ctx, id)
  if (one.status !== 'in_progress') lifecycle.next(one.status, 'start')
  await requirePickable(ctx, one)
  const stored = await take(ctx, one, items ?? toPick(one))
  return told(ctx, [stored], one.id)
}

const toPick = (one: FulfilmentOrder): PickedUnits =>
  one.lines
    .map((line) => ({ order_line_id: line.order_line_id, quantity: unitsToPick(line) }))
    .filter(({ quantity }) => quantity > 0)

async function take(
  ctx: Context,
  one: FulfilmentOrder,
  units: PickedUnits,
): Promise<FulfilmentOrder> {
  // Refuses unknown lines and more than is left to pick.
  changed(one, units, { most: unitsToPick, action: 'picked', to: (line) => line })
  if (units.length === 0) return one
  const known = new Map(one.lines.map((line) => [line.order_line_id, line]))
  const picks = units.map(({ order_line_id, quantity, serial_numbers = [] }) => {
    const { item_id = null, sku = '' } = known.get(order_line_id) ?? {}
    return { order_line_id, quantity, serial_numbers, item_id, sku }
  })
  const rows: Parameters<typeof storePicks>[2][number][] = []
  const location_id = one.location_id as Id<'location'>
  for (const { serial_numbers, ...pick } of picks) {
    if (serial_numbers.length > 0 && serial_numbers.length !== pick.quantity) {
      throw fulfilmentErrors.serial_needed({ sku: pick.sku })
    }
    const serials = await serialUnits(ctx, { ...pick, location_id }, serial_numbers)
    rows.push({ ...pick, pick_item_id: null, bin_id: null, lot_id: null, code: null, serials })
  }
  await storePicks(ctx, one, rows)
  const byLine = Map.groupBy(picks, ({ order_line_id }) => order_line_id)
  const counts = [...byLine].map(([order_line_id, own]) => ({
    order_line_id,
    quantity: own.reduce((sum, { quantity }) => sum + quantity, 0),
    listed: 0,
  }))
  return countPicked(ctx, one, ...counts)
}

/**
 * Picks all of an order that may be picked, at every location: what has no work yet is routed
 * first. Units on pick lists are left to their pickers. Refuses an order of which nothing may be.
 */
export async function pickOrder(ctx: Context, { id }: PickOrder): Promise<OrderPicked> {
  const order = await lockOrder(ctx, id)
  const all = await ensureFulfilmentOrders(ctx, order)
  const ready = all.filter(isReady)
  const [stopped] = all.filter(({ status }) => status === 'open' || status === 'in_progress')
  if (ready.length === 0 && stopped) await requirePickable(ctx, stopped)
  const picked: FulfilmentOrder[] = []
  let picked_quantity = 0
  for (const one of ready) {
    const units = toPick(one)
    picked_quantity += units.reduce((sum, { quantity }) => sum + quantity, 0)
    picked.push(await take(ctx, one, units))
  }
  const now = new Map(picked.map((one) => [one.id, one]))
  const shown = all.map((one) => now.get(one.id) ?? one)
  return { order_id: order.id, picked_quantity, fulfilment_orders: await toldOf(ctx, shown) }
}

/**
 * Writes down that picked units went back to the shelf; what is packed must be unpacked first. Work
 * of which nothing is picked any more is open again.
 */
export async function putBackUnits(ctx: Context, { id, items }: PutBack): Promise<Told> {
  const { one } = await lockWork(ctx, id)
  if (one.status !== 'in_progress') {
    throw fulfilmentErrors.not_movable({
      number: printNumber(one),
      state: one.status,
      open_moves: lifecycle.movesFrom(one.status),
    })
  }
  const lines = changed(one, items, {
    most: (line) => line.picked_quantity - Math.max(line.packed_quantity, line.shipped_quantity),
    action: 'put back',
    to: (line, units) => ({ ...line, picked_quantity: line.picked_quantity - units }),
  })
  const untouched = lines.every(({ picked_quantity }) => picked_quantity === 0)
  const back = { ...one, lines, packed_at: null }
  const after = untouched ? moved(ctx, back, { move: 'stop' }) : back
  return told(ctx, await storeWork(ctx, [one], [after]), one.id)
}
