import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money } from '#kit/money'
import { Instant, InstantInput, Nullable, Text } from '#kit/schemas'
import { type OrderStatus, orderLifecycle } from '../lifecycle.ts'

export const AskStatistics = Type.Object({
  currency: Type.Optional(
    Type.Unsafe<string>({
      ...CurrencyInput,
      description: 'Whose orders are counted; the default currency if unset.',
    }),
  ),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
  start_date: Type.Optional(
    Text(40, { description: 'The first day (UTC) that counts; the same as `from`.' }),
  ),
  end_date: Type.Optional(
    Text(40, { description: 'The last day (UTC) that counts; the same as `to`.' }),
  ),
})
export type AskStatistics = Static<typeof AskStatistics>

const count = Type.Integer({ minimum: 0 })
const byStatus = Object.fromEntries(
  orderLifecycle.states.map((status) => [status, count]),
) as Record<OrderStatus, typeof count>

const Figures = {
  currency: Currency,
  currencies: Type.Array(Currency, { description: 'All in which there are orders.' }),
  period: Type.Object({
    start_date: Nullable(Type.String()),
    end_date: Nullable(Type.String()),
  }),
  total_orders: Type.Integer({
    minimum: 0,
    description: 'Orders that are sales: neither cancelled nor deleted.',
  }),
  total_sales: Type.Unsafe<string>({
    ...Money,
    description: 'What they come to, refunds and all.',
  }),
  total_refunded: Type.Unsafe<string>({ ...Money, description: 'What of it was given back.' }),
  net_sales: Type.Unsafe<string>({ ...Money, description: 'Sales less refunds.' }),
  average_order_value: Money,
  orders_by_status: Type.Object(byStatus, {
    description: 'All orders that are not deleted, the cancelled ones too.',
  }),
  monthly_trend: Type.Array(
    Type.Object({
      month: Type.String({ examples: ['2026-11'] }),
      order_count: count,
      total_sales: Money,
      total_refunded: Money,
    }),
    { description: 'The last 12 months with orders, newest first.' },
  ),
  is_current: Type.Boolean({
    description: 'False while so many changes wait to be counted that some are missing here.',
  }),
  timestamp: Instant,
}

export const OrderStatistics = Type.Object({
  ...Figures,
  top_customers: Nullable(
    Type.Array(
      Type.Object({
        customer_id: IdSchema('customer'),
        order_count: count,
        total_sales: Money,
      }),
      {
        description:
          'The ten with most sales; null for a period of more than 100,000 orders: ask for a shorter one, or for all time.',
      },
    ),
  ),
  metrics: Type.Object({
    orders_per_customer: Nullable(Type.Number({ description: 'To two decimals.' })),
    sales_per_order: Money,
    active_customers: Nullable(
      Type.Integer({ description: 'Customers with a sale; null where `top_customers` is.' }),
    ),
  }),
})
export type OrderStatistics = Static<typeof OrderStatistics>

export const UserStatistics = Type.Object({
  ...Figures,
  metrics: Type.Object({ sales_per_order: Money }),
})
export type UserStatistics = Static<typeof UserStatistics>
