import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { refundedOf, type TakenSums } from '#modules/payments'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { owedFor } from '../payment-status.ts'
import { creditedOf } from '../refunds/queries.ts'
import { db as orders } from '../tables.ts'
import {
  type CountedOrder,
  type CustomerDay,
  type CustomerSales,
  db,
  type OrderDay,
} from './tables.ts'

/** What the figures of some orders change by, since these orders were counted last. */
export type Changes = {
  /** The orders whose figures differ, as they stand now. */
  counted: readonly CountedOrder[]
  /** Orders that are counted no more: they were deleted. */
  gone: readonly Id<'order'>[]
  days: readonly OrderDay[]
  customer_days: readonly CustomerDay[]
  customer_sales: readonly CustomerSales[]
}

const standing = prepared(orders, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('orders')
    .select(['id', 'customer_id', 'currency', 'status', 'total_amount', 'cancelled_amount'])
    .select(['placed_at', 'cancelled_at', 'deleted_at'])
    .where('id', 'in', listOf(engine, p.ids, 'uuid')),
)
const countedBefore = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('counted_orders')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.ids, 'uuid')),
)

type OrderRow = Static<(typeof orders.tables)['orders']>

/**
 * Compares these orders with what they were counted as. It asks what is, not what happened, so the
 * order of changes does not matter, nor whether one is counted twice.
 */
export async function changesOf(ctx: Context, ids: readonly Id<'order'>[]): Promise<Changes> {
  const [now, before, refunded, credited] = await Promise.all([
    standing(ctx, { ids }),
    countedBefore(ctx, { ids }),
    refundedOf(ctx, ids),
    creditedOf(ctx, ids),
  ])
  const counted = new Map(before.map((row) => [row.order_id, row]))
  const changed: CountedOrder[] = []
  const gone: Id<'order'>[] = []
  const signed: Signed[] = []
  for (const row of now) {
    const known = counted.get(row.id)
    const back = givenBack(refunded.get(row.id), credited.get(row.id))
    const after = row.deleted_at ? undefined : countedAs(row, back)
    if (known && after && isSame(known, after)) continue
    if (known) signed.push({ row: known, sign: -1 })
    if (after) {
      signed.push({ row: after, sign: 1 })
      changed.push(after)
    } else if (known) gone.push(row.id)
  }
  return { counted: changed, gone, ...sumsOf(signed) }
}

/** What came in for an order, and what went back: by its payments, and as store credit. */
const givenBack = (
  { captured_amount, refunded_amount }: TakenSums = { captured_amount: 0, refunded_amount: 0 },
  credited = 0,
): TakenSums => ({ captured_amount, refunded_amount: refunded_amount + credited })

/**
 * What an order counts as. It belongs to the day on which it was placed, in UTC. What was ever
 * cancelled is no sale, units of an order like all of it, so what was given back for that is no
 * refund of a sale either: it was paid too much.
 */
function countedAs(
  row: Pick<
    OrderRow,
    | 'id'
    | 'customer_id'
    | 'currency'
    | 'status'
    | 'total_amount'
    | 'cancelled_amount'
    | 'placed_at'
    | 'cancelled_at'
  >,
  { captured_amount, refunded_amount }: TakenSums,
): CountedOrder {
  const is_sale = row.cancelled_at === null
  const sold = is_sale ? owedFor(row) : row.total_amount
  const too_much = Math.max(0, captured_amount - sold)
  return {
    order_id: row.id,
    customer_id: row.customer_id,
    currency: row.currency,
    day: row.placed_at.slice(0, 10),
    status: row.status,
    is_sale,
    total_amount: sold,
    refunded_amount: is_sale ? Math.max(0, refunded_amount - too_much) : 0,
  }
}

const isSame = (a: CountedOrder, b: CountedOrder): boolean =>
  (Object.keys(b) as (keyof CountedOrder)[]).every((member) => a[member] === b[member])

type Signed = { row: CountedOrder; sign: 1 | -1 }
type Figures = Pick<OrderDay, 'orders' | 'sales' | 'sales_amount' | 'refunded_amount'>

function figuresOf({ row, sign }: Signed): Figures {
  const sale = row.is_sale ? sign : 0
  return {
    orders: sign,
    sales: sale,
    sales_amount: sale * row.total_amount,
    refunded_amount: sale * row.refunded_amount,
  }
}

function sumsOf(signed: readonly Signed[]) {
  const days = new Sums<Pick<OrderDay, 'currency' | 'day' | 'status'>>()
  const customer_days = new Sums<Pick<CustomerDay, 'customer_id' | 'currency' | 'day' | 'status'>>()
  const customers = new Sums<Pick<CustomerSales, 'currency' | 'customer_id'>>()
  for (const one of signed) {
    const { currency, day, status, customer_id } = one.row
    const figures = figuresOf(one)
    days.add({ currency, day, status }, figures)
    customer_days.add({ customer_id, currency, day, status }, figures)
    customers.add({ currency, customer_id }, figures)
  }
  return {
    days: days.rows(),
    customer_days: customer_days.rows(),
    customer_sales: customers.rows().map(({ currency, customer_id, sales, sales_amount }) => ({
      currency,
      customer_id,
      sales,
      sales_amount,
    })),
  }
}

/** Figures added up by key; keys whose figures come to nothing are left out. */
class Sums<K extends object> {
  readonly #rows = new Map<string, K & Figures>()

  add(key: K, figures: Figures): void {
    const name = JSON.stringify(key)
    const sum = this.#rows.get(name)
    if (!sum) {
      this.#rows.set(name, { ...key, ...figures })
      return
    }
    const added: Figures = {
      orders: sum.orders + figures.orders,
      sales: sum.sales + figures.sales,
      sales_amount: sum.sales_amount + figures.sales_amount,
      refunded_amount: sum.refunded_amount + figures.refunded_amount,
    }
    this.#rows.set(name, { ...sum, ...added })
  }

  rows(): (K & Figures)[] {
    return [...this.#rows.values()].filter(
      ({ orders, sales, sales_amount, refunded_amount }) =>
        orders !== 0 || sales !== 0 || sales_amount !== 0 || refunded_amount !== 0,
    )
  }
}
