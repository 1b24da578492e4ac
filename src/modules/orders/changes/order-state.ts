import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import type { OrderRow } from '../find.ts'
import { discountsOf, feesOf, linesOf, taxesOf } from '../queries.ts'
import { db } from '../tables.ts'
import { DETAILS, type Details, type OrderState } from './effects.ts'

const sharesOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_discount_shares')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_id')
    .orderBy('position'),
)

/** All rows of these orders, as values: the same statements for one order or a hundred. */
export async function statesOf(
  ctx: Context,
  orders: readonly OrderRow[],
): Promise<Map<Id<'order'>, OrderState>> {
  const ids = { orders: orders.map(({ id }) => id) }
  const [lines, fees, discounts, shares, taxes] = await Promise.all([
    linesOf(ctx, ids),
    feesOf(ctx, ids),
    discountsOf(ctx, ids),
    sharesOf(ctx, ids),
    taxesOf(ctx, ids),
  ])
  const rows = {
    lines: byOrder(lines),
    fees: byOrder(fees),
    discounts: byOrder(discounts),
    shares: byOrder(shares),
    taxes: byOrder(taxes),
  }
  return new Map(
    orders.map((order) => [
      order.id,
      {
        currency: order.currency,
        prices_include_tax: order.prices_include_tax,
        tax_status: order.tax_status,
        details: Object.fromEntries(DETAILS.map((name) => [name, order[name]])) as Details,
        lines: rows.lines.get(order.id) ?? [],
        fees: rows.fees.get(order.id) ?? [],
        discounts: rows.discounts.get(order.id) ?? [],
        shares: rows.shares.get(order.id) ?? [],
        taxes: rows.taxes.get(order.id) ?? [],
      },
    ]),
  )
}

/** One order as a value. */
export async function stateOf(ctx: Context, order: OrderRow): Promise<OrderState> {
  return (await statesOf(ctx, [order])).get(order.id) as OrderState
}

function byOrder<R extends { order_id: Id<'order'> }>(rows: readonly R[]) {
  const grouped = new Map<Id<'order'>, Omit<R, 'order_id'>[]>()
  for (const { order_id, ...row } of rows) {
    const own = grouped.get(order_id) ?? []
    own.push(row)
    grouped.set(order_id, own)
  }
  return grouped
}
