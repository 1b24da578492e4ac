import type { Static } from 'typebox'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { orderDeliveries } from './delivery.ts'
import { marksOf } from './desk/marks.ts'
import { findOrder, type OrderRow, orderNumberIn, printOrderNumber } from './find.ts'
import { giftCardRecipients } from './gift-cards/recipients.ts'
import type { GetByNumber, GetOrder, Order, OrderItem, OrderShown, ShowOrder } from './schemas.ts'
import { db } from './tables.ts'
import { isOrdered, itemOf, type MoneyRows, orderOf } from './wire.ts'

/** The lines of these orders, in their order. */
export const linesOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_lines')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_id')
    .orderBy('position'),
)

export const discountsOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_discounts')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_id')
    .orderBy('position'),
)

export const taxesOf = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
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
  const ids = orders.filter(hasMoneyRows).map(({ id }) => id)
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

/** Of an order without a cart only the total is known, unless staff have changed it since. */
const hasMoneyRows = ({ tax_status, discount_amount, shipping_amount }: OrderRow): boolean =>
  tax_status === 'computed' || discount_amount > 0 || shipping_amount > 0

/** One order with its items. */
export async function getOrder(ctx: Context, { id }: GetOrder): Promise<Order> {
  return withLines(ctx, await findOrder(ctx, id))
}

/** One order as it is shown: to its buyer with how far it is, to others if they want that. */
export async function showOrder(
  ctx: Context,
  { id, include_delivery = ctx.actor.own_only }: Static<typeof ShowOrder>,
): Promise<OrderShown> {
  const order = await findOrder(ctx, id)
  if (!include_delivery) return withLines(ctx, order)
  const [told, delivery] = await Promise.all([
    withLines(ctx, order),
    orderDeliveries.of(ctx).deliveryOf(ctx, order),
  ])
  return { ...told, delivery }
}

/** One order by its number, as `showOrder` shows it. */
export async function getOrderByNumber(
  ctx: Context,
  { order_number, ...how }: Static<typeof GetByNumber>,
): Promise<OrderShown> {
  const number = orderNumberIn(order_number)
  const id = number === undefined ? order_number : printOrderNumber(number)
  return showOrder(ctx, { ...how, id })
}

/** The items of one order. */
export async function listItems(ctx: Context, { id }: GetOrder): Promise<OrderItem[]> {
  const order = await findOrder(ctx, id)
  const lines = await linesOf(ctx, { orders: [order.id] })
  const recipients = await giftCardRecipients(ctx, [order], lines)
  return lines
    .filter(isOrdered)
    .map((line) => itemOf(line, order.currency, recipients.get(line.id)))
}

/** An order as it is answered, with its items, where its money comes from, and staff's marks. */
export async function withLines(ctx: Context, order: OrderRow): Promise<Order> {
  const [lines, moneyOf, marks] = await Promise.all([
    linesOf(ctx, { orders: [order.id] }),
    moneyRowsOf(ctx, [order]),
    marksOf(ctx, [order.id]),
  ])
  const recipients = await giftCardRecipients(ctx, [order], lines)
  return orderOf(order, lines, { ...moneyOf(order.id), ...marks(order.id), recipients })
}

/** Lines and money of a page of orders: as many statements as for one. */
export async function detailsOf(ctx: Context, orders: readonly OrderRow[]) {
  const [lines, moneyOf] = await Promise.all([
    linesOf(ctx, { orders: orders.map(({ id }) => id) }),
    moneyRowsOf(ctx, orders),
  ])
  const recipients = await giftCardRecipients(ctx, orders, lines)
  return { lines: Map.groupBy(lines, (line) => line.order_id), moneyOf, recipients }
}
