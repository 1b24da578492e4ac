import type { Id } from '#kit/ids'
import { itemsBySku, levelsAt, locationsByCode } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { db as imports } from '#platform/imports/tables'
import { lotsByKey } from '../keeping/day-lots.ts'
import { detailOf } from '../keeping/facts.ts'
import { lotKey } from '../keeping/posted.ts'
import { namedLot } from '../lots/commands.ts'
import { binsByScanCode } from '../places/find-bin.ts'
import type { CountedRow } from './read-row.ts'

const twins = prepared(imports, (open, p: { import_id: string; keys: readonly string[] }, engine) =>
  open
    .selectFrom('import_rows')
    .select(['row_key', 'line'])
    .where('import_id', '=', p.import_id as never)
    .where(isOneOf(engine, 'row_key', { values: p.keys, kind: 'text' }))
    .orderBy('group_no'),
)

export type Lookups = Awaited<ReturnType<typeof lookUp>>

/** All that counted rows are compared with: a fixed number of statements. */
export async function lookUp(ctx: Context, import_id: Id<'import'>, rows: readonly CountedRow[]) {
  const said = <T>(of: (row: CountedRow) => T | undefined): T[] => [
    ...new Set(rows.flatMap((row) => of(row) ?? [])),
  ]
  const items = await itemsBySku(
    ctx,
    said(({ sku }) => sku),
  )
  const locations = await locationsByCode(
    ctx,
    said(({ location }) => location),
  )
  const at = [...items.values()].flatMap(({ id: item_id }) =>
    [...locations.values()].map((location_id) => ({ item_id, location_id })),
  )
  const bins = await binsByScanCode(ctx, { codes: said(({ bin }) => bin) })
  const named = rows.flatMap(({ sku, lot }) => {
    const item = items.get(sku?.toLowerCase() ?? '')
    return item && lot !== undefined ? [{ item_id: item.id, lot_key: lotKey(lot) }] : []
  })
  const lots = named.length > 0 ? await lotsByKey(ctx, { rows: named }) : []
  const keys = rows.map(({ row_key }) => row_key)
  const first = new Map<string, number>()
  for (const { row_key, line } of await twins(ctx, { import_id, keys })) {
    if (!first.has(row_key)) first.set(row_key, line)
  }
  return {
    items,
    locations,
    bins: new Map(bins.filter((bin) => !bin.archived_at).map((bin) => [bin.scan_code, bin])),
    lots: new Map(lots.map((lot) => [namedLot(lot.item_id, lot.lot_number), lot])),
    levels: await levelsAt(
      ctx,
      [...items.values()].map(({ id }) => id),
    ),
    detail: await detailOf(ctx, at),
    first,
  }
}
