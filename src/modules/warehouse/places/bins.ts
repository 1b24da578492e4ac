import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { findLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { prepared } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { requireVersion } from '#platform/versions'
import { warehouseErrors } from '../errors.ts'
import { binEvents } from '../events.ts'
import { type BinRow, db } from '../tables.ts'
import { findBin } from './find-bin.ts'
import type { Bin, BinType, CreateBins, GetBin, UpdateBin } from './schemas.ts'
import { findZone } from './zones.ts'

export const binOf = ({ archived_at: _, type, ...row }: BinRow): Bin => ({
  ...row,
  type: type as BinType,
})

/** One bin by id or scan code. */
export const getBin = async (ctx: Context, { id }: GetBin): Promise<Bin> =>
  binOf(await findBin(ctx, id))

const insertBins = insertEach<BinRow, unknown>(db as never, db.kinds('bins') as never, {
  table: 'bins',
  values: (row) => row,
  onConflict: sql`on conflict do nothing`,
})

/**
 * Sets up bins, all or none. Codes are unique in the location, scan codes in the house: throws
 * `code_taken`, `scan_code_taken`. Throws `zone_not_found`.
 */
export async function createBins(ctx: Context, input: CreateBins): Promise<{ bins: Bin[] }> {
  const location = await findLocation(ctx, input.location_id)
  await requireZones(ctx, location.id, input)
  const rows = input.bins.map(
    (bin): BinRow => ({
      id: ctx.newId('bin'),
      location_id: location.id,
      zone_id: bin.zone_id ?? null,
      code: bin.code,
      scan_code: bin.scan_code ?? `${location.code}-${bin.code}`,
      type: bin.type ?? 'storage',
      pick_sequence: bin.pick_sequence ?? 0,
      archived_at: null,
      version: 1,
      created_at: ctx.now,
      updated_at: ctx.now,
    }),
  )
  requireScanCodes(rows)
  const { affected } = await insertBins.run(ctx, { rows })
  if (affected !== rows.length) await refuseTaken(ctx, rows)
  for (const row of rows) emit(ctx, binEvents.created(told(row)))
  return { bins: rows.map(binOf) }
}

const told = ({ id: bin_id, location_id, code }: BinRow) => ({ bin_id, location_id, code })

const zonesById = prepared(db, (open, p: { ids: readonly string[]; location_id: string }, engine) =>
  open
    .selectFrom('zones')
    .select('id')
    .where(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' }))
    .where('location_id', '=', p.location_id as Id<'location'>)
    .where('archived_at', 'is', null),
)

async function requireZones(
  ctx: Context,
  location_id: Id<'location'>,
  { bins }: CreateBins,
): Promise<void> {
  const ids = [...new Set(bins.flatMap(({ zone_id }) => zone_id ?? []))]
  if (ids.length === 0) return
  const found = new Set((await zonesById(ctx, { ids, location_id })).map(({ id }) => id))
  const zone = ids.find((id) => !found.has(id))
  if (zone) throw warehouseErrors.zone_not_found({ zone })
}

function requireScanCodes(rows: readonly BinRow[]): void {
  for (const { scan_code } of rows) {
    if (scan_code.length > 64) throw invalidField('scan_code', 'must not be longer than 64')
    requireNoId(scan_code)
  }
}

/** Refuses a scan code that could not be told from a bin's id. */
function requireNoId(scan_code: string): void {
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(scan_code)) {
    throw invalidField('scan_code', 'must not look like an id')
  }
}

const takenBy = prepared(
  db,
  (open, p: { codes: readonly string[]; ids: readonly string[] }, engine) =>
    open
      .selectFrom('bins')
      .select('scan_code')
      .where(isOneOf(engine, 'scan_code', { values: p.codes, kind: 'text' }))
      .where((eb) => eb.not(isOneOf(engine, 'id', { values: p.ids, kind: 'uuid' }) as never)),
)

async function refuseTaken(ctx: Context, rows: readonly BinRow[]): Promise<never> {
  const [taken] = await takenBy(ctx, {
    codes: rows.map(({ scan_code }) => scan_code),
    ids: rows.map(({ id }) => id),
  })
  const scanned = rows.map(({ scan_code }) => scan_code)
  const scan_code = taken?.scan_code ?? scanned.find((one, nth) => scanned.indexOf(one) < nth)
  const codes = rows.map(({ code }) => code)
  const code = codes.find((one, nth) => codes.indexOf(one) < nth) ?? (await codeTaken(ctx, rows))
  if (code !== undefined) throw warehouseErrors.code_taken({ code })
  throw warehouseErrors.scan_code_taken({ scan_code: scan_code ?? '' })
}

async function codeTaken(ctx: Context, rows: readonly BinRow[]): Promise<string | undefined> {
  const known = await db(ctx)
    .selectFrom('bins')
    .select(['id', 'code'])
    .where('location_id', '=', rows[0]?.location_id as Id<'location'>)
    .where(
      'code',
      'in',
      rows.map(({ code }) => code),
    )
    .execute()
  const own = new Set(rows.map(({ id }) => id))
  return known.find(({ id }) => !own.has(id))?.code
}

/** Changes a bin. Throws `scan_code_taken`, `zone_not_found`, `bin_elsewhere`. */
export async function updateBin(ctx: Context, input: UpdateBin): Promise<Bin> {
  const known = await findBin(ctx, input.id)
  requireVersion(ctx, known.version)
  const { scan_code = known.scan_code } = input
  if (scan_code !== known.scan_code) {
    requireNoId(scan_code)
    const taken = await db(ctx)
      .selectFrom('bins')
      .select('id')
      .where('scan_code', '=', scan_code)
      .executeTakeFirst()
    if (taken) throw warehouseErrors.scan_code_taken({ scan_code })
  }
  if (input.zone_id) {
    const zone = await findZone(ctx, input.zone_id)
    if (zone.location_id !== known.location_id) {
      throw warehouseErrors.bin_elsewhere({ bin: known.code })
    }
  }
  const row: BinRow = {
    ...known,
    scan_code,
    zone_id: input.zone_id === undefined ? known.zone_id : input.zone_id,
    type: input.type ?? known.type,
    pick_sequence: input.pick_sequence ?? known.pick_sequence,
    version: known.version + 1,
    updated_at: ctx.now,
  }
  await db(ctx).updateTable('bins').set(row).where('id', '=', row.id).execute()
  emit(ctx, binEvents.updated(told(row)))
  return binOf(row)
}

/** Gives up an empty bin; its code stays taken, because history names it. Throws `bin_in_use`. */
export async function archiveBin(ctx: Context, { id }: GetBin): Promise<undefined> {
  const row = await findBin(ctx, id)
  const { numUpdatedRows } = await db(ctx)
    .updateTable('bins')
    .set({ archived_at: ctx.now, version: row.version + 1, updated_at: ctx.now })
    .where('id', '=', row.id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('lot_levels')
            .select('item_id')
            .where('bin_id', '=', row.id)
            .where('quantity', '>', 0),
        ),
      ),
    )
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw warehouseErrors.bin_in_use({ bin: row.code })
  emit(ctx, binEvents.archived(told(row)))
}
