import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { LIVE } from '../lifecycle.ts'
import { db } from '../tables.ts'
import type { FulfilmentLine, FulfilmentOrder, FulfilmentRow } from './units.ts'

const ofOrders = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('fulfilment_orders')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_id')
    .orderBy('nth'),
)
const linesOfOrders = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('fulfilment_order_lines')
    .selectAll('fulfilment_order_lines')
    .where('fulfilment_order_id', 'in', (eb) =>
      eb
        .selectFrom('fulfilment_orders')
        .select('id')
        .where('order_id', 'in', listOf(engine, p.orders, 'uuid')),
    )
    .orderBy('position'),
)
const byIds = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('fulfilment_orders')
    .selectAll()
    .where('id', 'in', listOf(engine, p.ids, 'uuid'))
    .orderBy('id'),
)
const linesByIds = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('fulfilment_order_lines')
    .selectAll()
    .where('fulfilment_order_id', 'in', listOf(engine, p.ids, 'uuid'))
    .orderBy('position'),
)
const anyLive = prepared(db, (open, p: { order: string }) =>
  open
    .selectFrom('fulfilment_orders')
    .select('id')
    .where('order_id', '=', p.order as Id<'order'>)
    .where('status', 'in', [...LIVE])
    .limit(1),
)

/** Whether there is still work for an order. One look at an index. */
export const hasWork = async (ctx: Context, order: Id<'order'>): Promise<boolean> =>
  (await anyLive.first(ctx, { order })) !== undefined

/** Fulfilment orders with their lines, by order and number: two statements for any number. */
export async function fulfilmentOrdersOf(
  ctx: Context,
  orders: readonly Id<'order'>[],
): Promise<FulfilmentOrder[]> {
  if (orders.length === 0) return []
  const [rows, lines] = await Promise.all([
    ofOrders(ctx, { orders }),
    linesOfOrders(ctx, { orders }),
  ])
  return together(rows, lines)
}

/** The fulfilment orders of these ids, with their lines: two statements. */
export async function fulfilmentOrdersById(
  ctx: Context,
  ids: readonly Id<'fulfilment_order'>[],
): Promise<FulfilmentOrder[]> {
  if (ids.length === 0) return []
  const [rows, lines] = await Promise.all([byIds(ctx, { ids }), linesByIds(ctx, { ids })])
  return together(rows, lines)
}

/** The lines of these fulfilment orders. */
export const withLines = async (
  ctx: Context,
  rows: readonly FulfilmentRow[],
): Promise<FulfilmentOrder[]> =>
  rows.length === 0 ? [] : together(rows, await linesByIds(ctx, { ids: rows.map(({ id }) => id) }))

function together(
  rows: readonly FulfilmentRow[],
  lines: readonly FulfilmentLine[],
): FulfilmentOrder[] {
  const own = Map.groupBy(lines, (line) => line.fulfilment_order_id)
  return rows.map((row) => ({ ...row, lines: own.get(row.id) ?? [] }))
}
