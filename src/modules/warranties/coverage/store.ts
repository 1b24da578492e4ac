import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { isDuplicate } from '#platform/database/duplicates'
import { insertEach } from '#platform/database/each-row'
import { lockEntity } from '#platform/database/entity-lock'
import { nextNumber } from '#platform/database/numbers'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { requireVersion } from '#platform/versions'
import { warrantyErrors } from '../errors.ts'
import { endOf } from '../months.ts'
import { isForeign } from '../staff-only.ts'
import { db, FIRST_NUMBER, serialKey, type WarrantyRow } from '../tables.ts'

const byId = prepared(db, (open, p: { id: Id<'warranty'> }) =>
  open.selectFrom('warranties').selectAll().where('id', '=', p.id),
)

/** A warranty that the caller may see; throws `not_found`. */
export async function findWarranty(ctx: Context, id: Id<'warranty'>): Promise<WarrantyRow> {
  const row = await byId.first(ctx, { id })
  if (!row || isForeign(ctx, row)) throw warrantyErrors.not_found({ warranty_id: id })
  return asOfNow(ctx, row)
}

/** A warranty as it is at this moment, also where its end has come and nobody has written that. */
export const asOfNow = ({ now }: Pick<Context, 'now'>, row: WarrantyRow): WarrantyRow =>
  row.status === 'active' && row.end_at !== null && row.end_at <= now
    ? { ...row, status: 'expired' }
    : row

/** A warranty, locked until the commit. Whatever changes it or its claims begins here. */
export async function lockWarranty(ctx: Context, id: Id<'warranty'>): Promise<WarrantyRow> {
  await lockEntity(ctx, 'warranty', id)
  return findWarranty(ctx, id)
}

/** The same for an editor, who may have named the version. */
export async function warrantyToChange(ctx: Context, id: Id<'warranty'>): Promise<WarrantyRow> {
  const row = await lockWarranty(ctx, id)
  requireVersion(ctx, row.version)
  return row
}

/**
 * Writes a warranty as it is from now on. The schedules that end and begin coverage take no lock:
 * the version says whether they were faster.
 */
export async function saveWarranty(
  ctx: Context,
  known: WarrantyRow,
  change: Partial<WarrantyRow>,
): Promise<WarrantyRow> {
  const after = { ...known, ...change, version: known.version + 1, updated_at: ctx.now }
  const { numUpdatedRows } = await db(ctx)
    .updateTable('warranties')
    .set({ ...change, version: after.version, updated_at: after.updated_at })
    .where('id', '=', known.id)
    .where('version', '=', known.version)
    .executeTakeFirstOrThrow()
    .catch(translate)
  if (numUpdatedRows === 0n) throw new TryAgain(`warranty ${known.id} changed meanwhile`)
  return after
}

const ONE_A_SERIAL = {
  index: 'warranties_one_a_serial',
  columns: 'warranties.serial_key, warranties.product_id',
}

/** Another has covered the same serial number since it was looked at. */
function translate(error: unknown): never {
  if (isDuplicate(error, ONE_A_SERIAL)) throw new TryAgain('a serial number was covered meanwhile')
  throw error
}

type NewRow = Omit<WarrantyRow, 'number'>
const { number: _, ...KINDS } = db.kinds('warranties')

const insertWarranties = insertEach<NewRow, unknown>(db as never, KINDS as never, {
  table: 'warranties',
  values: (row, engine) => ({ ...row, number: nextNumber(engine, 'warranties', FIRST_NUMBER) }),
  onConflict: sql`on conflict do nothing`,
})

const rowsById = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('warranties')
    .selectAll()
    .where('id', 'in', listOf(engine, p.ids, 'uuid'))
    .orderBy('id'),
)

/** Stores warranties, and answers those that are new: of a delivery or a serial there is one. */
export async function insertNew(ctx: Context, rows: readonly NewRow[]): Promise<WarrantyRow[]> {
  if (rows.length === 0) return []
  await insertWarranties.run(ctx, { rows })
  return rowsById(ctx, { ids: rows.map(({ id }) => id) })
}

export type Cover = Pick<WarrantyRow, 'product_id' | 'customer_id' | 'warranty_type'> &
  Partial<NewRow>

/** A warranty with what follows from its facts: its end, and whether it has begun. */
export function newWarranty(ctx: Context, cover: Cover): NewRow {
  const serial = cover.serial_number ?? null
  const times = {
    start_at: cover.start_at ?? null,
    term_months: cover.term_months ?? null,
    fixed_end_at: cover.fixed_end_at ?? null,
    extended_months: 0,
  }
  const end_at = endOf(times)
  return {
    id: ctx.newId('warranty'),
    plan_id: null,
    order_id: null,
    order_line_id: null,
    shipment_id: null,
    quantity: 1,
    claimed_quantity: 0,
    ended_quantity: 0,
    description: null,
    terms: null,
    transferable: false,
    activate_by: null,
    replaces_id: null,
    claim_id: null,
    ...cover,
    ...times,
    serial_number: serial,
    serial_key: serial && serialKey(serial),
    status: statusAt(ctx.now, end_at),
    end_at,
    void_reason: null,
    expiring_told_at: null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
}

function statusAt(now: string, end_at: string | null): WarrantyRow['status'] {
  if (end_at === null) return 'pending'
  return end_at <= now ? 'expired' : 'active'
}

const liveBySerial = prepared(db, (open, p: { serial_keys: readonly string[] }, engine) =>
  open
    .selectFrom('warranties')
    .selectAll()
    .where('serial_key', 'in', listOf(engine, p.serial_keys, 'text'))
    .where('status', 'in', ['pending', 'active']),
)

/** What covers these serial numbers now, of whichever product. */
export const coveringSerials = (
  ctx: Context,
  serials: readonly string[],
): Promise<WarrantyRow[]> =>
  serials.length === 0
    ? Promise.resolve([])
    : liveBySerial(ctx, { serial_keys: serials.map(serialKey) })
