import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db } from '../tables.ts'
import type { FulfilmentOrder } from '../work/units.ts'
import type { Carton, CartonsOf } from './schemas.ts'

export type CartonRow = Static<(typeof db.tables)['cartons']>
export type CartonLine = Static<(typeof db.tables)['carton_lines']>
/** A carton with what is in it. */
export type PackedCarton = CartonRow & { lines: CartonLine[] }

const ofOrders = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('cartons')
    .selectAll()
    .where('fulfilment_order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('fulfilment_order_id')
    .orderBy('nth'),
)
const linesOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('carton_lines')
    .selectAll()
    .where('carton_id', 'in', (eb) =>
      eb
        .selectFrom('cartons')
        .select('id')
        .where('fulfilment_order_id', 'in', listOf(engine, p.orders, 'uuid')),
    )
    .orderBy('order_line_id'),
)

/** The cartons of these fulfilment orders with what is in them: two statements. */
export async function cartonsOf(
  ctx: Context,
  orders: readonly Id<'fulfilment_order'>[],
): Promise<PackedCarton[]> {
  if (orders.length === 0) return []
  const [rows, lines] = await Promise.all([ofOrders(ctx, { orders }), linesOf(ctx, { orders })])
  const own = Map.groupBy(lines, ({ carton_id }) => carton_id)
  return rows.map((row) => ({ ...row, lines: own.get(row.id) ?? [] }))
}

/** What the units weigh whose weight is known, and whether that is all of them. Grams. */
export function contentWeight(lines: readonly CartonLine[]) {
  return {
    grams: lines.reduce((sum, line) => sum + line.quantity * (line.unit_weight_grams ?? 0), 0),
    isKnown: lines.every(({ unit_weight_grams }) => unit_weight_grams !== null),
  }
}

/** What a carton weighs: as measured, else box and content. Grams. */
export const cartonWeight = (carton: PackedCarton): number =>
  carton.measured_weight_grams ?? carton.tare_weight_grams + contentWeight(carton.lines).grams

/** A carton as it is answered. */
export function cartonTold(carton: PackedCarton, one: FulfilmentOrder): Carton {
  const { lines, nth: _, ...row } = carton
  const content = contentWeight(lines)
  const known = new Map(one.lines.map((line) => [line.order_line_id, line]))
  return {
    ...row,
    content_weight_grams: content.grams,
    weight_grams: cartonWeight(carton),
    is_weight_known: carton.measured_weight_grams !== null || content.isKnown,
    items: lines.map(({ order_line_id, quantity }) => {
      const { sku = '', name = '' } = known.get(order_line_id) ?? {}
      return { order_line_id, sku, name, quantity }
    }),
  }
}

/** Cartons as they are answered, with their weight in all. */
export const cartonsTold = (cartons: readonly PackedCarton[], one: FulfilmentOrder): CartonsOf => ({
  items: cartons.map((carton) => cartonTold(carton, one)),
  weight_grams: cartons.reduce((sum, carton) => sum + cartonWeight(carton), 0),
})
