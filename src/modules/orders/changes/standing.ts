import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import type { OrderRow } from '../find.ts'
import { db } from '../refunds/tables.ts'
import type { Standing } from './possible.ts'

const refundedLines = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('order_refunds as r')
    .innerJoin('order_refund_lines as l', 'l.order_refund_id', 'r.id')
    .select(['l.order_line_id', (eb) => eb.fn.sum<number>('l.quantity').as('quantity')])
    .where('r.order_id', '=', p.order_id)
    .where('r.status', '<>', 'failed')
    .groupBy('l.order_line_id'),
)
const refundedShipping = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('order_refunds')
    .select((eb) => eb.fn.sum<number | null>('shipping_amount').as('amount'))
    .where('order_id', '=', p.order_id)
    .where('status', '<>', 'failed'),
)

/** Refunds of these orders that have not failed. */
export const refundsOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_refunds')
    .select(['id', 'order_id'])
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .where('status', '<>', 'failed'),
)

/** What changes of an order must know beside the order: what of it was refunded. */
export async function standingOf(ctx: Context, order: OrderRow): Promise<Standing> {
  const of = { order_id: order.id }
  const [lines, shipping] = await Promise.all([
    refundedLines(ctx, of),
    refundedShipping.first(ctx, of),
  ])
  return {
    order,
    refunded: new Map(lines.map((row) => [row.order_line_id, Number(row.quantity)])),
    shipping_refunded: Number(shipping?.amount ?? 0) > 0,
  }
}
