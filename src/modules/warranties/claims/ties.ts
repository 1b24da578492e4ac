import type { Id } from '#kit/ids'
import type { Tie } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { db, printClaimNumber } from '../tables.ts'

const replacing = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('warranty_remedies as r')
    .innerJoin('warranty_claims as c', 'c.id', 'r.claim_id')
    .select(['c.number', 'r.order_id'])
    .where('r.order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .where('r.kind', '=', 'replace')
    .orderBy('r.id'),
)

/** What an order sends in place of something inherits its coverage, so no other goods join it. */
export async function tiesOfRemedies(ctx: Context, orders: readonly Id<'order'>[]): Promise<Tie[]> {
  return (await replacing(ctx, { orders })).map(({ number, order_id }) => ({
    order_id: order_id as Id<'order'>,
    problem: `it replaces what warranty claim ${printClaimNumber(number)} is about`,
  }))
}
