import type { Id } from '#kit/ids'
import type { Payable } from '#modules/payments'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { owedFor } from './payment-status.ts'
import { db } from './tables.ts'

const CLOSED = ['cancelled', 'refunded', 'exchanged']

const payable = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('orders')
    .select(['currency', 'total_amount', 'cancelled_amount', 'customer_id', 'status'])
    .where('id', '=', p.id as Id<'order'>)
    .where('deleted_at', 'is', null),
)

/** What payments must know of an order before it takes money for it. */
export async function payableOf(ctx: Context, id: Id<'order'>): Promise<Payable | undefined> {
  const order = await payable.first(ctx, { id })
  if (!order) return undefined
  const { currency, customer_id, status } = order
  return { currency, total_amount: owedFor(order), customer_id, open: !CLOSED.includes(status) }
}
