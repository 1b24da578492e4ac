import { type SelectQueryBuilder, sql } from 'kysely'
import type { Static } from 'typebox'
import { parseCurrency, parseMoney } from '#kit/money'
import { type Page, pageOf, pageStart } from '#kit/pages'
import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { invalidField } from '#platform/operations'
import { orderErrors } from './errors.ts'
import { findOrder, type OrderRow, orderNumberIn, printOrderNumber } from './find.ts'
import type { GetByNumber, GetOrder, ListOrders, Order, OrderItem } from './schemas.ts'
import { db } from './tables.ts'
import { itemOf, type MoneyRows, orderOf } from './wire.ts'

/** The lines of these orders, in their order. */
export const linesOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_lines')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_id')
    .orderBy('position'),
)

const discountsOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_discounts')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_id')
    .orderBy('position'),
)

const taxesOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_taxes')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_id')
    .orderBy('position'),
)

/** What was paid for besides the goods of these orders, in its order. */
export const feesOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_fees')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_id')
    .orderBy('position'),
)

/**
 * The rows that say where the money of orders comes from, by order. Nothing is asked for orders of
 * which only the total is known.
 */
async function moneyRowsOf(ctx: Context, orders: readonly OrderRow[]) {
  const ids = orders.filter(({ tax_status }) => tax_status === 'computed').map(({ id }) => id)
  if (ids.length === 0) return () => undefined
  const [discounts, taxes, fees] = await Promise.all([
    discountsOf(ctx, { orders: ids }),
    taxesOf(ctx, { orders: ids }),
    feesOf(ctx, { orders: ids }),
  ])
  const byOrder = {
    discounts: Map.groupBy(discounts, (row) => row.order_id),
    taxes: Map.groupBy(taxes, (row) => row.order_id),
    fees: Map.groupBy(fees, (row) => row.order_id),
  }
  return (id: OrderRow['id']): MoneyRows => ({
    discounts: byOrder.discounts.get(id) ?? [],
    taxes: byOrder.taxes.get(id) ?? [],
    fees: byOrder.fees.get(id) ?? [],
  })
}

/** One order with its items. */
export async function getOrder(ctx: Context, { id }: GetOrder): Promise<Order> {
  return withLines(ctx, await findOrder(ctx, id))
}

/** One order by its number. */
export async function getOrderByNumber(
  ctx: Context,
  { order_number }: Static<typeof GetByNumber>,
): Promise<Order> {
  const number = orderNumberIn(order_number)
  const ref = number === undefined ? order_number : printOrderNumber(number)
  return withLines(ctx, await findOrder(ctx, ref))
}

/** The items of one order. */
export async function listItems(ctx: Context, { id }: GetOrder): Promise<OrderItem[]> {
  const order = await findOrder(ctx, id)
  const lines = await linesOf(ctx, { orders: [order.id] })
  return lines.map((line) => itemOf(line, order.currency))
}

/** An order as it is answered, with its items and where its money comes from. */
export async function withLines(ctx: Context, order: OrderRow): Promise<Order> {
  const [lines, moneyOf] = await Promise.all([
    linesOf(ctx, { orders: [order.id] }),
    moneyRowsOf(ctx, [order]),
  ])
  return orderOf(order, lines, moneyOf(order.id))
}

/** The caller's own orders. */
export function listMyOrders(ctx: Context, query: ListOrders): Promise<Page<Order>> {
  const customer_id = ctx.actor.customer_id
  if (!customer_id) throw orderErrors.not_a_customer()
  return listOrders(ctx, { ...query, customer_id })
}

const SORT_COLUMNS = {
  created_at: 'created_at',
  order_date: 'placed_at',
  total_amount: 'total_amount',
  order_number: 'number',
} as const

/** Orders that are neither archived nor deleted. Every page costs the same, however deep. */
export async function listOrders(ctx: Context, query: ListOrders): Promise<Page<Order>> {
  const rows = filtered(ctx, query)
  const column = SORT_COLUMNS[query.sort_by ?? 'created_at']
  const order = query.sort_order ?? 'desc'
  const sort = `${column} ${order}`
  const start = pageStart(query, sort)
  let page = rows
    .selectAll()
    .orderBy(column, order)
    .orderBy('id', order)
    .limit(start.limit + 1)
  if (start.after) {
    const [value, id] = start.after as [never, never]
    page = page.where((eb) =>
      eb(eb.refTuple(column, 'id'), order === 'desc' ? '<' : '>', eb.tuple(value, id)),
    )
  } else {
    page = page.offset(start.offset)
  }
  const found = await page.execute()
  const shown = found.slice(0, start.limit)
  const details = query.include_items ? await detailsOf(ctx, shown) : undefined
  return pageOf({
    start,
    sort,
    rows: found,
    key: (row) => [row[column], row.id],
    item: (row) => orderOf(row, details?.lines.get(row.id) ?? [], details?.moneyOf(row.id)),
    total: await countUpTo(ctx, rows),
  })
}

/** Lines and money of a page of orders: as many statements as for one. */
async function detailsOf(ctx: Context, orders: readonly OrderRow[]) {
  const [lines, moneyOf] = await Promise.all([
    linesOf(ctx, { orders: orders.map(({ id }) => id) }),
    moneyRowsOf(ctx, orders),
  ])
  return { lines: Map.groupBy(lines, (line) => line.order_id), moneyOf }
}

function filtered(ctx: Context, query: ListOrders) {
  const { own_only } = ctx.actor
  const customer_id = own_only ? ctx.actor.customer_id : (query.customer_id ?? query.user_id)
  let rows = db(ctx)
    .selectFrom('orders')
    .where('archived_at', 'is', null)
    .where('deleted_at', 'is', null)
  if (own_only && !customer_id) rows = rows.where((eb) => eb.lit(false))
  else if (customer_id) rows = rows.where('customer_id', '=', customer_id)
  if (query.status) rows = rows.where('status', '=', query.status)
  if (query.payment_status) rows = rows.where('payment_status', '=', query.payment_status)
  if (query.fulfillment_status) {
    rows = rows.where('fulfillment_status', '=', query.fulfillment_status)
  }
  return between(searched(rows, query.search), query)
}

type Rows = SelectQueryBuilder<{ orders: Static<(typeof db.tables)['orders']> }, 'orders', object>

function searched(rows: Rows, search: string | undefined): Rows {
  if (search === undefined) return rows
  const number = orderNumberIn(search) ?? orderNumberIn(`ORD-${search}`)
  if (number !== undefined) return rows.where('number', '=', number)
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  let found = rows.where('notes', 'is not', null)
  for (const word of words) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    found = found.where(sql<boolean>`lower(notes) like ${pattern} escape '\\'`)
  }
  return found
}

function between(rows: Rows, query: ListOrders): Rows {
  const from = instantOf('start_date', query.from ?? query.start_date, 'T00:00:00.000Z')
  const to = instantOf('end_date', query.to ?? query.end_date, 'T23:59:59.999Z')
  const currency = query.currency === undefined ? undefined : parseCurrency(query.currency)
  const amount = (field: 'min_amount' | 'max_amount') =>
    query[field] === undefined ? undefined : parseMoney(query[field], currency ?? 'USD', field)
  const [min, max] = [amount('min_amount'), amount('max_amount')]
  let found = rows
  if (from) found = found.where('placed_at', '>=', from)
  if (to) found = found.where('placed_at', '<=', to)
  if (currency) found = found.where('currency', '=', currency)
  if (min !== undefined) found = found.where('total_amount', '>=', min)
  if (max !== undefined) found = found.where('total_amount', '<=', max)
  return found
}

const DATE = /^\d{4}-\d\d-\d\d$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/i

/** An instant of a query, which may also be a day: `time` is then added to it. */
export function instantOf(
  field: string,
  text: string | undefined,
  time: string,
): string | undefined {
  if (text === undefined) return undefined
  const full = DATE.test(text) ? `${text}${time}` : text
  // JavaScript reads "-1" as some date too, and 30 February as the first days of March.
  const known = INSTANT.test(full) && isDay(full.slice(0, 10)) && !Number.isNaN(Date.parse(full))
  if (!known) throw invalidField(field, 'must be a date or an instant')
  return toInstant(full)
}

function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00.000Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}
