import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { type CreditReference, issueCredit } from '#modules/credit'
import { askRefunds, finishRefunds, refusalOfRefunds } from '#modules/payments'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { eachRow } from '#platform/database/each-row'
import { emit } from '#platform/events'
import type { ProcessContext } from '#platform/processes'
import { insertRows } from '#platform/tables'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import type { OrderRow } from '../find.ts'
import { settleGiftCards } from '../gift-cards/settle-gift-cards.ts'
import type { RefundPlan } from './plan.ts'
import { partsOf, readRefund, refundById } from './queries.ts'
import { refundStatus, toldOf } from './reactions.ts'
import type { OrderRefund } from './schemas.ts'
import { db, type RefundLineRow, type RefundRow } from './tables.ts'

/** A refund that is stored; `again`: its providers may have been asked already. */
export type BegunRefund = { id: RefundRow['id']; refund_ids: Id<'refund'>[]; again: boolean }

/** What is given back, and what for. `id` is the key of the process that gives it. */
export type NewRefund = {
  id: RefundRow['id']
  plan: RefundPlan
  reason: string | null
  return_id?: RefundRow['return_id']
  claim_id?: RefundRow['claim_id']
}

/** The refund of this id, if it was begun: what a retry goes on with. */
export async function knownRefund(
  ctx: Context,
  id: RefundRow['id'],
): Promise<BegunRefund | undefined> {
  const [row, parts] = await Promise.all([
    refundById.first(ctx, { id }),
    partsOf(ctx, { refunds: [id] }),
  ])
  return row && { id, refund_ids: parts.map(({ refund_id }) => refund_id), again: true }
}

/**
 * Stores a refund and all that its providers will be asked, in the caller's transaction, which
 * holds the order's lock: nobody is asked before the commit. What is given as store credit is given
 * at once. `finishRefund` does the rest, and the sweeper, should that never come.
 */
export async function beginRefund(
  ctx: Context,
  order: OrderRow,
  refund: NewRefund,
): Promise<BegunRefund> {
  const { id, plan, reason } = refund
  const row = rowOf(ctx, order, refund)
  await insertRefund(ctx, { rows: [row] })
  await storeLines(ctx, order, refund)
  await settleGiftCards(ctx, order)
  const asked = await askRefunds(ctx, { order_id: order.id, parts: plan.parts, reason })
  await storeParts(ctx, id, asked)
  emit(ctx, orderEvents.refund_requested(toldOf(row)))
  if (row.status !== 'pending') {
    emit(ctx, orderEvents.refund_settled({ ...toldOf(row), status: row.status }))
  }
  if (plan.credit_amount > 0) {
    const reference = { reference_type: 'order_refund', reference_id: id }
    await giveCredit(ctx, order, { ...reference, amount: plan.credit_amount })
  }
  return { id, refund_ids: asked.map(({ refund_id }) => refund_id), again: false }
}

function rowOf(ctx: Context, order: OrderRow, refund: NewRefund): RefundRow {
  const { id, plan, reason, return_id = null, claim_id = null } = refund
  const { lines: _, parts, ...sums } = plan
  // What goes back by no payment has gone back already.
  const status = refundStatus(parts.map(() => ({ status: 'pending' })))
  return {
    id,
    order_id: order.id,
    currency: order.currency,
    ...sums,
    reason,
    return_id,
    claim_id,
    status,
    failed_at: null,
    created_by: ctx.actor.id,
    created_at: ctx.now,
    settled_at: status === 'pending' ? null : ctx.now,
  }
}

async function storeLines(ctx: Context, order: OrderRow, { id, plan }: NewRefund): Promise<void> {
  const rows = plan.lines.map(({ line_id, sku: _, ...line }) => ({
    ...line,
    order_refund_id: id,
    order_line_id: line_id,
  }))
  if (rows.length === 0) return
  const { affected } = await insertLines.run(ctx, { rows })
  if (affected !== rows.length) throw new TryAgain(`units of order ${order.id} were refunded`)
}

type Asked = Awaited<ReturnType<typeof askRefunds>>

/** By which payments a refund goes back; beside the requests that they will be asked. */
export async function storeParts(
  ctx: Context,
  order_refund_id: RefundRow['id'],
  asked: Asked,
): Promise<void> {
  if (asked.length === 0) return
  const fresh = { status: 'pending', retried_at: null, retried_by: null } as const
  await insertParts(ctx, { rows: asked.map((part) => ({ ...part, order_refund_id, ...fresh })) })
}

type Given = CreditReference & { amount: number }

/** Gives the customer of an order store credit, once for a reference. */
export async function giveCredit(
  ctx: Context,
  { customer_id, currency }: OrderRow,
  { amount, ...reference }: Given,
): Promise<void> {
  const reason = 'refund of an order'
  await issueCredit(ctx, { customer_id, currency, amount, reason, reference })
}

/**
 * Asks the providers for what `beginRefund` has stored, and answers how the refund stands: it may
 * still be pending. Throws `refund_refused` if no payment gave anything back.
 */
export async function finishRefund(
  ctx: ProcessContext,
  { id, refund_ids, again }: BegunRefund,
): Promise<OrderRefund> {
  await finishRefunds(ctx, refund_ids, { again })
  return ctx.read(async (tx) => {
    const refund = await readRefund(tx, id)
    if (refund.status !== 'failed') return refund
    const reason = (await refusalOfRefunds(tx, refund_ids)) ?? 'no reason was given.'
    throw orderErrors.refund_refused({ reason, order_refund_id: refund.id })
  })
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
