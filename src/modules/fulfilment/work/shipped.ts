import type { Id } from '#kit/ids'
import type { LineUnits } from '#modules/orders'
import type { Context } from '#platform/context'
import { fulfilmentErrors } from '../errors.ts'
import { fulfilmentOrderLifecycle as lifecycle } from '../lifecycle.ts'
import { printNumber } from '../numbers.ts'
import { openHolds } from './holds.ts'
import { fulfilmentOrdersById } from './rows.ts'
import { moved, settled } from './settle.ts'
import { storeWork } from './store.ts'
import { type FulfilmentLine, type FulfilmentOrder, shippedLine, unitsLeft } from './units.ts'

export type ShippedUnits = {
  fulfilment_order_id: Id<'fulfilment_order'>
  units: readonly LineUnits[]
}

/**
 * Counts units that leave; the last one closes the fulfilment order. Units that nobody wrote down
 * as picked are taken for picked. The order's lock is held, and the caller takes the stock. Refuses
 * what is held, over or waiting (409), and more than is left (422).
 */
export async function shippedUnits(ctx: Context, shipped: ShippedUnits): Promise<FulfilmentOrder> {
  const one = await fulfilmentOrder(ctx, shipped.fulfilment_order_id)
  if (!lifecycle.movesFrom(one.status).includes('close')) lifecycle.next(one.status, 'close')
  await refuseHeld(ctx, one)
  const lines = changed(one, shipped.units, {
    most: unitsLeft,
    action: 'shipped',
    to: (line, units) => shippedLine(line, units),
  })
  return stored(ctx, one, settled(ctx, { ...one, lines }, 'everything left'))
}

/**
 * Counts units as not having left after all, because their shipment was called back: they are in
 * hand, picked and packed as before. The order's lock is held. What the house does not hold for
 * the order any more is withdrawn again when the order says so (`order.units_unfulfilled`).
 */
export async function unshippedUnits(
  ctx: Context,
  { fulfilment_order_id, units }: ShippedUnits,
): Promise<FulfilmentOrder> {
  const one = await fulfilmentOrder(ctx, fulfilment_order_id)
  const lines = changed(one, units, {
    most: ({ shipped_quantity }) => shipped_quantity,
    action: 'called back',
    to: (line, back) => ({ ...line, shipped_quantity: line.shipped_quantity - back }),
  })
  const isOver = one.status === 'closed' || one.status === 'incomplete'
  const again = { ...one, lines }
  return stored(ctx, one, isOver ? moved(ctx, again, { move: 'reopen' }) : again)
}

const stored = async (ctx: Context, before: FulfilmentOrder, after: FulfilmentOrder) =>
  (await storeWork(ctx, [before], [after]))[0] as FulfilmentOrder

/** The fulfilment order of this id, whose order's lock is held; throws `not_found`. */
export async function fulfilmentOrder(
  ctx: Context,
  id: Id<'fulfilment_order'>,
): Promise<FulfilmentOrder> {
  const [one] = await fulfilmentOrdersById(ctx, [id])
  if (!one) throw fulfilmentErrors.not_found({ fulfilment_order_id: id })
  return one
}

/** Refuses work on what is held, and tells why it is. */
export async function refuseHeld(ctx: Context, one: FulfilmentOrder): Promise<void> {
  if (one.holds === 0) return
  const holds = await openHolds(ctx, { orders: [one.id] })
  const reasons = holds.map(({ reason }) => reason).join(', ')
  throw fulfilmentErrors.on_hold({ number: printNumber(one), reasons })
}

type Change = {
  most: (line: FulfilmentLine) => number
  action: string
  to: (line: FulfilmentLine, units: number) => FulfilmentLine
}

/** The lines after `units` of them changed; refuses unknown lines and more than there may be. */
export function changed(
  one: FulfilmentOrder,
  units: readonly LineUnits[],
  { most, action, to }: Change,
): FulfilmentLine[] {
  const wanted = new Map<string, number>()
  for (const { order_line_id, quantity } of units) {
    wanted.set(order_line_id, (wanted.get(order_line_id) ?? 0) + quantity)
  }
  const number = printNumber(one)
  for (const [order_line_id, quantity] of wanted) {
    const line = one.lines.find((own) => own.order_line_id === order_line_id)
    if (!line) throw fulfilmentErrors.line_not_found({ number, order_line_id })
    const left = most(line)
    if (quantity > left) {
      throw fulfilmentErrors.too_many_units({ left, sku: line.sku, number, action })
    }
  }
  return one.lines.map((line) => {
    const quantity = wanted.get(line.order_line_id) ?? 0
    return quantity > 0 ? to(line, quantity) : line
  })
}
