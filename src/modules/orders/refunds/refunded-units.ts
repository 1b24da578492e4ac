import type { Id } from '#kit/ids'
import { prepared } from '#platform/database/prepared'
import { db } from './tables.ts'

/** How many units of each line are refunded, or about to be; those of failed refunds are not. */
export const refundedUnits = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('order_refunds as r')
    .innerJoin('order_refund_lines as l', 'l.order_refund_id', 'r.id')
    .select(['l.order_line_id', (eb) => eb.fn.sum<number>('l.quantity').as('quantity')])
    .where('r.order_id', '=', p.order_id)
    .where('r.status', '<>', 'failed')
    .groupBy('l.order_line_id'),
)
