import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { SerialInStock } from '#modules/warehouse'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntities } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { fulfilmentErrors } from '../errors.ts'
import { fulfilmentOrderEvents } from '../events.ts'
import { printNumber } from '../numbers.ts'
import { db } from '../tables.ts'
import { isReady } from '../wire.ts'
import { moved } from '../work/settle.ts'
import { fulfilmentOrder, refuseHeld } from '../work/shipped.ts'
import { named, storePicked, unitsTold } from '../work/store.ts'
import type { FulfilmentOrder } from '../work/units.ts'
import { itemsLeft, type PickItemRow, type PickListRow } from './items.ts'
import { findList, finishIfDone, refuseOver, startIfOpen } from './lists.ts'
import { serialUnits } from './serials.ts'

const itemById = prepared(db, (open, p: { list: string; id: string }) =>
  open
    .selectFrom('pick_items')
    .selectAll()
    .where('pick_list_id', '=', p.list as Id<'pick_list'>)
    .where('id', '=', p.id as Id<'pick_item'>),
)

/** An item of a list, its list and its work; nobody else can change them until the commit. */
export type LockedItem = { list: PickListRow; item: PickItemRow; one: FulfilmentOrder }

/** The item of a list, under the locks of its order and its list. Throws `item_not_found`. */
export async function lockItem(
  ctx: Context,
  list: PickListRow,
  item_id: Id<'pick_item'>,
): Promise<LockedItem> {
  const found = await itemById.first(ctx, { list: list.id, id: item_id })
  if (!found) throw fulfilmentErrors.item_not_found({ pick_list_id: list.id, item_id })
  await lockEntities(ctx, 'order', [found.order_id])
  await lockEntities(ctx, 'pick_list', [list.id])
  const [item, now, one] = await Promise.all([
    itemById.first(ctx, { list: list.id, id: item_id }),
    findList(ctx, list.id),
    fulfilmentOrder(ctx, found.fulfilment_order_id),
  ])
  return { list: now, item: item as PickItemRow, one }
}

const addPicked = prepared(db, (open, p: { id: string; units: number }) =>
  open
    .updateTable('pick_items')
    .set((eb) => ({ picked_quantity: eb('picked_quantity', '+', p.units) }))
    .where('id', '=', p.id as Id<'pick_item'>)
    .where(
      sql<boolean>`picked_quantity + short_quantity + withdrawn_quantity + ${p.units} <= quantity`,
    ),
)
const insertPicks = insertRows(db, 'picks')

export type Taken = { quantity: number; code: string | null; serial_numbers: readonly string[] }

/**
 * Writes down that units were taken from the shelf for an item of a list. Refuses more than is left
 * (409), what is held or whose order may not leave yet (409), and units with serial numbers that
 * nobody scanned (422).
 */
export async function pickFromList(
  ctx: Context,
  { list, item, one }: LockedItem,
  taken: Taken,
): Promise<FulfilmentOrder> {
  refuseOver(list)
  await requirePickable(ctx, one)
  const left = itemsLeft(item)
  const { quantity } = taken
  if (quantity > left) throw fulfilmentErrors.item_done({ left, sku: item.sku })
  if (item.has_serials && taken.serial_numbers.length !== quantity) {
    throw fulfilmentErrors.serial_needed({ sku: item.sku })
  }
  const { location_id } = list
  const serials = await serialUnits(ctx, { ...item, location_id }, taken.serial_numbers)
  const { affected } = await addPicked.run(ctx, { id: item.id, units: quantity })
  if (affected !== 1) throw new TryAgain('somebody else picked it')
  const { order_line_id } = item
  const { code } = taken
  await storePicks(ctx, one, [{ ...item, code, quantity, serials, pick_item_id: item.id }])
  const stored = await countPicked(ctx, one, { order_line_id, quantity, listed: quantity })
  await startIfOpen(ctx, list.id)
  await finishIfDone(ctx, [list.id])
  return stored
}

/** Refuses work that must not be picked now, in the words of what is in its way. */
export async function requirePickable(ctx: Context, one: FulfilmentOrder): Promise<void> {
  await refuseHeld(ctx, one)
  if (isReady(one)) return
  const { order_status } = one
  throw fulfilmentErrors.order_not_ready({ number: printNumber(one), order_status })
}

type Picked = {
  pick_item_id: Id<'pick_item'> | null
  order_line_id: Id<'order_line'>
  item_id: Id<'item'> | null
  bin_id: Id<'bin'> | null
  lot_id: Id<'lot'> | null
  quantity: number
  code: string | null
  serials: readonly SerialInStock[]
}

/** Writes picks: one row for each unit that has a number of its own, else one for all. */
export async function storePicks(
  ctx: Context,
  one: FulfilmentOrder,
  picks: readonly Picked[],
): Promise<void> {
  const rows = picks.flatMap((pick) => {
    const { pick_item_id, order_line_id, item_id, bin_id, lot_id, code, quantity } = pick
    const units =
      pick.serials.length > 0
        ? pick.serials.map((unit) => ({ ...unit, quantity: 1 }))
        : [{ serial_number: null, bin_id, lot_id, quantity }]
    return units.map((unit) => ({
      id: ctx.newId('pick'),
      pick_item_id,
      fulfilment_order_id: one.id,
      order_line_id,
      item_id,
      quantity: unit.quantity,
      put_back_quantity: 0,
      bin_id: unit.bin_id,
      lot_id: unit.lot_id,
      serial_number: unit.serial_number,
      code,
      picked_by: ctx.actor.id,
      picked_at: ctx.now,
    }))
  })
  await insertPicks.run(ctx, { rows })
}

type Counted = { order_line_id: Id<'order_line'>; quantity: number; listed: number }

/** Counts picked units of lines; `listed` of them were on a list. The first one starts the work. */
export async function countPicked(
  ctx: Context,
  one: FulfilmentOrder,
  ...counts: readonly Counted[]
): Promise<FulfilmentOrder> {
  const lines = one.lines.map((line) => {
    const own = counts.find(({ order_line_id }) => order_line_id === line.order_line_id)
    if (!own) return line
    return {
      ...line,
      picked_quantity: line.picked_quantity + own.quantity,
      picking_quantity: line.picking_quantity - own.listed,
    }
  })
  const begun = one.status === 'open' ? moved(ctx, one, { move: 'start' }) : one
  const after = { ...begun, lines, packed_at: null }
  const { stored } = await storePicked(ctx, [one], [after])
  const units = unitsTold(
    counts.map(({ order_line_id, quantity }) => ({
      order_line_id,
      quantity,
      item_id: one.lines.find((line) => line.order_line_id === order_line_id)?.item_id ?? null,
    })),
  )
  const { location_id } = one
  emit(ctx, fulfilmentOrderEvents.picked({ ...named(one), location_id, units }))
  return stored[0] as FulfilmentOrder
}
