import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { LotUnits } from '#modules/inventory'
import type { LineUnits } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { db } from '../tables.ts'

const picksOf = prepared(db, (open, p: { order: string }) =>
  open
    .selectFrom('picks as p')
    .innerJoin('fulfilment_order_lines as l', (join) =>
      join
        .onRef('l.fulfilment_order_id', '=', 'p.fulfilment_order_id')
        .onRef('l.order_line_id', '=', 'p.order_line_id'),
    )
    .select(['p.order_line_id', 'p.bin_id', 'p.lot_id', 'p.serial_number', 'l.shipped_quantity'])
    .select(sql<number>`p.quantity - p.put_back_quantity`.as('units'))
    .where('p.fulfilment_order_id', '=', p.order as Id<'fulfilment_order'>)
    .where(sql<boolean>`p.put_back_quantity < p.quantity`)
    .orderBy('p.id'),
)

type Row = Awaited<ReturnType<typeof picksOf>>[number]

/**
 * Which lots, bins and serial numbers units that are about to leave are of, as they were picked:
 * what was picked first leaves first. Lines of which nothing but a quantity was written down are
 * missing, and may name fewer units than leave. To be asked before `shippedUnits`, for
 * `consumeUnits`. One statement.
 */
export async function pickedLots(
  ctx: Context,
  { fulfilment_order_id, units }: ShippedUnits,
): Promise<Map<Id<'order_line'>, LotUnits[]>> {
  const picks = await picksOf(ctx, { order: fulfilment_order_id })
  const byLine = Map.groupBy(picks, ({ order_line_id }) => order_line_id)
  return new Map(
    units.flatMap(({ order_line_id, quantity }) => {
      const lots = taken(byLine.get(order_line_id) ?? [], quantity)
      return lots.length > 0 ? [[order_line_id, lots] as const] : []
    }),
  )
}
type ShippedUnits = {
  fulfilment_order_id: Id<'fulfilment_order'>
  units: readonly LineUnits[]
}

/** Units after those that have left already. */
function taken(picks: readonly Row[], quantity: number): LotUnits[] {
  let gone = picks[0]?.shipped_quantity ?? 0
  let over = quantity
  return picks.flatMap(({ bin_id, lot_id, serial_number, units }) => {
    const skipped = Math.min(gone, units)
    gone -= skipped
    const leaves = Math.min(over, units - skipped)
    over -= leaves
    if (leaves === 0 || !(bin_id || lot_id || serial_number)) return []
    return [
      {
        quantity: leaves,
        ...(bin_id && { bin_id }),
        ...(lot_id && { lot_id }),
        ...(serial_number && { serial_numbers: [serial_number] }),
      },
    ]
  })
}
