import { sql } from 'kysely'
import { defineInvariants } from '#platform/invariants'

/** Sums of `counted_orders` by some columns. */
const sums = (columns: string, table = 'counted_orders') =>
  sql.raw(`
  select ${columns}, count(*) as orders, sum(case when is_sale then 1 else 0 end) as sales,
    sum(case when is_sale then total_amount else 0 end) as sales_amount,
    sum(case when is_sale then refunded_amount else 0 end) as refunded_amount
  from ${table} group by ${columns}`)

/** Rows of a table of sums that are not the sums, told by their key and difference. */
const differing = (table: string, key: string, figures: readonly string[]) => {
  const signed = (sign: string) => figures.map((name) => `${sign}${name} as ${name}`).join(', ')
  const sum = figures.map((name) => `sum(${name}) as ${name}`).join(', ')
  const wrong = figures.map((name) => `sum(${name}) <> 0`).join(' or ')
  return sql<object>`
    select ${sql.raw(key)}, ${sql.raw(sum)} from (
      select ${sql.raw(key)}, ${sql.raw(signed(''))} from ${sql.table(table)}
      union all select ${sql.raw(key)}, ${sql.raw(signed('-'))} from (${sums(key)}) as counted
    ) as both_sides group by ${sql.raw(key)} having ${sql.raw(wrong)}`
}

const FIGURES = ['orders', 'sales', 'sales_amount', 'refunded_amount']

// They prove it at every commit, also while changes wait to be counted.
export const statisticsInvariants = defineInvariants('orders', {
  'the figures of days and customers are the sums of what was counted': async (ctx) => {
    const open = ctx.session.kysely
    const found = [
      await differing('order_days', 'currency, day, status', FIGURES).execute(open),
      await differing('customer_days', 'customer_id, currency, day, status', FIGURES).execute(open),
      await differing('customer_sales', 'currency, customer_id', ['sales', 'sales_amount']).execute(
        open,
      ),
    ]
    return found.flatMap(({ rows }) => rows)
  },

  // Those that wait are read once: looked for order by order they would be read for each of them.
  'an order is counted as it stands, or waits to be': async (ctx) => {
    const { rows } = await sql<object>`
      select o.id, o.status, o.sold, c.status as counted_status,
        c.total_amount as counted_amount, c.refunded_amount as counted_refunded
      from (select id, status, customer_id, currency, deleted_at, cancelled_at, total_amount
          - case when cancelled_at is null then cancelled_amount else 0 end as sold
        from orders) as o left join counted_orders as c on c.order_id = o.id
      left join (
        select order_id, sum(refunded) as amount, sum(captured) as captured from (
          select order_id, refunded_amount as refunded, captured_amount - parted_amount as captured
          from payments
          union all select order_id, credit_amount, 0 from order_refunds) as both_ways
        group by order_id) as r
        on r.order_id = o.id
      where case when o.deleted_at is not null then c.order_id is not null
        else c.order_id is null or c.status <> o.status or c.total_amount <> o.sold
          or c.customer_id <> o.customer_id or c.currency <> o.currency
          or c.is_sale <> (o.cancelled_at is null)
          or c.refunded_amount <>
            case when o.cancelled_at is not null or r.amount is null then 0
              when r.captured <= o.sold then r.amount
              when r.amount <= r.captured - o.sold then 0
              else r.amount - (r.captured - o.sold) end
        end
        and o.id not in (select w.order_id from order_recounts as w)`.execute(ctx.session.kysely)
    return rows
  },
})
