import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { findOrder, type OrderRow } from '../find.ts'
import { linesOf } from '../queries.ts'
import type { RefundPlan } from './plan.ts'
import { refundOf, refuseShoppers } from './refundable.ts'
import type { ListRefunds, OrderRefund, RefundOrder, RefundPreview } from './schemas.ts'
import { db, type RefundLineRow, type RefundPartRow, type RefundRow } from './tables.ts'

/** The row of a refund of an order. */
export const refundById = prepared(db, (open, p: { id: RefundRow['id'] }) =>
  open.selectFrom('order_refunds').selectAll().where('id', '=', p.id),
)
const refundLinesOf = prepared(db, (open, p: { refunds: readonly string[] }, engine) =>
  open
    .selectFrom('order_refund_lines')
    .selectAll()
    .where('order_refund_id', 'in', listOf(engine, p.refunds, 'uuid')),
)
/** By which payments these refunds of orders go back. */
export const partsOf = prepared(db, (open, p: { refunds: readonly string[] }, engine) =>
  open
    .selectFrom('order_refund_parts')
    .selectAll()
    .where('order_refund_id', 'in', listOf(engine, p.refunds, 'uuid'))
    .orderBy('refund_id'),
)

const creditSums = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('order_refunds')
    .select(['order_id', (eb) => eb.fn.sum<number>('credit_amount').as('credited')])
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .where('credit_amount', '>', 0)
    .groupBy('order_id'),
)

/** What of these orders was given back as store credit, in minor units; none is missing. */
export async function creditedOf(
  ctx: Context,
  orders: readonly Id<'order'>[],
): Promise<Map<Id<'order'>, number>> {
  const rows = orders.length > 0 ? await creditSums(ctx, { orders }) : []
  return new Map(rows.map(({ order_id, credited }) => [order_id, Number(credited)]))
}

/** What a refund would come to at this moment; the same function as the refund itself. */
export async function previewRefund(ctx: Context, input: RefundOrder): Promise<RefundPreview> {
  refuseShoppers(ctx)
  const order = await findOrder(ctx, input.id)
  return previewOf(order, await refundOf(ctx, order, input))
}

function previewOf({ id, currency }: OrderRow, plan: RefundPlan): RefundPreview {
  const money = (minor: number) => formatMoney(minor, currency)
  return {
    order_id: id,
    currency,
    amount: money(plan.amount),
    items_amount: money(plan.items_amount),
    shipping_amount: money(plan.shipping_amount),
    goodwill_amount: money(plan.goodwill_amount),
    fee_amount: money(plan.fee_amount),
    credit_amount: money(plan.credit_amount),
    items: plan.lines.map(({ line_id, sku, quantity, amount, tax_amount }) => ({
      item_id: line_id,
      sku,
      quantity,
      amount: money(amount),
      tax_amount: tax_amount === null ? null : money(tax_amount),
    })),
    payments: plan.parts.map(({ payment_id, amount }) => ({ payment_id, amount: money(amount) })),
  }
}

/** One refund of an order as it is answered. */
export async function readRefund(ctx: Context, id: RefundRow['id']): Promise<OrderRefund> {
  const row = await refundById.first(ctx, { id })
  if (!row) throw new Error(`there is no refund ${id}`)
  const [refund] = await withDetails(ctx, row.order_id, [row])
  return refund as OrderRefund
}

/** The refunds of an order, newest first. */
export async function listRefunds(ctx: Context, query: ListRefunds): Promise<Page<OrderRefund>> {
  const order = await findOrder(ctx, query.id)
  return pageById(ctx, query, {
    name: '-id',
    rows: db(ctx).selectFrom('order_refunds').selectAll().where('order_id', '=', order.id),
    tell: (rows) => withDetails(ctx, order.id, rows),
  })
}

/** Lines and parts of refunds of one order: as many statements as for one. */
async function withDetails(
  ctx: Context,
  order_id: Id<'order'>,
  rows: readonly RefundRow[],
): Promise<OrderRefund[]> {
  const refunds = rows.map(({ id }) => id)
  const [ordered, lines, parts] = await Promise.all([
    linesOf(ctx, { orders: [order_id] }),
    refundLinesOf(ctx, { refunds }),
    partsOf(ctx, { refunds }),
  ])
  const place = new Map(ordered.map(({ id, sku, position }) => [id, { sku, position }]))
  const positionOf = ({ order_line_id }: RefundLineRow) => place.get(order_line_id)?.position ?? 0
  const linesBy = Map.groupBy(
    lines.toSorted((a, b) => positionOf(a) - positionOf(b)),
    (line) => line.order_refund_id,
  )
  const partsBy = Map.groupBy(parts, (part) => part.order_refund_id)
  return rows.map((row) =>
    printRefund(row, {
      lines: linesBy.get(row.id) ?? [],
      // The newest payment gave first, as the preview says it.
      parts: partsBy.get(row.id) ?? [],
      skuOf: (line) => place.get(line.order_line_id)?.sku ?? '',
    }),
  )
}

type Details = {
  lines: readonly RefundLineRow[]
  parts: readonly RefundPartRow[]
  skuOf: (line: RefundLineRow) => string
}

function printRefund(row: RefundRow, { lines, parts, skuOf }: Details): OrderRefund {
  const money = (minor: number) => formatMoney(minor, row.currency)
  return {
    id: row.id,
    order_id: row.order_id,
    currency: row.currency,
    amount: money(row.amount),
    items_amount: money(row.items_amount),
    shipping_amount: money(row.shipping_amount),
    goodwill_amount: money(row.goodwill_amount),
    fee_amount: money(row.fee_amount),
    credit_amount: money(row.credit_amount),
    items: lines.map((line) => ({
      item_id: line.order_line_id,
      sku: skuOf(line),
      quantity: line.quantity,
      amount: money(line.amount),
      tax_amount: line.tax_amount === null ? null : money(line.tax_amount),
    })),
    status: row.status,
    reason: row.reason,
    return_id: row.return_id,
    claim_id: row.claim_id,
    payments: parts.map(({ payment_id, refund_id, amount, status, retried_at }) => ({
      payment_id,
      refund_id,
      amount: money(amount),
      status,
      retried_at,
    })),
    created_at: row.created_at,
    settled_at: row.settled_at,
  }
}
