import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Reference } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { type OnSale, takeOutOfSale } from '../lots/expire.ts'
import { db } from '../tables.ts'

type Members = { lots: readonly string[]; serials: readonly string[] }
export type MemberIds = { lots: Id<'lot'>[]; serials: Id<'serial'>[] }

/** Every shelf on which something of these lies or lay. */
export const shelvesOfMembers = prepared(db, (open, p: Members, engine) => {
  const lots = isOneOf(engine, 'lot_id', { values: p.lots, kind: 'uuid' })
  const serials = isOneOf(engine, 'id', { values: p.serials, kind: 'uuid' })
  return rawQuery(
    open,
    sql<{ item_id: Id<'item'>; location_id: Id<'location'> }>`
      select item_id, location_id from lot_levels where ${lots}
      union
      select item_id, location_id from serials where ${serials} and location_id is not null`,
  )
})

// Whoever picks by what it read before these were blocked meets a row that has changed.
export const touchPlaces = prepared(
  db,
  (open, p: { lots: readonly string[]; now: string }, engine) =>
    rawQuery(
      open,
      sql<never>`update lot_levels set version = version + 1, updated_at = ${p.now}
      where ${isOneOf(engine, 'lot_id', { values: p.lots, kind: 'uuid' })}`,
    ),
)

export const blockSerials = prepared(
  db,
  (open, p: { serials: readonly string[]; now: string }, engine) =>
    rawQuery(
      open,
      sql<never>`update serials set blocked_at = ${p.now}, version = version + 1,
        updated_at = ${p.now}
        where ${isOneOf(engine, 'id', { values: p.serials, kind: 'uuid' })}
          and blocked_at is null`,
    ),
)

type LotUnits = Omit<OnSale, 'lot_number'>
const ofLots = prepared(db, (open, p: { lots: readonly string[] }, engine) =>
  rawQuery(
    open,
    sql<LotUnits>`select item_id, location_id, bin_id, lot_id, quantity from lot_levels
      where ${isOneOf(engine, 'lot_id', { values: p.lots, kind: 'uuid' })}
        and state = 'sellable' and quantity > 0
      order by item_id, location_id, spot`,
  ),
)

type OneSerial = {
  item_id: Id<'item'>
  location_id: Id<'location'>
  bin_id: Id<'bin'> | null
  lot_id: Id<'lot'> | null
  serial_number: string
}
const ofSerials = prepared(db, (open, p: Members, engine) =>
  rawQuery(
    open,
    sql<OneSerial>`select item_id, location_id, bin_id, lot_id, serial_number from serials
      where ${isOneOf(engine, 'id', { values: p.serials, kind: 'uuid' })}
        and status = 'in_stock' and state = 'sellable'
        and (lot_id is null or not (${isOneOf(engine, 'lot_id', { values: p.lots, kind: 'uuid' })}))
      order by item_id, location_id, serial_key`,
  ),
)

/** Moves what is left for sale of these to quarantine, as far as it is not promised. */
export async function quarantine(
  ctx: Context,
  { lots, serials }: Members,
  recall_id: string,
): Promise<number> {
  const found: (Omit<LotUnits, 'lot_id'> & { lot_id: Id<'lot'> | null })[] = []
  if (lots.length > 0) found.push(...(await ofLots(ctx, { lots })))
  if (serials.length > 0) {
    const single = await ofSerials(ctx, { lots, serials })
    for (const { serial_number, ...at } of single) {
      found.push({ ...at, quantity: 1, serial_numbers: [serial_number] })
    }
  }
  const why = { to: 'quarantine', reason: 'recall' } as const
  const reference = { reference_type: 'recall', reference_id: recall_id }
  const moved = await takeOutOfSale(ctx, found, { ...why, ...reference })
  return moved.reduce((sum, { quantity }) => sum + quantity, 0)
}

export type Out = Reference & { quantity: number }

/** Who got units of these and how many; what came back under the same name is taken off. */
export const unitsOut = prepared(db, (open, p: Members, engine) => {
  const lots = isOneOf(engine, 'm.lot_id', { values: p.lots, kind: 'uuid' })
  const serials = isOneOf(engine, 'm.serial_id', { values: p.serials, kind: 'uuid' })
  const inLots = isOneOf(engine, 's.lot_id', { values: p.lots, kind: 'uuid' })
  return rawQuery(
    open,
    sql<Out>`select reference_type, reference_id, sum(quantity) as quantity from (
        select m.reference_type, m.reference_id, -sum(m.quantity_delta) as quantity
        from lot_movements as m where ${lots} and m.kind = 'shipped'
          and m.reference_id is not null
        group by m.reference_type, m.reference_id
        union all
        select m.reference_type, m.reference_id, count(distinct m.serial_id) as quantity
        from serial_moves as m join serials as s on s.id = m.serial_id
        where ${serials} and m.status = 'shipped' and m.reference_id is not null
          and (s.lot_id is null or not (${inLots}))
        group by m.reference_type, m.reference_id
      ) as sent group by reference_type, reference_id order by reference_type, reference_id`,
  )
})
