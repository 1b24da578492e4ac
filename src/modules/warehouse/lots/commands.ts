import type { Id } from '#kit/ids'
import { findItem } from '#modules/inventory'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import { warehouseErrors } from '../errors.ts'
import { lotEvents } from '../events.ts'
import { keepLots } from '../keeping/day-lots.ts'
import { dayOf, daysAfter, lotKey } from '../keeping/posted.ts'
import { db, type LotRow, type TrackingRow } from '../tables.ts'
import { findLot, lotAsTold } from './find-lot.ts'
import type { BlockLot, CreateLot, GetLot, Lot, UpdateLot } from './schemas.ts'

type Dates = {
  expires_on?: string | null | undefined
  made_on?: string | null | undefined
  supplier_lot?: string | null | undefined
}
/** A lot as somebody names it. */
export type NamedLot = Dates & { item_id: Id<'item'>; sku: string; lot_number: string }

/** One way to name a lot of an item, for maps of lots. */
export const namedLot = (item_id: Id<'item'>, lot_number: string): string =>
  `${item_id} ${lotKey(lot_number)}`

/**
 * The lots that are named, by `namedLot`; new ones are made, with the last good day from the item's
 * shelf life where none is said. Throws `lot_taken` if one that is there has other dates.
 */
export async function lotsNamed(
  ctx: Context,
  lots: readonly NamedLot[],
  tracking: ReadonlyMap<Id<'item'>, TrackingRow>,
): Promise<Map<string, LotRow>> {
  const rows = lots.map((lot) => {
    const made_on = lot.made_on ?? null
    const life = tracking.get(lot.item_id)?.shelf_life_days ?? null
    const last = life === null ? null : daysAfter(made_on ?? dayOf(ctx.now), life)
    if (made_on !== null) requireDay('made_on', made_on)
    const expires_on = lot.expires_on === undefined ? last : lot.expires_on
    if (expires_on !== null) requireDay('expires_on', expires_on)
    const { item_id, lot_number } = lot
    return { item_id, lot_number, made_on, expires_on, supplier_lot: lot.supplier_lot ?? null }
  })
  const kept = await keepLots(ctx, rows)
  for (const lot of lots) {
    const found = kept.get(namedLot(lot.item_id, lot.lot_number))
    if (!found) throw new Error(`lot ${lot.lot_number} was not kept`)
    if (isOther(lot.expires_on, found.expires_on) || isOther(lot.made_on, found.made_on)) {
      throw warehouseErrors.lot_taken({ sku: lot.sku, lot_number: lot.lot_number })
    }
  }
  return kept
}

const isOther = (said: string | null | undefined, known: string | null): boolean =>
  said !== undefined && said !== known

/** Refuses a day that no calendar has, such as 2027-02-30. */
function requireDay(field: string, day: string): void {
  const time = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day) {
    throw invalidField(field, 'is no day of the calendar')
  }
}

/** Makes a lot that has no units yet. Throws `lot_taken` if there is one of this number. */
export async function createLot(ctx: Context, input: CreateLot): Promise<Lot> {
  const item = await findItem(ctx, input.item_id)
  const taken = await db(ctx)
    .selectFrom('lots')
    .select('id')
    .where('item_id', '=', item.id)
    .where('lot_key', '=', lotKey(input.lot_number))
    .executeTakeFirst()
  if (taken) throw warehouseErrors.lot_taken({ sku: item.sku, lot_number: input.lot_number })
  const tracking = await trackingOf(ctx, item.id)
  const lots = await lotsNamed(ctx, [{ ...input, item_id: item.id, sku: item.sku }], tracking)
  return lotAsTold(ctx, lots.get(namedLot(item.id, input.lot_number)) as LotRow)
}

async function trackingOf(ctx: Context, item_id: Id<'item'>) {
  const rows = await db(ctx)
    .selectFrom('item_tracking')
    .selectAll()
    .where('item_id', '=', item_id)
    .execute()
  return new Map(rows.map((row) => [row.item_id, row]))
}

/** Changes the dates or the origin of a lot; its units keep where they are. */
export async function updateLot(ctx: Context, input: UpdateLot): Promise<Lot> {
  const known = await findLot(ctx, input.id)
  requireVersion(ctx, known.version)
  const row: LotRow = {
    ...known,
    expires_on: input.expires_on === undefined ? known.expires_on : input.expires_on,
    made_on: input.made_on === undefined ? known.made_on : input.made_on,
    supplier_lot: input.supplier_lot === undefined ? known.supplier_lot : input.supplier_lot,
    version: known.version + 1,
    updated_at: ctx.now,
  }
  if (row.expires_on !== null) requireDay('expires_on', row.expires_on)
  if (row.made_on !== null) requireDay('made_on', row.made_on)
  await db(ctx).updateTable('lots').set(row).where('id', '=', row.id).execute()
  const { id: lot_id, item_id, lot_number, expires_on } = row
  emit(ctx, lotEvents.updated({ lot_id, item_id, lot_number, expires_on }))
  return lotAsTold(ctx, row)
}

/** Keeps a lot from being picked and shipped. A second call changes nothing. */
export async function blockLot(ctx: Context, { id, reason }: BlockLot): Promise<Lot> {
  await setBlocked(ctx, [id], reason)
  return lotAsTold(ctx, await findLot(ctx, id))
}

/** Blocks lots that are not blocked yet. Throws `lot_not_found`. */
export async function setBlocked(
  ctx: Context,
  ids: readonly Id<'lot'>[],
  reason: string,
): Promise<void> {
  for (const id of ids) {
    const row = await findLot(ctx, id)
    if (row.blocked_at !== null) continue
    const { item_id, lot_number, version } = row
    await db(ctx)
      .updateTable('lots')
      .set({
        blocked_at: ctx.now,
        blocked_reason: reason,
        version: version + 1,
        updated_at: ctx.now,
      })
      .where('id', '=', id)
      .where('blocked_at', 'is', null)
      .execute()
    emit(ctx, lotEvents.blocked({ lot_id: id, item_id, lot_number, reason }))
  }
}

/** Lets a lot be picked and shipped again. Throws `recalled` while an open recall names it. */
export async function unblockLot(ctx: Context, { id }: GetLot): Promise<Lot> {
  const row = await findLot(ctx, id)
  const recall = await db(ctx)
    .selectFrom('recall_lots as l')
    .innerJoin('recalls as r', 'r.id', 'l.recall_id')
    .select('r.number')
    .where('l.lot_id', '=', id)
    .where('r.status', '=', 'open')
    .executeTakeFirst()
  if (recall) throw warehouseErrors.recalled({ lot: row.lot_number, recall: recall.number })
  if (row.blocked_at === null) return lotAsTold(ctx, row)
  const fresh = {
    ...row,
    blocked_at: null,
    blocked_reason: null,
    version: row.version + 1,
    updated_at: ctx.now,
  }
  await db(ctx).updateTable('lots').set(fresh).where('id', '=', id).execute()
  const { item_id, lot_number } = row
  emit(ctx, lotEvents.unblocked({ lot_id: id, item_id, lot_number }))
  return lotAsTold(ctx, fresh)
}
