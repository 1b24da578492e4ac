import { query } from '#platform/operations'
import { orderErrors as errors } from '../errors.ts'
import { CheckStock, checkStock, StockHealth } from '../stock-check.ts'
import { orderStatistics, userStatistics } from './queries.ts'
import { AskStatistics, OrderStatistics, UserStatistics } from './schemas.ts'

const SALES =
  'Of one currency and, if asked, of a period of days. Cancelled and deleted orders are no sales; refunds stand apart in `total_refunded`, and `net_sales` is without them.'

/** Figures of the shop. */
export const statisticsOperations = [
  query('orders.get_statistics', {
    rest: 'GET /api/v1/orders/statistics',
    permission: 'orders:read',
    summary: 'Read how many orders there are and what they come to',
    description: `${SALES} Staff only.`,
    input: AskStatistics,
    output: OrderStatistics,
    errors: [errors.staff_only],
    example: { currency: 'USD', start_date: '2026-01-01', end_date: '2026-12-31' },
    run: orderStatistics,
  }),
  query('orders.get_user_statistics', {
    rest: 'GET /api/v1/orders/user-statistics',
    permission: 'signed_in',
    summary: 'Read how many orders I have and what they come to',
    description: SALES,
    input: AskStatistics,
    output: UserStatistics,
    errors: [errors.not_a_customer],
    example: { currency: 'USD' },
    run: userStatistics,
  }),
  query('orders.check_stock', {
    rest: 'GET /api/v1/orders/health/stock-check',
    permission: 'inventory:read',
    summary: 'Read how well the products are stocked',
    description:
      'Products of which stock is kept, by available units: critical 1 to 5, low 6 to 10, medium 11 to 50, high from 51. Counts, alerts and lists follow the filter; `total_products` and the percentage are those of the whole.',
    input: CheckStock,
    output: StockHealth,
    example: { category: 'low', list_size: 100 },
    run: checkStock,
  }),
]
