import type { Id } from '#kit/ids'
import { paymentEvents } from '#modules/payments'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { together } from '#platform/reactions'
import { orderEvents } from '../events.ts'
import { orderOfMoney } from '../find.ts'
import { settleGiftCards } from '../gift-cards/settle-gift-cards.ts'
import { partsOf, refundById } from './queries.ts'
import { db, type PartStatus, type RefundRow, type RefundStatus } from './tables.ts'

const setPart = prepared(db, (open, p: { id: Id<'refund'>; status: PartStatus }) =>
  open
    .updateTable('order_refund_parts')
    .set({ status: p.status })
    .where('refund_id', '=', p.id)
    .where('status', '<>', p.status)
    .returning('order_refund_id'),
)
const setStatus = prepared(
  db,
  (open, p: Pick<RefundRow, 'id' | 'status' | 'failed_at' | 'settled_at'>) =>
    open
      .updateTable('order_refunds')
      .set({ status: p.status, failed_at: p.failed_at, settled_at: p.settled_at })
      .where('id', '=', p.id),
)

type Told = { refund_id: Id<'refund'> | null }

/**
 * A payment has given its share back, or has not: how the refund of the order stands follows in the
 * same transaction, which holds the order's lock. Units of a refund that failed as a whole can be
 * refunded again.
 */
async function followPart(ctx: Context, { refund_id }: Told, status: PartStatus): Promise<void> {
  if (refund_id === null) return
  const part = await setPart.first(ctx, { id: refund_id, status })
  if (part) await followParts(ctx, part.order_refund_id)
}

/** Stores how a refund stands by its parts, and tells it where that is new. */
export async function followParts(ctx: Context, id: RefundRow['id']): Promise<void> {
  const [row, parts] = await Promise.all([
    refundById.first(ctx, { id }),
    partsOf(ctx, { refunds: [id] }),
  ])
  if (!row) throw new Error(`there is no refund ${id}`)
  const now = refundStatus(parts, row.credit_amount)
  if (now === row.status) return
  await setStatus.run(ctx, {
    id,
    status: now,
    failed_at: row.failed_at ?? (now === 'failed' ? ctx.now : null),
    settled_at: now === 'pending' ? null : ctx.now,
  })
  // Units of a refund that failed as a whole are not given back, and their gift cards pay again.
  if (now === 'failed' || row.status === 'failed') {
    await settleGiftCards(ctx, await orderOfMoney(ctx, row.order_id))
  }
  if (now === 'pending') return
  emit(ctx, orderEvents.refund_settled({ ...toldOf(row), status: now }))
}

/** What events say of a refund. */
export const toldOf = (row: RefundRow) => ({
  order_id: row.order_id,
  order_refund_id: row.id,
  amount: row.amount,
  currency: row.currency,
  fee_amount: row.fee_amount,
  credit_amount: row.credit_amount,
  return_id: row.return_id,
  claim_id: row.claim_id,
})

type Part = { status: PartStatus; retried_at?: string | null }

/**
 * How a refund stands, from how its parts stand that were not tried again by others. What was given
 * as store credit is given, so then it can fail in part only.
 */
export function refundStatus(all: readonly Part[], credit_amount = 0): RefundStatus {
  const parts = all.filter(({ retried_at = null }) => retried_at === null)
  if (parts.some(({ status }) => status === 'pending')) return 'pending'
  const failed = parts.filter(({ status }) => status === 'failed').length
  if (failed === 0) return 'succeeded'
  return failed === parts.length && credit_amount === 0 ? 'failed' : 'partly_failed'
}

export const refundReactions = [
  together(paymentEvents.refunded, 'orders.follow_refund_part', (ctx, told) =>
    followPart(ctx, told, 'succeeded'),
  ),
  together(paymentEvents.refund_failed, 'orders.follow_failed_part', (ctx, told) =>
    followPart(ctx, told, 'failed'),
  ),
]
