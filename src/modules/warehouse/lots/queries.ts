import { sql } from 'kysely'
import type { Static } from 'typebox'
import { isUuid } from '#kit/ids'
import { type Page, pageErrors, pageOf, pageStart } from '#kit/pages'
import { findItem, findLocation, type StockState } from '#modules/inventory'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { pageById, pageByNumber } from '#platform/database/list-pages'
import { dayOf, daysAfter, lotKey } from '../keeping/posted.ts'
import { db, type LotRow } from '../tables.ts'
import { findLot, lotAsTold, lotsAsTold } from './find-lot.ts'
import type { GetLot, ListExpiring, ListLotHistory, ListLots, Lot, LotMovement } from './schemas.ts'

/** One lot with its units. */
export const getLot = async (ctx: Context, { id }: GetLot): Promise<Lot> =>
  lotAsTold(ctx, await findLot(ctx, id))

/** Lots, newest first. */
export async function listLots(ctx: Context, query: ListLots): Promise<Page<Lot>> {
  let found = db(ctx).selectFrom('lots')
  if (query.item_id !== undefined) {
    found = found.where('item_id', '=', (await findItem(ctx, query.item_id)).id)
  }
  if (query.lot_number !== undefined) {
    found = found.where('lot_key', '=', lotKey(query.lot_number))
  }
  if (query.blocked !== undefined) {
    found = found.where('blocked_at', query.blocked ? 'is not' : 'is', null)
  }
  const rows = found.selectAll()
  return pageById(ctx, query, { name: 'lots', rows, tell: (lots) => lotsAsTold(ctx, lots) })
}

async function toldOf(ctx: Context, rows: readonly LotRow[]): Promise<Map<LotRow, Lot>> {
  const lots = await lotsAsTold(ctx, rows)
  return new Map(rows.map((row, nth) => [row, lots[nth] as Lot]))
}

/** Lots with units whose last good day is near or over, the nearest first. */
export async function listExpiring(ctx: Context, query: ListExpiring): Promise<Page<Lot>> {
  const start = pageStart(query, 'expiring')
  const last = daysAfter(dayOf(ctx.now), query.within_days ?? 30)
  const location_id =
    query.location_id === undefined ? undefined : (await findLocation(ctx, query.location_id)).id
  const found = db(ctx)
    .selectFrom('lots')
    .where('expires_on', 'is not', null)
    .where('expires_on', '<=', last)
    .where(({ exists, selectFrom }) => {
      const units = selectFrom('lot_levels as l')
        .select('l.item_id')
        .whereRef('l.lot_id', '=', 'lots.id')
        .where('l.quantity', '>', 0)
      return exists(location_id ? units.where('l.location_id', '=', location_id) : units)
    })
  const [day, id] = start.after ?? []
  if (start.after && (typeof day !== 'string' || !isUuid(String(id)))) throw pageErrors.bad_cursor()
  const from = start.after
    ? found.where(sql<boolean>`(expires_on, id) > (${day}, ${id})`)
    : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('expires_on')
    .orderBy('id')
    .limit(start.limit + 1)
    .execute()
  const told = await toldOf(ctx, rows.slice(0, start.limit))
  return pageOf({
    start,
    sort: 'expiring',
    rows,
    key: (row) => [row.expires_on, row.id],
    item: (row) => told.get(row) as Lot,
    total: await countUpTo(ctx, found),
  })
}

/** What happened to the units of a lot, newest first. */
export async function listLotHistory(
  ctx: Context,
  query: ListLotHistory,
): Promise<Page<Static<typeof LotMovement>>> {
  const lot = await findLot(ctx, query.id)
  return pageByNumber(ctx, query, {
    name: '-sequence',
    number: 'sequence',
    rows: db(ctx).selectFrom('lot_movements').where('lot_id', '=', lot.id).selectAll(),
    tell: (rows) => rows.map(({ state, ...row }) => ({ ...row, state: state as StockState })),
  })
}
