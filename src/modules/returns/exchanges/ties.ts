import type { Id } from '#kit/ids'
import type { Tie } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { printNumber } from './find.ts'
import { db } from './tables.ts'

const open = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('exchanges')
    .select(['number', 'out_order_id'])
    .where('out_order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .where('status', 'in', ['approved', 'settled'])
    .orderBy('id'),
)

/** What came back pays for one order: until it has, that one neither grows nor falls apart. */
export async function tiesOfExchanges(
  ctx: Context,
  orders: readonly Id<'order'>[],
): Promise<Tie[]> {
  return (await open(ctx, { orders })).map(({ number, out_order_id }) => ({
    order_id: out_order_id as Id<'order'>,
    problem: `it brings the goods of exchange ${printNumber(number)}, which is not settled and paid yet`,
  }))
}
