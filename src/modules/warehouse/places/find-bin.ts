import type { Id } from '#kit/ids'
import { isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { warehouseErrors } from '../errors.ts'
import { type BinRow, db } from '../tables.ts'

const binById = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('bins')
    .selectAll()
    .where('id', '=', p.id as Id<'bin'>),
)

/** The bins of these scan codes, archived ones too. */
export const binsByScanCode = prepared(db, (open, p: { codes: readonly string[] }, engine) =>
  open
    .selectFrom('bins')
    .selectAll()
    .where(isOneOf(engine, 'scan_code', { values: p.codes, kind: 'text' })),
)

/** The live bin that an id or a scan code names; throws `bin_not_found`. */
export async function findBin(ctx: Context, bin: string): Promise<BinRow> {
  const row = isUuid(bin)
    ? await binById.first(ctx, { id: bin })
    : await binsByScanCode.first(ctx, { codes: [bin] })
  if (!row || row.archived_at) throw warehouseErrors.bin_not_found({ bin })
  return row
}

const binsById = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('bins')
    .selectAll()
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' })),
)

/** The live bins that ids and scan codes name, by what named them; throws `bin_not_found`. */
export async function findBins(
  ctx: Context,
  names: readonly string[],
): Promise<Map<string, BinRow>> {
  const unique = [...new Set(names)]
  const ids = unique.filter(isUuid)
  const codes = unique.filter((name) => !isUuid(name))
  const rows = [
    ...(ids.length > 0 ? await binsById(ctx, { ids }) : []),
    ...(codes.length > 0 ? await binsByScanCode(ctx, { codes }) : []),
  ].filter(({ archived_at }) => archived_at === null)
  const found = new Map(
    rows.flatMap((row) => [[row.id as string, row] as const, [row.scan_code, row] as const]),
  )
  const missing = unique.find((name) => !found.has(name))
  if (missing !== undefined) throw warehouseErrors.bin_not_found({ bin: missing })
  return found
}
