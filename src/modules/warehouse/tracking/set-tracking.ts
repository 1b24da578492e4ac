import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { findItem, inventoryErrors, unitsByState } from '#modules/inventory'
import type { Context } from '#platform/context'
import { lockTable } from '#platform/database/locks'
import { prepared, rawQuery } from '#platform/database/prepared'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { requireVersion } from '#platform/versions'
import { warehouseErrors } from '../errors.ts'
import { trackingEvents } from '../events.ts'
import { keepLots } from '../keeping/day-lots.ts'
import { detailOf, spotsAt } from '../keeping/facts.ts'
import type { Step } from '../keeping/plan.ts'
import { lotKey, type Place, type Posted, shelfOf, type Tracking } from '../keeping/posted.ts'
import { Shelves, type Spot } from '../keeping/shelves.ts'
import { byPlace, writePlan } from '../keeping/write.ts'
import { db, type TrackingRow } from '../tables.ts'
import type { GetTracking, ItemTracking, SetTracking } from './schemas.ts'

const rowOf = prepared(db, (open, p: { item_id: string }) =>
  rawQuery(open, sql<TrackingRow>`select * from item_tracking where item_id = ${p.item_id}`),
)

type Item = Awaited<ReturnType<typeof findItem>>

/** How an item is kept. */
export async function getTracking(ctx: Context, { id }: GetTracking): Promise<ItemTracking> {
  const item = await findItem(ctx, id)
  return trackingOf(item, await rowOf.first(ctx, { item_id: item.id }))
}

function trackingOf(item: Item, row: TrackingRow | undefined): ItemTracking {
  const { item_id, created_at: _, ...facts } = row ?? newRow(item.id)
  return { item_id, item_number: item.sku, ...facts } as ItemTracking
}

const newRow = (item_id: Id<'item'>) => ({
  item_id,
  tracking: 'none',
  makes_lots: false,
  shelf_life_days: null,
  pick_days_min: null,
  abc_class: null,
  version: 0,
  created_at: null,
  updated_at: null,
})

/**
 * Says how an item is kept. Units that are there when lots begin become one lot; any other change
 * needs an item without stock (`tracking_with_stock`). A process of two steps, because the second
 * must begin with its lock: it waits for everyone who moves stock by the old rule, and its snapshot
 * must be taken behind them.
 */
export async function setTracking(ctx: ProcessContext, input: SetTracking): Promise<ItemTracking> {
  const { id } = await ctx.transaction((tx) => findItem(tx, input.id), 'read committed')
  return ctx.transaction(async (tx) => {
    await lockTable(tx, 'item_tracking')
    const item = await findItem(tx, id)
    if (!item) throw inventoryErrors.item_not_found({ item: input.id })
    return changeTracking(tx, item, input)
  })
}

async function changeTracking(ctx: Context, item: Item, input: SetTracking): Promise<ItemTracking> {
  const known = await rowOf.first(ctx, { item_id: item.id })
  const before = known ?? newRow(item.id)
  requireVersion(ctx, before.version)
  const row: TrackingRow = {
    item_id: item.id,
    tracking: input.tracking ?? before.tracking,
    makes_lots: input.makes_lots ?? before.makes_lots,
    shelf_life_days: kept(input.shelf_life_days, before.shelf_life_days),
    pick_days_min: kept(input.pick_days_min, before.pick_days_min),
    abc_class: kept(input.abc_class, before.abc_class),
    version: before.version + 1,
    created_at: before.created_at ?? ctx.now,
    updated_at: ctx.now,
  }
  await putRow(ctx, row)
  if (row.tracking !== before.tracking) {
    await changeRule(ctx, item, { from: before.tracking, to: row.tracking, input })
    const { id: item_id, sku } = item
    const { tracking } = row
    emit(ctx, trackingEvents.changed({ item_id, sku, tracking, before: before.tracking }))
  }
  return trackingOf(item, row)
}

const kept = <T>(given: T | undefined, before: T): T => (given === undefined ? before : given)

async function putRow(ctx: Context, row: TrackingRow): Promise<void> {
  const { item_id: _, created_at: __, ...changes } = row
  await db(ctx)
    .insertInto('item_tracking')
    .values(row)
    .onConflict((conflict) => conflict.column('item_id').doUpdateSet(changes))
    .execute()
}

type Rule = { from: string; to: string; input: SetTracking }

async function changeRule(ctx: Context, item: Item, { from, to, input }: Rule): Promise<void> {
  const units = await unitsByState(ctx, [item.id])
  if (units.length === 0) return
  if (from !== 'none' || to !== ('lot' satisfies Tracking)) {
    throw warehouseErrors.tracking_with_stock({ sku: item.sku, tracking: to })
  }
  const lot_number = input.opening_lot_number ?? 'OPENING'
  const lot = { item_id: item.id, lot_number, expires_on: null, made_on: null, supplier_lot: null }
  const lots = await keepLots(ctx, [lot])
  const opening = lots.get(`${item.id} ${lotKey(lot_number)}`)
  if (!opening) throw new Error(`no lot ${lot_number} was made`)
  await openLot(ctx, units, opening.id)
}

/** Makes all units that are there units of a lot, in the bins in which they are. */
async function openLot(
  ctx: Context,
  units: Awaited<ReturnType<typeof unitsByState>>,
  lot_id: Id<'lot'>,
): Promise<void> {
  const { binned } = await detailOf(ctx, units)
  const spots = await spotsAt(ctx, {
    rows: units.map(({ item_id, location_id }) => ({ item_id, location_id })),
  })
  const unique = [
    ...new Map(spots.map((spot) => [`${shelfOf(spot)} ${spot.bin_id}`, spot])).values(),
  ]
  const shelves = new Shelves(unique)
  const steps: Step[] = []
  const step = (place: Place, quantity_delta: number) => {
    shelves.change(place, quantity_delta)
    steps.push({ ...place, quantity_delta, movement: opened(place, quantity_delta) })
  }
  for (const { state, ...at } of units) {
    const here = unique.filter((spot) => shelfOf(spot) === shelfOf({ ...at, state }))
    const places: Pick<Spot, 'bin_id' | 'quantity'>[] = binned.has(at.location_id)
      ? here
      : [{ bin_id: null, quantity: at.quantity }]
    for (const { bin_id, quantity } of places) {
      const place = { item_id: at.item_id, location_id: at.location_id, state, bin_id }
      if (binned.has(at.location_id)) step({ ...place, lot_id: null }, -quantity)
      step({ ...place, lot_id }, quantity)
    }
  }
  await writePlan(ctx, { steps, serials: [] }, shelves.changes().sort(byPlace))
}

const opened = ({ item_id, location_id, state }: Place, quantity: number): Posted => ({
  item_id,
  location_id,
  quantity,
  state_from: null,
  state_to: state,
  kind: 'opened',
  reason: 'lots begin',
  reference_type: null,
  reference_id: null,
  lots: null,
})
