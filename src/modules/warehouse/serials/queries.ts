import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import { findItem, findLocation, type Reference, skusOf } from '#modules/inventory'
import type { Context } from '#platform/context'
import { eachRow, type Row } from '#platform/database/each-row'
import { pageById, pageByNumber } from '#platform/database/list-pages'
import { warehouseErrors } from '../errors.ts'
import { detailOf } from '../keeping/facts.ts'
import { hasSerials, serialKey } from '../keeping/posted.ts'
import { db, type SerialRow } from '../tables.ts'
import type {
  GetSerial,
  ListSerialHistory,
  ListSerials,
  Serial,
  SerialMoveTold,
} from './schemas.ts'

/** The serial number of this id; throws `serial_not_found`. */
export async function findSerial(ctx: Context, serial: Id<'serial'>): Promise<SerialRow> {
  const row = await db(ctx)
    .selectFrom('serials')
    .selectAll()
    .where('id', '=', serial)
    .executeTakeFirst()
  if (!row) throw warehouseErrors.serial_not_found({ serial })
  return row
}

/** One serial number: where it is now. */
export async function getSerial(ctx: Context, { id }: GetSerial): Promise<Serial> {
  const row = await findSerial(ctx, id)
  return serialOf(row, await skusOf(ctx, [row.item_id]))
}

const serialOf = (
  { serial_key: _, ...row }: SerialRow,
  skus: ReadonlyMap<Id<'item'>, string>,
): Serial => ({ ...row, item_number: skus.get(row.item_id) ?? '' }) as Serial

/** Serial numbers, newest first. */
export async function listSerials(ctx: Context, query: ListSerials): Promise<Page<Serial>> {
  let found = db(ctx).selectFrom('serials')
  if (query.item_id !== undefined) {
    found = found.where('item_id', '=', (await findItem(ctx, query.item_id)).id)
  }
  if (query.location_id !== undefined) {
    found = found.where('location_id', '=', (await findLocation(ctx, query.location_id)).id)
  }
  if (query.serial_number !== undefined) {
    found = found.where('serial_key', '=', serialKey(query.serial_number))
  }
  if (query.lot_id) found = found.where('lot_id', '=', query.lot_id)
  if (query.status) found = found.where('status', '=', query.status)
  return pageById(ctx, query, {
    name: 'serials',
    rows: found.selectAll(),
    async tell(rows) {
      const items = rows.map(({ item_id }) => item_id)
      const skus = await skusOf(ctx, items)
      return rows.map((row) => serialOf(row, skus))
    },
  })
}

/** What happened to a serial number, newest first. */
export async function listSerialHistory(
  ctx: Context,
  query: ListSerialHistory,
): Promise<Page<Static<typeof SerialMoveTold>>> {
  const { id } = await findSerial(ctx, query.id)
  return pageByNumber(ctx, query, {
    name: '-sequence',
    number: 'sequence',
    rows: db(ctx).selectFrom('serial_moves').where('serial_id', '=', id).selectAll(),
    tell: (rows) => rows.map(({ serial_id: _, ...row }) => row as Static<typeof SerialMoveTold>),
  })
}

/** A serial number that left for a holder. */
export type SerialOut = Reference & {
  item_id: Id<'item'>
  serial_id: Id<'serial'>
  serial_number: string
  lot_id: Id<'lot'> | null
  /** Nobody named it when it left: the rule chose it. */
  is_assumed: boolean
}

const REFERENCE = { reference_type: 'text', reference_id: 'text' } as const

const shippedTo = eachRow(db, REFERENCE, (ref: Row<Reference>, from) => {
  const isIt = sql`m.reference_id = ${ref.reference_id}
    and m.reference_type = ${ref.reference_type} and m.status = 'shipped'`
  const columns = sql`m.reference_type, m.reference_id, s.item_id, m.serial_id, s.serial_number,
    s.lot_id, m.is_assumed, m.sequence`
  const joined = sql`serial_moves as m join serials as s on s.id = m.serial_id`
  const rows = from ? sql`${from} as r join (${joined}) on ${isIt}` : sql`${joined} where ${isIt}`
  return sql<SerialOut>`select ${columns} from ${rows} order by m.sequence`
})

/**
 * The serial numbers that were shipped for holders such as orders, in the order in which they left;
 * those that came back since are told too. One statement.
 */
export const serialsOf = (ctx: Context, references: readonly Reference[]): Promise<SerialOut[]> =>
  references.length > 0 ? shippedTo(ctx, { rows: references }) : Promise.resolve([])

/** Units of a lot that left for a holder, or came back from it. */
export type LotOut = Reference & {
  item_id: Id<'item'>
  lot_id: Id<'lot'>
  quantity: number
}

const lotsTo = eachRow(db, REFERENCE, (ref: Row<Reference>, from) => {
  const isIt = sql`m.reference_id = ${ref.reference_id}
    and m.reference_type = ${ref.reference_type} and m.kind in ('shipped', 'returned')
    and m.lot_id is not null`
  const columns = sql`m.reference_type, m.reference_id, m.item_id, m.lot_id`
  const rows = from
    ? sql`${from} as r join lot_movements as m on ${isIt}`
    : sql`lot_movements as m where ${isIt}`
  return sql<LotOut>`select ${columns}, -sum(m.quantity_delta) as quantity from ${rows}
    group by ${columns} having sum(m.quantity_delta) < 0 order by m.lot_id`
})

/** The lots that holders such as orders got, less what came back under their name. */
export const lotsShippedTo = (ctx: Context, references: readonly Reference[]): Promise<LotOut[]> =>
  references.length > 0 ? lotsTo(ctx, { rows: references }) : Promise.resolve([])

/** Units that are about to leave or come in, with the serial numbers that somebody scanned. */
export type ScannedUnits = {
  item_id: Id<'item'>
  location_id: Id<'location'>
  quantity: number
  serial_numbers?: readonly string[]
}

/**
 * Refuses units of items with serial numbers for which not exactly one number a unit is named; of
 * other items nothing is asked. Throws `serials_required`, `serials_unwanted`, `serial_twice`.
 */
export async function requireSerials(ctx: Context, units: readonly ScannedUnits[]): Promise<void> {
  if (units.length === 0) return
  const { tracking } = await detailOf(ctx, units)
  const seen = new Set<string>()
  for (const { item_id: item, quantity, serial_numbers = [] } of units) {
    if (!hasSerials(tracking.get(item))) {
      if (serial_numbers.length > 0) throw warehouseErrors.serials_unwanted({ item })
      continue
    }
    if (serial_numbers.length !== quantity) {
      throw warehouseErrors.serials_required({ item, quantity })
    }
    for (const serial of serial_numbers) {
      const key = `${item} ${serialKey(serial)}`
      if (seen.has(key)) throw warehouseErrors.serial_twice({ serial })
      seen.add(key)
    }
  }
}
