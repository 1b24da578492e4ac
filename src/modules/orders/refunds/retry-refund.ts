import { formatMoney } from '#kit/money'
import { askRefunds, type RefundPart, refundableParts, spreadRefund } from '#modules/payments'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { ProcessContext } from '#platform/processes'
import { orderErrors } from '../errors.ts'
import { lockOrder, type OrderRow } from '../find.ts'
import { type BegunRefund, finishRefund, giveCredit, storeParts } from './begin-refund.ts'
import { partsOf, refundById } from './queries.ts'
import { followParts } from './reactions.ts'
import { refuseShoppers } from './refundable.ts'
import type { OrderRefund, RetryRefund } from './schemas.ts'
import { db, type RefundPartRow, type RefundRow, type RefundTarget } from './tables.ts'

/**
 * Tries again what of a refund its payments did not give back: by the same payments first, then by
 * the others of the order, or as store credit. The new parts take the place of those that failed,
 * in one transaction under the order's lock, before a provider is asked. A refund that failed as a
 * whole has let its units go: that is refunded anew.
 */
export async function retryRefund(ctx: ProcessContext, input: RetryRefund): Promise<OrderRefund> {
  refuseShoppers(ctx)
  const begun = await ctx.transaction((tx) => begin(tx, ctx.key, input), 'read committed')
  return finishRefund(ctx, begun)
}

async function begin(ctx: Context, key: string, input: RetryRefund): Promise<BegunRefund> {
  const retried_by = key as NonNullable<RefundPartRow['retried_by']>
  const order = await lockOrder(ctx, input.id)
  const row = await refundById.first(ctx, { id: input.refund_id })
  if (row?.order_id !== order.id) throw orderErrors.refund_not_found(input)
  const parts = await partsOf(ctx, { refunds: [row.id] })
  if (parts.some((part) => part.retried_by === retried_by)) return begunOf(row, parts, true)
  const failed = parts.filter(({ status, retried_at }) => status === 'failed' && !retried_at)
  if (row.status !== 'partly_failed' || failed.length === 0) {
    throw orderErrors.refund_not_retryable({ status: row.status })
  }
  await replaceParts.run(ctx, { id: row.id, retried_by, now: ctx.now })
  const begun = await startAgain(ctx, order, { row, failed, to: input.to ?? 'original' })
  await followParts(ctx, row.id)
  return begun
}

const begunOf = (
  { id }: RefundRow,
  parts: readonly Pick<RefundPartRow, 'refund_id'>[],
  again: boolean,
): BegunRefund => ({ id, refund_ids: parts.map(({ refund_id }) => refund_id), again })

type Again = { row: RefundRow; failed: readonly RefundPartRow[]; to: RefundTarget }

async function startAgain(
  ctx: Context,
  order: OrderRow,
  { row, failed, to }: Again,
): Promise<BegunRefund> {
  const amount = failed.reduce((sum, part) => sum + part.amount, 0)
  if (to === 'original') {
    const parts = await spreadAgain(ctx, order, { failed, amount })
    const asked = await askRefunds(ctx, { order_id: order.id, parts, reason: row.reason })
    await storeParts(ctx, row.id, asked)
    return begunOf(row, asked, false)
  }
  await addCredit.run(ctx, { id: row.id, credit_amount: row.credit_amount + amount })
  for (const part of failed) {
    const reference = { reference_type: 'order_refund_part', reference_id: part.refund_id }
    await giveCredit(ctx, order, { ...reference, amount: part.amount })
  }
  return begunOf(row, [], false)
}

type Replaced = {
  id: RefundRow['id']
  retried_by: NonNullable<RefundPartRow['retried_by']>
  now: string
}

const replaceParts = prepared(db, (open, p: Replaced) =>
  open
    .updateTable('order_refund_parts')
    .set({ retried_at: p.now, retried_by: p.retried_by })
    .where('order_refund_id', '=', p.id)
    .where('status', '=', 'failed')
    .where('retried_at', 'is', null),
)
const addCredit = prepared(db, (open, p: { id: RefundRow['id']; credit_amount: number }) =>
  open
    .updateTable('order_refunds')
    .set({ credit_amount: p.credit_amount })
    .where('id', '=', p.id)
    .where('status', '=', 'partly_failed'),
)

type Spread = { failed: readonly RefundPartRow[]; amount: number }

/** Whoever failed is asked first: a card that was locked yesterday may be open today. */
async function spreadAgain(
  ctx: Context,
  order: OrderRow,
  { failed, amount }: Spread,
): Promise<RefundPart[]> {
  const all = await refundableParts(ctx, { order_id: order.id })
  const has = (part: RefundPart) => failed.some(({ payment_id }) => payment_id === part.payment_id)
  const [first, others] = [all.filter(has), all.filter((part) => !has(part))]
  const parts = spreadRefund([...first, ...others], amount)
  if (parts) return parts
  const { currency } = order
  const available = all.reduce((sum, part) => sum + part.amount, 0)
  throw orderErrors.refund_exceeds_paid({
    amount: formatMoney(amount, currency),
    available: formatMoney(available, currency),
    currency,
  })
}
