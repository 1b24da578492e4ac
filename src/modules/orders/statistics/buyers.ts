import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { listOf, rowset } from '#platform/database/rowset'
import { FIRST_DAY, LAST_DAY } from './sums.ts'
import { type CustomerDay, type CustomerSales, db } from './tables.ts'

/** Who bought: how many, and the ten with most sales (then most money, then the newest). */
export type Buyers = {
  count: number
  top: { customer_id: Id<'customer'>; sales: number; sales_amount: number }[]
}
type Row = Buyers['top'][number]

const TOP = 10

const mostSales = prepared(db, (open, p: { currency: string; most: number }) =>
  open
    .selectFrom('customer_sales')
    .select(['customer_id', 'sales', 'sales_amount'])
    .where('currency', '=', p.currency)
    .where('sales', '>', 0)
    .orderBy('sales', 'desc')
    .orderBy('sales_amount', 'desc')
    .orderBy('customer_id', 'desc')
    .limit(p.most),
)
const salesOf = prepared(
  db,
  (open, p: { currency: string; customers: readonly string[] }, engine) =>
    open
      .selectFrom('customer_sales')
      .select(['customer_id', 'sales', 'sales_amount'])
      .where('currency', '=', p.currency)
      .where('customer_id', 'in', listOf(engine, p.customers, 'uuid')),
)
const countBuyers = prepared(db, (open, p: { currency: string }) =>
  open
    .selectFrom('customer_sales')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('currency', '=', p.currency)
    .where('sales', '>', 0),
)

/**
 * Who bought at all. The best ten stand at the end of an index. Customers of whom a change waits
 * are looked up beside them: of ten more than those, ten at least stay as they are.
 */
export async function buyersEver(
  ctx: Context,
  { currency, changes }: { currency: string; changes: readonly CustomerSales[] },
): Promise<Buyers> {
  const waiting = changes.filter((change) => change.currency === currency)
  const customers = waiting.map(({ customer_id }) => customer_id)
  const [best, before, counted] = await Promise.all([
    mostSales(ctx, { currency, most: TOP + waiting.length }),
    salesOf(ctx, { currency, customers }),
    countBuyers.first(ctx, { currency }),
  ])
  const known = new Map(before.map((row) => [row.customer_id, row]))
  const changed = waiting.map(({ customer_id, sales, sales_amount }): Row => {
    const row = known.get(customer_id)
    return {
      customer_id,
      sales: sales + (row?.sales ?? 0),
      sales_amount: sales_amount + (row?.sales_amount ?? 0),
    }
  })
  const buying = changed.filter(({ sales }) => sales > 0)
  const bought = before.filter(({ sales }) => sales > 0)
  const others = best.filter(({ customer_id }) => !customers.includes(customer_id))
  return {
    count: Number(counted?.count ?? 0) + buying.length - bought.length,
    top: [...others, ...buying].sort(bySales).slice(0, TOP),
  }
}

const bySales = (a: Row, b: Row) =>
  b.sales - a.sales || b.sales_amount - a.sales_amount || (a.customer_id < b.customer_id ? 1 : -1)

type Within = {
  currency: string
  first: string
  last: string
  most: number
  changes: readonly CustomerDay[]
}
const COLUMNS = sql`customer_id, currency, day, sales, sales_amount`

const ranked = prepared(db, (open, p: Within, engine) =>
  rawQuery(
    open,
    sql<Row & { customers: number }>`
      select customer_id, sales, sales_amount, count(*) over () as customers from (
        select customer_id, sum(sales) as sales, sum(sales_amount) as sales_amount from (
          select ${COLUMNS} from customer_days
          where currency = ${p.currency} and day >= ${p.first} and day <= ${p.last}
          union all select ${COLUMNS}
          from ${rowset(engine, p.changes, db.kinds('customer_days') as never)} as changed
          where currency = ${p.currency} and day >= ${p.first} and day <= ${p.last}
        ) as figures group by customer_id) as buyers
      where sales > 0
      order by sales desc, sales_amount desc, customer_id desc limit ${p.most}`,
  ),
)

/** Who bought in a period; its days are added up, so it is for periods that are not too large. */
export async function buyersWithin(
  ctx: Context,
  asked: {
    currency: string
    first: string | null
    last: string | null
    changes: readonly CustomerDay[]
  },
): Promise<Buyers> {
  const { currency, first, last, changes } = asked
  const days = { first: first ?? FIRST_DAY, last: last ?? LAST_DAY }
  const rows = await ranked(ctx, { currency, ...days, changes, most: TOP })
  return {
    count: Number(rows[0]?.customers ?? 0),
    top: rows.map(({ customer_id, sales, sales_amount }) => ({
      customer_id,
      sales: Number(sales),
      sales_amount: Number(sales_amount),
    })),
  }
}
