import type { Id } from '#kit/ids'
import { formatMoney, parseCurrency } from '#kit/money'
import { portion } from '#modules/pricing'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { orderErrors } from '../errors.ts'
import { type OrderStatus, orderLifecycle } from '../lifecycle.ts'
import { instantOf } from '../list/instants.ts'
import { type Buyers, buyersEver, buyersWithin } from './buyers.ts'
import { type Changes, changesOf } from './changes.ts'
import type { AskStatistics, OrderStatistics, UserStatistics } from './schemas.ts'
import {
  currenciesOf,
  currenciesOfCustomer,
  type FiguresRow,
  figuresOfCustomer,
  figuresOfDays,
  type Monthly,
} from './sums.ts'
import { db } from './tables.ts'

/** Up to so many changed orders are added to the sums while they wait to be counted. */
const WAITING_MAX = 2_000
/** Up to so many orders of a period, its customers are ranked. */
const RANKED_MAX = 100_000

/** What all orders of one currency come to. Staff only: customers have statistics of their own. */
export async function orderStatistics(
  ctx: Context,
  query: AskStatistics,
): Promise<OrderStatistics> {
  if (ctx.actor.own_only)
    throw orderErrors.staff_only({ action: 'read the statistics of the shop' })
  const asked = askedOf(ctx, query)
  const { changes, is_current } = await waiting(ctx)
  const months = await figuresOfDays(ctx, { ...asked, changes: changes.days })
  const told = figures(ctx, asked, months)
  const buyers = await buyersOf(ctx, asked, { changes, orders: told.total_orders })
  return {
    ...told,
    currencies: await currenciesOf(ctx, changes.days),
    is_current,
    top_customers:
      buyers?.top.map(({ customer_id, sales, sales_amount }) => ({
        customer_id,
        order_count: sales,
        total_sales: formatMoney(sales_amount, asked.currency),
      })) ?? null,
    metrics: {
      orders_per_customer: buyers ? ratio(told.total_orders, buyers.count) : null,
      sales_per_order: told.average_order_value,
      active_customers: buyers?.count ?? null,
    },
  }
}

/** What the caller's own orders of one currency come to. */
export async function userStatistics(ctx: Context, query: AskStatistics): Promise<UserStatistics> {
  const { customer_id } = ctx.actor
  if (!customer_id) throw orderErrors.not_a_customer()
  const asked = askedOf(ctx, query)
  const { changes, is_current } = await waiting(ctx)
  const own = changes.customer_days.filter((row) => row.customer_id === customer_id)
  const months = await figuresOfCustomer(ctx, { ...asked, customer_id, changes: own })
  const told = figures(ctx, asked, months)
  return {
    ...told,
    currencies: await currenciesOfCustomer(ctx, customer_id, own),
    is_current,
    metrics: { sales_per_order: told.average_order_value },
  }
}

/** A currency and the days that count, both ends included; null is without end. */
export type Asked = { currency: string; first: string | null; last: string | null }

function askedOf(ctx: Context, query: AskStatistics): Asked {
  const from = instantOf('start_date', query.from ?? query.start_date, 'T00:00:00.000Z')
  const to = instantOf('end_date', query.to ?? query.end_date, 'T23:59:59.999Z')
  return {
    currency: parseCurrency(query.currency ?? ctx.settings.default_currency),
    first: from?.slice(0, 10) ?? null,
    last: to?.slice(0, 10) ?? null,
  }
}

const recounts = prepared(db, (open, p: { most: number }) =>
  open.selectFrom('order_recounts').select('order_id').orderBy('id').limit(p.most),
)

/** What changed and is not in the sums yet: with it they are as true as the orders themselves. */
async function waiting(ctx: Context): Promise<{ changes: Changes; is_current: boolean }> {
  const rows = await recounts(ctx, { most: WAITING_MAX + 1 })
  const ids = new Set<Id<'order'>>(rows.slice(0, WAITING_MAX).map(({ order_id }) => order_id))
  return { changes: await changesOf(ctx, [...ids]), is_current: rows.length <= WAITING_MAX }
}

async function buyersOf(
  ctx: Context,
  asked: Asked,
  { changes, orders }: { changes: Changes; orders: number },
): Promise<Buyers | null> {
  if (asked.first === null && asked.last === null) {
    return buyersEver(ctx, { ...asked, changes: changes.customer_sales })
  }
  if (orders > RANKED_MAX) return null
  return buyersWithin(ctx, { ...asked, changes: changes.customer_days })
}

const TREND_MONTHS = 12

/** Everything that can be told from the figures of months by status. */
function figures(ctx: Context, { currency, first, last }: Asked, rows: readonly Monthly[]) {
  const total = sumOf(rows)
  const money = (minor: number) => formatMoney(minor, currency)
  const months = [...Map.groupBy(rows, ({ month }) => month)]
    .map(([month, own]) => ({ month, ...sumOf(own) }))
    .filter(({ sales }) => sales > 0)
    .sort((a, b) => (a.month < b.month ? 1 : -1))
  const ofStatus = (status: OrderStatus) =>
    sumOf(rows.filter((row) => row.status === status)).orders
  return {
    currency,
    period: { start_date: first, end_date: last },
    total_orders: total.sales,
    total_sales: money(total.sales_amount),
    total_refunded: money(total.refunded_amount),
    net_sales: money(total.sales_amount - total.refunded_amount),
    average_order_value: money(total.sales === 0 ? 0 : portion(total.sales_amount, 1, total.sales)),
    orders_by_status: Object.fromEntries(
      orderLifecycle.states.map((status) => [status, ofStatus(status)]),
    ) as Record<OrderStatus, number>,
    monthly_trend: months.slice(0, TREND_MONTHS).map((row) => ({
      month: row.month,
      order_count: row.sales,
      total_sales: money(row.sales_amount),
      total_refunded: money(row.refunded_amount),
    })),
    timestamp: ctx.now,
  }
}

const sumOf = (rows: readonly FiguresRow[]): FiguresRow =>
  rows.reduce(
    (sum, row) => ({
      orders: sum.orders + row.orders,
      sales: sum.sales + row.sales,
      sales_amount: sum.sales_amount + row.sales_amount,
      refunded_amount: sum.refunded_amount + row.refunded_amount,
    }),
    { orders: 0, sales: 0, sales_amount: 0, refunded_amount: 0 },
  )

const ratio = (whole: number, parts: number): number =>
  parts === 0 ? 0 : Math.round((whole / parts) * 100) / 100
