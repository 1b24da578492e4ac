import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { writeTogether } from '#platform/database/write-together'
import { emit } from '#platform/events'
import { availableOfLevel } from '../available.ts'
import { inventoryEvents } from '../events.ts'
import type { OpenRow } from '../held.ts'
import { type Movement, postMovements } from '../ledger.ts'
import { changeReserved, tellCrossings } from '../levels.ts'
import { divide, type Part } from '../parts.ts'
import { changesOf, isThere } from '../release.ts'
import { db } from '../tables.ts'
import { changeBackordered, waitingChanges } from './waiting.ts'

/** Holders that are looked after in one transaction; the schedule comes back for the rest. */
const HOLDERS_MAX = 100

// What has an end belongs to a checkout, which will be an order soon or give up.
const waitingFor = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  open
    .selectFrom('reservations')
    .selectAll()
    .where(isOneOf(engine, 'item_id', { values: p.items, kind: 'uuid' }))
    .where('location_id', 'is', null)
    .where('status', 'in', ['pending', 'confirmed'])
    .where('expires_at', 'is', null)
    .orderBy('id')
    .limit(HOLDERS_MAX),
)

type Shelf = { item_id: Id<'item'>; location_id: Id<'location'>; available: number }
const shelvesOf = prepared(db, (open, p: { items: readonly string[] }, engine) =>
  rawQuery(
    open,
    sql<Shelf>`select l.item_id, l.location_id, ${availableOfLevel('l')} as available
      from stock_levels as l join locations as p on p.id = l.location_id
      where ${isOneOf(engine, 'l.item_id', { values: p.items, kind: 'uuid' })}
        and p.archived_at is null and l.on_hand - l.reserved > l.safety_stock
      order by p.priority, l.location_id`,
  ),
)

const suppliedItems = prepared(db, (open, _: object) =>
  rawQuery(
    open,
    sql<{ id: Id<'item'> }>`select i.id from inventory_items as i
      where i.backordered > 0 and exists (select 1 from stock_levels as l
        where l.item_id = i.id and l.on_hand - l.reserved > l.safety_stock)
      order by i.id limit 100`,
  ),
)

/** Items that something waits for although stock is there: up to a hundred. */
export const itemsToAllocate = async (ctx: Context): Promise<Id<'item'>[]> =>
  (await suppliedItems(ctx, {})).map(({ id }) => id)

/**
 * Posts what comes in, and promises it to what waits for it, oldest first, in the same transaction.
 * For commands that hold no order's lock: those of the holders that wait are taken here, before
 * the stock. Where a lock is held use `postMovements`; the schedule then allocates.
 */
export async function receiveStock(ctx: Context, movements: readonly Movement[]): Promise<void> {
  const items = [...new Set(movements.map(({ item_id }) => item_id))]
  const someWait = await lockHolders(ctx, items)
  await postMovements(ctx, movements)
  if (someWait) await allocate(ctx, items)
}

/**
 * Promises the stock of these items to what waits for it, oldest first. Answers how many units.
 * Holds no lock when it begins.
 */
export async function allocateBackorders(
  ctx: Context,
  items: readonly Id<'item'>[],
): Promise<number> {
  return (await lockHolders(ctx, items)) ? allocate(ctx, items) : 0
}

/** Takes the locks of the holders that wait for these items. Answers whether there are any. */
async function lockHolders(ctx: Context, items: readonly Id<'item'>[]): Promise<boolean> {
  if (items.length === 0) return false
  const rows = await waitingFor(ctx, { items })
  const holders = new Map(rows.map((row) => [`${row.reference_type} ${row.reference_id}`, row]))
  for (const key of [...holders.keys()].toSorted()) {
    const { reference_type, reference_id } = holders.get(key) as OpenRow
    await lockEntity(ctx, reference_type, reference_id)
  }
  return rows.length > 0
}

async function allocate(ctx: Context, items: readonly Id<'item'>[]): Promise<number> {
  const waiting = await waitingFor(ctx, { items })
  const parts = partsFor(waiting, await shelvesOf(ctx, { items }))
  if (parts.length === 0) return 0
  const divided = divide(ctx, parts)
  const there = divided.rows.filter(isThere)
  const levels = changesOf(ctx, there).map((row) => ({ ...row, delta: -row.delta }))
  const rows = waitingChanges(
    parts.map(({ row, quantity }) => ({ item_id: row.item_id, quantity })),
    -1,
  )
  tellAllocated(ctx, there)
  const written = await writeTogether(ctx, {
    ...divided.writes,
    levels: changeReserved.bind(ctx, { rows: levels }),
    backordered: changeBackordered.bind(ctx, { rows }),
  })
  divided.check(written)
  if (written.levels.affected !== levels.length) throw new TryAgain('stock was taken meanwhile')
  if (written.backordered.affected !== rows.length) {
    throw new Error('an item waits for less than its reservations')
  }
  const taken = levels.map((row) => ({ ...row, delta: -row.delta }))
  tellCrossings(ctx, written.levels.rows, taken)
  return parts.reduce((sum, { quantity }) => sum + quantity, 0)
}

/** Gives shelves to what waits, oldest first: one shelf that has all of it, else one by one. */
function partsFor(waiting: readonly OpenRow[], shelves: readonly Shelf[]): Part[] {
  const left = shelves.map((shelf) => ({ ...shelf }))
  return waiting.flatMap((row) => {
    const own = left.filter(({ item_id, available }) => item_id === row.item_id && available > 0)
    const whole = own.find(({ available }) => available >= row.quantity)
    let open = row.quantity
    return (whole ? [whole] : own).flatMap((shelf) => {
      const quantity = Math.min(open, shelf.available)
      if (quantity === 0) return []
      shelf.available -= quantity
      open -= quantity
      return [{ row, quantity, to: { location_id: shelf.location_id, promised_at: null } }]
    })
  })
}

function tellAllocated(ctx: Context, rows: readonly (OpenRow & { location_id: Id<'location'> })[]) {
  const byHolder = Map.groupBy(rows, (row) => `${row.reference_type} ${row.reference_id}`)
  for (const own of byHolder.values()) {
    const { reference_type, reference_id } = own[0] as OpenRow
    const lines = own.map(({ id, item_id, location_id, quantity }) => ({
      reservation_id: id,
      item_id,
      location_id,
      quantity,
    }))
    emit(ctx, inventoryEvents.backorder_allocated({ reference_type, reference_id, lines }))
  }
}
