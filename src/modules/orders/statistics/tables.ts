import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency, SignedAmount } from '#kit/money'
import { defineTables } from '#platform/tables'
import { orderLifecycle } from '../lifecycle.ts'

/** A day in UTC, such as `2026-11-21`. */
const Day = Type.String()

const figures = {
  /** Orders that were placed. */
  orders: Type.Integer(),
  /** Those of them that are sales: never cancelled. */
  sales: Type.Integer(),
  /** What the sales come to, and what of it was given back; minor units. */
  sales_amount: SignedAmount,
  refunded_amount: SignedAmount,
}

export const db = defineTables({
  /** Orders that changed since they were counted, a row for each change: so nobody waits. */
  order_recounts: Type.Object({
    id: IdSchema('order_recount'),
    order_id: IdSchema('order'),
  }),
  /** What each order was counted as; a deleted one is not counted. */
  counted_orders: Type.Object({
    order_id: IdSchema('order'),
    customer_id: IdSchema('customer'),
    currency: Currency,
    day: Day,
    status: orderLifecycle.schema,
    is_sale: Type.Boolean(),
    total_amount: Amount,
    refunded_amount: Amount,
  }),
  /** The sum of `counted_orders` by day and status. */
  order_days: Type.Object({
    currency: Currency,
    day: Day,
    status: orderLifecycle.schema,
    ...figures,
  }),
  /** The same of each customer. */
  customer_days: Type.Object({
    customer_id: IdSchema('customer'),
    currency: Currency,
    day: Day,
    status: orderLifecycle.schema,
    ...figures,
  }),
  /** All sales of each customer, for who buys most. */
  customer_sales: Type.Object({
    currency: Currency,
    customer_id: IdSchema('customer'),
    sales: Type.Integer(),
    sales_amount: SignedAmount,
  }),
})

export type CountedOrder = Static<typeof db.tables.counted_orders>
export type OrderDay = Static<typeof db.tables.order_days>
export type CustomerDay = Static<typeof db.tables.customer_days>
export type CustomerSales = Static<typeof db.tables.customer_sales>
