import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { afterId, type Page, pageErrors, pageOf, pageStart } from '#kit/pages'
import { findLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { binsOf, lotsOf } from '../keeping/facts.ts'
import { db } from '../tables.ts'
import { type CountRow, countOf, findCount, type LineRow } from './find-count.ts'
import { type UnitCost, unitCosts } from './ports.ts'
import type {
  CycleCount,
  GetCount,
  ListCounts,
  ListSheet,
  ListVariances,
  SheetLine,
  Variance,
} from './schemas.ts'

/** One count and how far it is. */
export const getCount = async (ctx: Context, { id }: GetCount): Promise<CycleCount> =>
  countOf(await findCount(ctx, id))

/** Counts, newest first. */
export async function listCounts(ctx: Context, query: ListCounts): Promise<Page<CycleCount>> {
  const start = pageStart(query, 'counts')
  const after = afterId<'cycle_count'>(start)
  let found = db(ctx).selectFrom('cycle_counts')
  if (query.status) found = found.where('status', '=', query.status)
  if (query.location_id !== undefined) {
    found = found.where('location_id', '=', (await findLocation(ctx, query.location_id)).id)
  }
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  return pageOf({
    start,
    sort: 'counts',
    rows,
    key: ({ id }) => [id],
    item: countOf,
    total: await countUpTo(ctx, found),
  })
}

/** The lines as counters see them, in the order of a walk: in a blind count without the books. */
export async function listSheet(ctx: Context, query: ListSheet): Promise<Page<SheetLine>> {
  const count = await findCount(ctx, query.id)
  const { page, rows } = await linesPage(ctx, query)
  const told = await sheetLines(ctx, count, rows)
  return { ...page, items: page.items.map((_, nth) => told[nth] as SheetLine) }
}

/** The lines with what the books said and what was found, for whoever approves. */
export async function listVariances(ctx: Context, query: ListVariances): Promise<Page<Variance>> {
  await findCount(ctx, query.id)
  const { page, rows } = await linesPage(ctx, query)
  const [places, costs] = await Promise.all([
    placesOf(ctx, rows),
    unitCosts.of(ctx).costsOf(ctx, [...new Set(rows.map(({ item_id }) => item_id))]),
  ])
  const told = rows.map((row) => varianceOf(row, places, costs.get(row.item_id)))
  return { ...page, items: page.items.map((_, nth) => told[nth] as Variance) }
}

type Asked = ListSheet & { only_differences?: boolean }

async function linesPage(ctx: Context, query: Asked) {
  const start = pageStart(query, 'number')
  const [number, id] = start.after ?? []
  if (start.after && (!Number.isSafeInteger(number) || typeof id !== 'string')) {
    throw pageErrors.bad_cursor()
  }
  let found = db(ctx).selectFrom('count_lines').where('count_id', '=', query.id)
  if (query.status) found = found.where('status', '=', query.status)
  if (query.only_differences) {
    found = found.where(sql<boolean>`counted_quantity <> expected_quantity`)
  }
  const from =
    number !== undefined ? found.where('number', '>', Number(number)) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('number')
    .orderBy('id')
    .limit(start.limit + 1)
    .execute()
  const page = pageOf({
    start,
    sort: 'number',
    rows,
    key: (row) => [row.number, row.id],
    item: ({ id: line }) => line,
    total: await countUpTo(ctx, found),
  })
  return { page, rows: rows.slice(0, start.limit) }
}

type Places = Awaited<ReturnType<typeof placesOf>>

async function placesOf(ctx: Context, rows: readonly LineRow[]) {
  const lots = rows.flatMap(({ lot_id }) => lot_id ?? [])
  const bins = rows.flatMap(({ bin_id }) => bin_id ?? [])
  const [lotsBy, binsBy] = await Promise.all([lotsOf(ctx, lots), binsOf(ctx, bins)])
  return { lots: lotsBy, bins: binsBy }
}

function placeOf(row: LineRow, { lots, bins }: Places) {
  const { id, number, item_id, sku, bin_id, lot_id, status } = row
  const bin = bin_id === null ? undefined : bins.get(bin_id as Id<'bin'>)
  return {
    id,
    number,
    item_id,
    item_number: sku,
    bin_id,
    bin_code: bin?.code ?? null,
    scan_code: bin?.scan_code ?? null,
    lot_id,
    lot_number: (lot_id && lots.get(lot_id)?.lot_number) ?? null,
    status,
  }
}

/** Lines as counters see them. */
export async function sheetLines(
  ctx: Context,
  { blind }: CountRow,
  rows: readonly LineRow[],
): Promise<SheetLine[]> {
  const places = await placesOf(ctx, rows)
  return rows.map((row) => ({
    ...placeOf(row, places),
    expected_quantity: blind ? null : row.expected_quantity,
    counted_at: row.counted_at,
  }))
}

function varianceOf(row: LineRow, places: Places, cost: UnitCost | undefined): Variance {
  const { expected_quantity, counted_quantity } = row
  const difference =
    expected_quantity === null || counted_quantity === null
      ? null
      : counted_quantity - expected_quantity
  return {
    ...placeOf(row, places),
    expected_quantity,
    counted_quantity,
    difference,
    difference_value:
      cost && difference !== null ? formatMoney(difference * cost.amount, cost.currency) : null,
    currency: cost?.currency ?? null,
    missing_serials: row.missing_serials,
    counted_sequence: row.counted_sequence,
    counted_by: row.counted_by,
    counted_at: row.counted_at,
    times_counted: row.times_counted,
    adjusted_quantity: row.adjusted_quantity,
    problem: row.problem,
  }
}
