import { sql } from 'kysely'
import { isUuid } from '#kit/ids'
import { afterId, type Page, type PageStart, pageErrors, pageOf, pageStart } from '#kit/pages'
import { findItem, findLocation, type StockState, skusOf } from '#modules/inventory'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { binsOf, lotsOf } from '../keeping/facts.ts'
import { type BinRow, db, type LevelRow } from '../tables.ts'
import { binOf } from './bins.ts'
import { findBin } from './find-bin.ts'
import type { Bin, ListBins, ListContent, ListPlaces, PlaceUnits } from './schemas.ts'

/** Bins in use, in the order in which a picker walks; of all locations, oldest first. */
export async function listBins(ctx: Context, query: ListBins): Promise<Page<Bin>> {
  const start = pageStart(query, 'bins')
  const after = afterId<'bin'>(start)
  let found = db(ctx).selectFrom('bins').where('archived_at', 'is', null)
  if (query.location_id !== undefined) {
    found = found.where('location_id', '=', (await findLocation(ctx, query.location_id)).id)
  }
  if (query.zone_id) found = found.where('zone_id', '=', query.zone_id)
  if (query.type) found = found.where('type', '=', query.type)
  const from = after ? found.where('id', '>', after) : found.offset(start.offset)
  const rows: BinRow[] = await from
    .selectAll()
    .orderBy('id')
    .limit(start.limit + 1)
    .execute()
  return pageOf({
    start,
    sort: 'bins',
    rows,
    key: ({ id }) => [id],
    item: binOf,
    total: await countUpTo(ctx, found),
  })
}

/** What lies in a bin, by item. */
export async function listContent(ctx: Context, query: ListContent): Promise<Page<PlaceUnits>> {
  const bin = await findBin(ctx, query.id)
  return placesPage(ctx, query, levelsIn(ctx).where('bin_id', '=', bin.id))
}

/** What lies where, by item; empty places are left out. */
export async function listPlaces(ctx: Context, query: ListPlaces): Promise<Page<PlaceUnits>> {
  let found = levelsIn(ctx)
  if (query.item_id !== undefined) {
    found = found.where('item_id', '=', (await findItem(ctx, query.item_id)).id)
  }
  if (query.location_id !== undefined) {
    found = found.where('location_id', '=', (await findLocation(ctx, query.location_id)).id)
  }
  if (query.lot_id) found = found.where('lot_id', '=', query.lot_id)
  if (query.state) found = found.where('state', '=', query.state)
  if (query.unplaced) found = found.where('bin_id', 'is', null)
  return placesPage(ctx, query, found)
}

const levelsIn = (ctx: Context) => db(ctx).selectFrom('lot_levels')
type Levels = ReturnType<typeof levelsIn>

async function placesPage(
  ctx: Context,
  query: Omit<ListContent, 'id'>,
  levels: Levels,
): Promise<Page<PlaceUnits>> {
  const start = pageStart(query, 'places')
  const found = levels.where('quantity', '>', 0)
  const key = sql`(item_id, location_id, state, spot)`
  const from = start.after
    ? found.where(sql<boolean>`${key} > (${sql.join(keyOf(start))})`)
    : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('item_id')
    .orderBy('location_id')
    .orderBy('state')
    .orderBy('spot')
    .limit(start.limit + 1)
    .execute()
  const shown = await withNames(ctx, rows.slice(0, start.limit))
  return pageOf({
    start,
    sort: 'places',
    rows,
    key: ({ item_id, location_id, state, spot }) => [item_id, location_id, state, spot],
    item: (row) => shown.get(row) as PlaceUnits,
    total: await countUpTo(ctx, found),
  })
}

function keyOf({ after = [] }: PageStart) {
  const [item, location, ...rest] = after.map(String)
  if (rest.length !== 2 || !isUuid(item ?? '') || !isUuid(location ?? '')) {
    throw pageErrors.bad_cursor()
  }
  return [item, location, ...rest].map((part) => sql`${part}`)
}

/** Places with the names of what lies there: three statements for any number. */
async function withNames(
  ctx: Context,
  rows: readonly LevelRow[],
): Promise<Map<LevelRow, PlaceUnits>> {
  const [skus, lots, bins] = await Promise.all([
    skusOf(
      ctx,
      rows.map(({ item_id }) => item_id),
    ),
    lotsOf(
      ctx,
      rows.flatMap(({ lot_id }) => lot_id ?? []),
    ),
    binsOf(
      ctx,
      rows.flatMap(({ bin_id }) => bin_id ?? []),
    ),
  ])
  return new Map(
    rows.map((row) => {
      const { item_id, location_id, bin_id, lot_id, state, quantity, updated_at } = row
      const lot = lot_id === null ? undefined : lots.get(lot_id)
      const told = {
        item_id,
        item_number: skus.get(item_id) ?? '',
        location_id,
        bin_id,
        bin_code: (bin_id && bins.get(bin_id)?.code) ?? null,
        lot_id,
        lot_number: lot?.lot_number ?? null,
        expires_on: lot?.expires_on ?? null,
        state: state as StockState,
        quantity,
        updated_at,
      }
      return [row, told]
    }),
  )
}
