import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { skusOf } from '#modules/inventory'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf } from '#platform/database/rowset'
import { warehouseErrors } from '../errors.ts'
import { lotsOf } from '../keeping/facts.ts'
import type { LotRow } from '../tables.ts'
import { db } from '../tables.ts'
import type { Lot } from './schemas.ts'

/** The lot of this id; throws `lot_not_found`. */
export async function findLot(ctx: Context, lot: Id<'lot'>): Promise<LotRow> {
  const row = (await lotsOf(ctx, [lot])).get(lot)
  if (!row) throw warehouseErrors.lot_not_found({ lot })
  return row
}

type Units = { lot_id: Id<'lot'>; quantity: number; sellable_quantity: number }

const unitsOf = prepared(db, (open, p: { lots: readonly string[] }, engine) => {
  const own = isOneOf(engine, 'lot_id', { values: p.lots, kind: 'uuid' })
  return rawQuery(
    open,
    sql<Units>`select lot_id, sum(quantity) as quantity,
      sum(case when state = 'sellable' then quantity else 0 end) as sellable_quantity
      from lot_levels where ${own} group by lot_id`,
  )
})

/** Lots as they are answered, in the order given: two statements for any number. */
export async function lotsAsTold(ctx: Context, rows: readonly LotRow[]): Promise<Lot[]> {
  if (rows.length === 0) return []
  const [units, skus] = await Promise.all([
    unitsOf(ctx, { lots: rows.map(({ id }) => id) }),
    skusOf(
      ctx,
      rows.map(({ item_id }) => item_id),
    ),
  ])
  const unitsBy = new Map(units.map((row) => [row.lot_id, row]))
  return rows.map(({ lot_key: _, ...row }) => ({
    ...row,
    item_number: skus.get(row.item_id) ?? '',
    quantity: unitsBy.get(row.id)?.quantity ?? 0,
    sellable_quantity: unitsBy.get(row.id)?.sellable_quantity ?? 0,
  }))
}

export const lotAsTold = async (ctx: Context, row: LotRow): Promise<Lot> =>
  (await lotsAsTold(ctx, [row]))[0] as Lot
