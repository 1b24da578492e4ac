import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { askRefunds, finishRefunds, refusalOfRefunds } from '#modules/payments'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { eachRow } from '#platform/database/each-row'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import { lockOrder, type OrderRow } from '../find.ts'
import type { RefundPlan } from './plan.ts'
import { partsOf, readRefund } from './queries.ts'
import { refundOf, refuseShoppers } from './refundable.ts'
import type { OrderRefund, RefundOrder } from './schemas.ts'
import { db, type RefundLineRow, type RefundRow } from './tables.ts'

/**
 * Gives back what was paid for lines, units and shipping of an order, by its payments, the newest
 * first. Everything is written and set aside in one transaction under the order's lock before a
 * provider is asked; a retry with the same key goes on with what it finds.
 */
export async function refundOrder(ctx: ProcessContext, input: RefundOrder): Promise<OrderRefund> {
  refuseShoppers(ctx)
  const begun = await ctx.transaction((tx) => begin(tx, ctx.key, input), 'read committed')
  await finishRefunds(ctx, begun.refund_ids, { again: begun.again })
  return ctx.read(async (tx) => {
    const refund = await readRefund(tx, begun.id)
    if (refund.status !== 'failed') return refund
    const reason = (await refusalOfRefunds(tx, begun.refund_ids)) ?? 'no reason was given.'
    throw orderErrors.refund_refused({ reason, order_refund_id: refund.id })
  })
}

type Begun = { id: RefundRow['id']; refund_ids: Id<'refund'>[]; again: boolean }

async function begin(ctx: Context, key: string, input: RefundOrder): Promise<Begun> {
  const id = key as RefundRow['id']
  const order = await lockOrder(ctx, input.id)
  const known = await partsOf(ctx, { refunds: [id] })
  if (known.length > 0) {
    return { id, refund_ids: known.map(({ refund_id }) => refund_id), again: true }
  }
  requireVersion(ctx, order.version)
  const plan = await refundOf(ctx, order, input)
  const refund_ids = await store(ctx, order, { id, plan, reason: input.reason ?? null })
  return { id, refund_ids, again: false }
}

type NewRefund = { id: RefundRow['id']; plan: RefundPlan; reason: string | null }

async function store(ctx: Context, order: OrderRow, { id, plan, reason }: NewRefund) {
  const { currency } = order
  const { items_amount, shipping_amount, goodwill_amount, amount } = plan
  const row: RefundRow = {
    id,
    order_id: order.id,
    currency,
    amount,
    items_amount,
    shipping_amount,
    goodwill_amount,
    reason,
    status: 'pending',
    failed_at: null,
    created_by: ctx.actor.id,
    created_at: ctx.now,
    settled_at: null,
  }
  await insertRefund(ctx, { rows: [row] })
  const lines = plan.lines.map(({ line_id, sku: _, ...line }) => ({
    ...line,
    order_refund_id: id,
    order_line_id: line_id,
  }))
  if (lines.length > 0) {
    const { affected } = await insertLines.run(ctx, { rows: lines })
    if (affected !== lines.length) throw new TryAgain(`units of order ${order.id} were refunded`)
  }
  const asked = await askRefunds(ctx, { order_id: order.id, parts: plan.parts, reason })
  await insertParts(ctx, {
    rows: asked.map((part) => ({ ...part, order_refund_id: id, status: 'pending' as const })),
  })
  const told = { order_id: order.id, order_refund_id: id, amount, currency }
  emit(ctx, orderEvents.refund_requested(told))
  return asked.map(({ refund_id }) => refund_id)
}

const insertRefund = insertRows(db, 'order_refunds')
const insertParts = insertRows(db, 'order_refund_parts')

const LINE_KINDS = {
  order_refund_id: 'uuid',
  order_line_id: 'uuid',
  quantity: 'bigint',
  amount: 'bigint',
  tax_amount: 'bigint',
} as const

// The lock makes the plan right; the write itself says no to a unit that is refunded twice.
const insertLines = eachRow<RefundLineRow, never, never>(
  db as never,
  LINE_KINDS,
  (line, from) => sql<never>`
    insert into order_refund_lines
      (order_refund_id, order_line_id, quantity, amount, tax_amount)
    select ${line.order_refund_id}, ${line.order_line_id}, ${line.quantity}, ${line.amount},
      ${line.tax_amount}
    ${from ? sql`from ${from} as r` : sql``}
    where ${line.quantity} + (
      select coalesce(sum(l.quantity), 0) from order_refund_lines as l
      join order_refunds as f on f.id = l.order_refund_id and f.status <> 'failed'
      where l.order_line_id = ${line.order_line_id})
    <= (select o.quantity from order_lines as o where o.id = ${line.order_line_id})`,
)
