import type { Id } from '#kit/ids'
import {
  availabilityByLocation,
  confirmReservations,
  type LotUnits,
  postMovements,
  releaseUnits,
  reserveStock,
} from '#modules/inventory'
import { type OrderRow, orderOfMoney } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { placesFor } from '../commands/places.ts'
import { relocate } from '../commands/relocate.ts'
import { fulfilmentErrors } from '../errors.ts'
import { pickListEvents } from '../events.ts'
import { printNumber } from '../numbers.ts'
import { db } from '../tables.ts'
import { refitWork } from '../work/ensure.ts'
import { fulfilmentOrdersOf } from '../work/rows.ts'
import { storePicked } from '../work/store.ts'
import type { FulfilmentOrder } from '../work/units.ts'
import { itemsLeft, printListNumber } from './items.ts'
import { findList, finishIfDone, refuseOver } from './lists.ts'
import { type LockedItem, lockItem } from './pick-units.ts'
import type { PickList, ReportShort } from './schemas.ts'
import { listTold } from './wire.ts'

const addShort = prepared(db, (open, p: { id: string; units: number }) =>
  open
    .updateTable('pick_items')
    .set((eb) => ({ short_quantity: eb('short_quantity', '+', p.units) }))
    .where('id', '=', p.id as Id<'pick_item'>),
)
const insertShortages = insertRows(db, 'pick_shortages')

/**
 * Writes down that a picker did not find units, and says what becomes of them. The books keep what
 * is missing unless it is told to leave them: a cycle count says what is really there. Throws
 * `no_other_location`, and `insufficient_stock` where nothing can be promised for a backorder.
 */
export async function reportShort(ctx: Context, input: ReportShort): Promise<PickList> {
  const locked = await lockItem(ctx, await findList(ctx, input.id), input.item_id)
  const { list, item, one } = locked
  refuseOver(list)
  const left = itemsLeft(item)
  const quantity = input.quantity ?? left
  if (quantity > left || quantity === 0) {
    throw fulfilmentErrors.item_done({ left, sku: item.sku })
  }
  const outcome = input.outcome ?? 'keep'
  await addShort.run(ctx, { id: item.id, units: quantity })
  const row = {
    id: ctx.newId('pick_shortage'),
    pick_item_id: item.id,
    quantity,
    reason: input.reason,
    note: input.note ?? null,
    outcome,
    found_by: ctx.actor.id,
    found_at: ctx.now,
  }
  await insertShortages.run(ctx, { rows: [row] })
  const off = await offList(ctx, locked, quantity)
  const { order_line_id, item_id, order_id } = item
  emit(
    ctx,
    pickListEvents.short({
      pick_list_id: list.id,
      number: printListNumber(list.number),
      order_id,
      fulfilment_order_id: one.id,
      order_line_id,
      item_id,
      location_id: list.location_id,
      quantity,
      reason: input.reason,
      outcome,
    }),
  )
  if (outcome === 'reroute') await reroute(ctx, { ...locked, one: off }, { ...input, quantity })
  if (outcome === 'backorder') await promiseAnew(ctx, locked, { ...input, quantity })
  await finishIfDone(ctx, [list.id])
  return listTold(ctx, await findList(ctx, list.id))
}

async function offList(ctx: Context, { one, item }: LockedItem, units: number) {
  const lines = one.lines.map((line) =>
    line.order_line_id === item.order_line_id
      ? { ...line, picking_quantity: line.picking_quantity - units }
      : line,
  )
  const { stored } = await storePicked(ctx, [one], [{ ...one, lines }])
  return stored[0] as FulfilmentOrder
}

type Short = ReportShort & { quantity: number }

async function reroute(ctx: Context, { one, item, list }: LockedItem, short: Short): Promise<void> {
  const { order_line_id, item_id } = item
  const wanted = [{ order_line_id, item_id, quantity: short.quantity }]
  const available = await availabilityByLocation(ctx, item_id ? [item_id] : [])
  const goes = placesFor(wanted, available, list.location_id)
  if (!goes) throw fulfilmentErrors.no_other_location({ number: printNumber(one) })
  const order = await orderOfMoney(ctx, one.order_id)
  const all = await fulfilmentOrdersOf(ctx, [one.order_id])
  await relocate(ctx, { order, one, all }, goes)
  if (short.write_off) await writeOff(ctx, { item, list }, short)
}

/** Lets the missing units go, takes them off the books, and promises others: there or later. */
async function promiseAnew(ctx: Context, { one, item, list }: LockedItem, short: Short) {
  const { item_id } = item
  if (!item_id) throw fulfilmentErrors.no_other_location({ number: printNumber(one) })
  const order: OrderRow = await orderOfMoney(ctx, one.order_id)
  const holder = { reference_type: 'order', reference_id: order.id }
  const { quantity } = short
  const { location_id } = list
  await releaseUnits(ctx, holder, [{ item_id, quantity, location_id }])
  await writeOff(ctx, { item, list }, short)
  await reserveStock(ctx, [{ item_id, quantity }], holder)
  if (order.status !== 'pending') await confirmReservations(ctx, holder)
  await refitWork(ctx, order, 'follow')
}

/** Damaged and expired units are still there, though not for sale; others are gone. */
async function writeOff(
  ctx: Context,
  { item, list }: Pick<LockedItem, 'item' | 'list'>,
  { quantity, reason }: Short,
): Promise<void> {
  const { item_id, sku, bin_id, lot_id } = item
  if (!item_id) return
  const lot: LotUnits = { quantity, ...(bin_id && { bin_id }), ...(lot_id && { lot_id }) }
  const isThere = reason === 'damaged' || reason === 'expired'
  await postMovements(ctx, [
    {
      item_id,
      sku,
      location_id: list.location_id,
      quantity_delta: isThere ? quantity : -quantity,
      kind: isThere ? 'moved' : 'adjusted',
      reason: `short pick: ${reason.replaceAll('_', ' ')}`,
      ...(isThere && { state_from: 'sellable' as const, state_to: reason }),
      ...((bin_id || lot_id) && { lots: [lot] }),
      reference_type: 'pick_list',
      reference_id: list.id,
    },
  ])
}
