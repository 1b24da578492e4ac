import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import { paidFor } from '#modules/payments'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { OrderRow } from '../find.ts'
import { owedFor } from '../payment-status.ts'
import { db } from '../refunds/tables.ts'
import type { Balance } from './schemas.ts'

const credited = prepared(db, (open, p: { order_id: Id<'order'> }) =>
  open
    .selectFrom('order_refunds')
    .select(sql<number>`coalesce(sum(credit_amount), 0)`.as('amount'))
    .where('order_id', '=', p.order_id)
    .where('status', '<>', 'failed'),
)

/** What was taken for an order, less what was given back, is on its way, or became credit. */
export async function paidAmount(ctx: Context, { id: order_id }: OrderRow): Promise<number> {
  const [paid, credit] = await Promise.all([
    paidFor(ctx, { order_id }),
    credited.first(ctx, { order_id }),
  ])
  const gone = paid.refunded_amount + paid.refund_pending_amount + Number(credit?.amount ?? 0)
  return paid.captured_amount - gone
}

/** What is owed for an order beside what is paid: one of the two differences is zero. */
export function balanceOf(
  order: Pick<OrderRow, 'currency' | 'total_amount' | 'cancelled_amount'>,
  paid: number,
): Balance {
  const owed = owedFor(order)
  const money = (minor: number) => formatMoney(minor, order.currency)
  return {
    owed_amount: money(owed),
    paid_amount: money(paid),
    to_pay: money(Math.max(0, owed - paid)),
    to_refund: money(Math.max(0, paid - owed)),
  }
}
