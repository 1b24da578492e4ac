import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { prepared, rawQuery } from '#platform/database/prepared'
import { rowset } from '#platform/database/rowset'
import type { OrderStatus } from '../lifecycle.ts'
import { type CustomerDay, db, type OrderDay } from './tables.ts'

export type FiguresRow = Pick<OrderDay, 'orders' | 'sales' | 'sales_amount' | 'refunded_amount'>
export type Monthly = FiguresRow & { month: string; status: OrderStatus }

/** Stand for a period without a beginning, or without an end. */
export const FIRST_DAY = '0000-01-01'
export const LAST_DAY = '9999-12-31'

type Period = { currency: string; first: string | null; last: string | null }

const FIGURES = sql`sum(orders) as orders, sum(sales) as sales, sum(sales_amount) as sales_amount,
  sum(refunded_amount) as refunded_amount`
const DAY_COLUMNS = sql`currency, day, status, orders, sales, sales_amount, refunded_amount`

type Within = { currency: string; first: string; last: string }

const days = prepared(db, (open, p: Within & { changes: readonly OrderDay[] }, engine) =>
  rawQuery(
    open,
    sql<Monthly>`
      select substr(day, 1, 7) as month, status, ${FIGURES} from (
        select ${DAY_COLUMNS} from order_days
        union all select ${DAY_COLUMNS}
        from ${rowset(engine, p.changes, db.kinds('order_days') as never)} as changed
      ) as figures
      where currency = ${p.currency} and day >= ${p.first} and day <= ${p.last}
      group by substr(day, 1, 7), status`,
  ),
)

const daysOfCustomer = prepared(
  db,
  (open, p: Within & { customer_id: string; changes: readonly CustomerDay[] }, engine) =>
    rawQuery(
      open,
      sql<Monthly>`
      select substr(day, 1, 7) as month, status, ${FIGURES} from (
        select ${DAY_COLUMNS} from customer_days where customer_id = ${p.customer_id}
        union all select ${DAY_COLUMNS}
        from ${rowset(engine, p.changes, db.kinds('customer_days') as never)} as changed
      ) as figures
      where currency = ${p.currency} and day >= ${p.first} and day <= ${p.last}
      group by substr(day, 1, 7), status`,
    ),
)

const within = ({ currency, first, last }: Period): Within => ({
  currency,
  first: first ?? FIRST_DAY,
  last: last ?? LAST_DAY,
})

/** The figures of all orders by month and status, with the changes that wait. */
export async function figuresOfDays(
  ctx: Context,
  asked: Period & { changes: readonly OrderDay[] },
): Promise<Monthly[]> {
  return (await days(ctx, { ...within(asked), changes: asked.changes })).map(numbers)
}

/** The same of one customer; `changes` are theirs. */
export async function figuresOfCustomer(
  ctx: Context,
  asked: Period & { customer_id: Id<'customer'>; changes: readonly CustomerDay[] },
): Promise<Monthly[]> {
  const { customer_id, changes } = asked
  return (await daysOfCustomer(ctx, { ...within(asked), customer_id, changes })).map(numbers)
}

const numbers = (row: Monthly): Monthly => ({
  ...row,
  orders: Number(row.orders),
  sales: Number(row.sales),
  sales_amount: Number(row.sales_amount),
  refunded_amount: Number(row.refunded_amount),
})

const knownCurrencies = prepared(db, (open, _: object) =>
  open.selectFrom('order_days').select('currency').distinct().where('orders', '>', 0),
)
const currenciesOfOne = prepared(db, (open, p: { customer_id: Id<'customer'> }) =>
  open
    .selectFrom('customer_days')
    .select('currency')
    .distinct()
    .where('customer_id', '=', p.customer_id)
    .where('orders', '>', 0),
)

/** The currencies in which there are orders, in alphabetical order. */
export async function currenciesOf(ctx: Context, changes: readonly OrderDay[]): Promise<string[]> {
  return together(await knownCurrencies(ctx, {}), changes)
}

/** Those of one customer; `changes` are theirs. */
export async function currenciesOfCustomer(
  ctx: Context,
  customer_id: Id<'customer'>,
  changes: readonly CustomerDay[],
): Promise<string[]> {
  return together(await currenciesOfOne(ctx, { customer_id }), changes)
}

type WithCurrency = { currency: string }

function together(
  known: readonly WithCurrency[],
  changes: readonly (WithCurrency & { orders: number })[],
): string[] {
  const added = changes.filter(({ orders }) => orders > 0)
  return [...new Set([...known, ...added].map(({ currency }) => currency))].sort()
}
