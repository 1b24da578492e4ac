import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { SELLABLE, shelvesAfter, skusOf, unitsByState } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { insertRows } from '#platform/tables'
import { detailOf } from '../keeping/facts.ts'
import { isKept } from '../keeping/keep.ts'
import { spotOf } from '../keeping/posted.ts'
import { db } from '../tables.ts'
import { countEvents } from './events.ts'
import { type CountRow, changeCount } from './find-count.ts'
import { countLifecycle } from './lifecycle.ts'

const SHELVES = 1_000

/** A shelf that may be counted. */
type Shelf = { item_id: Id<'item'>; sku: string; on_hand: number }

/**
 * Draws up the lines of the next thousand shelves and moves the count on: a fixed number of
 * statements, however many lines they have. The count's lock is held.
 */
export async function planBatch(ctx: Context, row: CountRow): Promise<CountRow> {
  const { shelves, is_last } = await nextShelves(ctx, row)
  const lines = await linesOf(ctx, row, shelves)
  if (lines.length > 0) await insertLines.run(ctx, { rows: lines })
  const position = shelves.at(-1)?.item_id ?? row.position
  const lines_count = row.lines_count + lines.length
  if (!is_last) return changeCount(ctx, row, { position, lines_count })
  return openCount(ctx, { ...row, lines_count })
}

const itemsInBins = prepared(
  db,
  (open, p: { bins: readonly string[]; after: string; limit: number }, engine) =>
    rawQuery(
      open,
      sql<{ item_id: Id<'item'> }>`select distinct item_id from lot_levels
        where ${isOneOf(engine, 'bin_id', { values: p.bins, kind: 'uuid' })}
          and item_id > ${p.after} and state = 'sellable' and quantity > 0
        order by item_id limit ${p.limit}`,
    ),
)
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

async function nextShelves(ctx: Context, row: CountRow) {
  const { location_id, position: after, scope } = row
  if (scope.item_ids) return { shelves: await shelvesOf(ctx, row, scope.item_ids), is_last: true }
  const bins = await binsInScope(ctx, row)
  if (bins) {
    const asked = { bins: [...bins], after: after ?? BEFORE_ALL, limit: SHELVES }
    const items = await itemsInBins(ctx, asked)
    const ids = items.map(({ item_id }) => item_id)
    return { shelves: await shelvesOf(ctx, row, ids), is_last: items.length < SHELVES }
  }
  const shelves = await shelvesAfter(ctx, { location_id, after, limit: SHELVES })
  return { shelves, is_last: shelves.length < SHELVES }
}

/** These items at the location, with or without stock. */
async function shelvesOf(
  ctx: Context,
  { location_id }: CountRow,
  items: readonly Id<'item'>[],
): Promise<Shelf[]> {
  const skus = await skusOf(ctx, items)
  const units = await unitsByState(ctx, [...skus.keys()])
  const here = new Map(
    units
      .filter((one) => one.location_id === location_id && one.state === SELLABLE)
      .map(({ item_id, quantity }) => [item_id, quantity]),
  )
  return [...skus]
    .map(([item_id, sku]) => ({ item_id, sku, on_hand: here.get(item_id) ?? 0 }))
    .sort((a, b) => (a.item_id < b.item_id ? -1 : 1))
}

/** The bins that are asked for; undefined where all places are. */
async function binsInScope(ctx: Context, { scope }: CountRow): Promise<Set<string> | undefined> {
  const { zone_ids, bin_ids } = scope
  if (!zone_ids && !bin_ids) return undefined
  const bins = new Set<string>(bin_ids ?? [])
  if (zone_ids && zone_ids.length > 0) {
    const rows = await db(ctx)
      .selectFrom('bins')
      .select('id')
      .where('zone_id', 'in', [...zone_ids])
      .where('archived_at', 'is', null)
      .execute()
    for (const { id } of rows) bins.add(id)
  }
  return bins
}

type Place = {
  item_id: Id<'item'>
  sku: string
  bin_id: Id<'bin'> | null
  lot_id: Id<'lot'> | null
}

const spotsOf = prepared(db, (open, p: { items: readonly string[]; location_id: string }, engine) =>
  open
    .selectFrom('lot_levels')
    .select(['item_id', 'bin_id', 'lot_id'])
    .where(isOneOf(engine, 'item_id', { values: p.items, kind: 'uuid' }))
    .where('location_id', '=', p.location_id as Id<'location'>)
    .where('state', '=', SELLABLE)
    .where('quantity', '>', 0)
    .orderBy('item_id')
    .orderBy('spot'),
)
const lastCountsOf = prepared(
  db,
  (open, p: { items: readonly string[]; location_id: string }, engine) =>
    open
      .selectFrom('last_counts')
      .select(['item_id', 'spot', 'counted_at'])
      .where(isOneOf(engine, 'item_id', { values: p.items, kind: 'uuid' }))
      .where('location_id', '=', p.location_id as Id<'location'>),
)
const insertLines = insertRows(db, 'count_lines')

async function linesOf(ctx: Context, row: CountRow, shelves: readonly Shelf[]) {
  const { location_id, scope } = row
  if (shelves.length === 0) return []
  const at = shelves.map(({ item_id }) => ({ item_id, location_id }))
  const detail = await detailOf(ctx, at)
  const wanted = shelves.filter(({ item_id }) => {
    const { abc_classes } = scope
    return !abc_classes || abc_classes.includes(detail.tracking.get(item_id)?.abc_class ?? '')
  })
  const items = wanted.map(({ item_id }) => item_id)
  const spots = Map.groupBy(await spotsOf(ctx, { items, location_id }), (one) => one.item_id)
  const bins = await binsInScope(ctx, row)
  const places = wanted.flatMap(({ item_id, sku, on_hand }): Place[] => {
    if (isKept(detail, { item_id, location_id })) {
      const own = spots.get(item_id) ?? []
      const inScope = own.filter(({ bin_id }) => !bins || (bin_id !== null && bins.has(bin_id)))
      return inScope.map((spot) => ({ ...spot, sku }))
    }
    if (bins || (on_hand === 0 && !scope.item_ids)) return []
    return [{ item_id, sku, bin_id: null, lot_id: null }]
  })
  const due = await dueOnly(ctx, row, places)
  return due.map((place) => newLine(ctx, row, place))
}

async function dueOnly(
  ctx: Context,
  { location_id, scope }: CountRow,
  places: readonly Place[],
): Promise<readonly Place[]> {
  const { not_counted_since: since } = scope
  if (since === undefined || places.length === 0) return places
  const items = [...new Set(places.map(({ item_id }) => item_id))]
  const last = await lastCountsOf(ctx, { items, location_id })
  const fresh = new Set(
    last.filter(({ counted_at }) => counted_at >= since).map((one) => `${one.item_id} ${one.spot}`),
  )
  return places.filter((place) => !fresh.has(`${place.item_id} ${spotOf(place)}`))
}

/** A line that nobody has counted. It gets its number when the count opens. */
export const newLine = (
  ctx: Context,
  { id: count_id, location_id }: Pick<CountRow, 'id' | 'location_id'>,
  place: Place,
) => ({
  id: ctx.newId('count_line'),
  count_id,
  number: 0,
  ...place,
  location_id,
  spot: spotOf(place),
  status: 'pending' as const,
  times_counted: 0,
  updated_at: ctx.now,
})

const dropNewest = prepared(db, (open, p: { count_id: string; keep: number }) =>
  rawQuery(
    open,
    sql<never>`delete from count_lines where count_id = ${p.count_id} and id not in (
      select c.id from count_lines as c left join last_counts as l on l.item_id = c.item_id
        and l.location_id = c.location_id and l.spot = c.spot
      where c.count_id = ${p.count_id}
      order by l.counted_at nulls first, c.id limit ${p.keep})`,
  ),
)

const numberLines = prepared(db, (open, p: { count_id: string }) =>
  rawQuery(
    open,
    sql<never>`update count_lines set number = walk.nth from (
        select c.id, row_number() over (order by coalesce(z.pick_sequence, 0),
          coalesce(b.pick_sequence, 0), coalesce(b.code, ''), c.sku, c.spot) as nth
        from count_lines as c left join bins as b on b.id = c.bin_id
          left join zones as z on z.id = b.zone_id
        where c.count_id = ${p.count_id}) as walk
      where count_lines.id = walk.id`,
  ),
)

/** Keeps the lines that were not counted for longest, and puts them in the order of a walk. */
async function openCount(ctx: Context, row: CountRow): Promise<CountRow> {
  const { id: count_id, scope, number, location_id } = row
  const lines_count = Math.min(row.lines_count, scope.lines_max ?? row.lines_count)
  if (lines_count < row.lines_count) await dropNewest.run(ctx, { count_id, keep: lines_count })
  await numberLines.run(ctx, { count_id })
  const status = countLifecycle.next(row.status, 'open')
  emit(ctx, countEvents.opened({ count_id, number, location_id, lines: lines_count }))
  return changeCount(ctx, row, { status, lines_count, position: null })
}
