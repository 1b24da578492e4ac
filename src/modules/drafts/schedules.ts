import type { Id } from '#kit/ids'
import { cancelUnpaidOrder } from '#modules/orders'
import { paymentsOfOrder } from '#modules/payments'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import { type Prepared, prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import type { Schedule } from '#platform/jobs'
import type { ProcessContext } from '#platform/processes'
import { draftEvents } from './events.ts'
import { lockDraft, saveDraft } from './find.ts'
import { draftLifecycle } from './lifecycle.ts'
import { giveBack } from './stock.ts'
import { type DraftRow, db } from './tables.ts'

const BATCH = 100
const EVERY_MS = 60_000
/** How much longer an order waits while its provider has not said how a payment ends. */
const UNDECIDED_MS = 10 * 60_000

type Due = Prepared<{ now: string }, { id: Id<'draft'> }>

const expiring: Due = prepared(db, (open, p: { now: string }) =>
  open
    .selectFrom('drafts')
    .select('id')
    .where('status', 'in', ['open', 'sent'])
    .where('expires_at', '<=', p.now)
    .orderBy('expires_at')
    .limit(BATCH),
)

const unpaid: Due = prepared(db, (open, p: { now: string }) =>
  open
    .selectFrom('drafts')
    .select('id')
    .where('payable_until', 'is not', null)
    .where('payable_until', '<=', p.now)
    .orderBy('payable_until')
    .limit(BATCH),
)

/** Ends drafts whose time is over, and orders of links that nobody has paid in time. */
export async function endDueDrafts(ctx: ProcessContext): Promise<void> {
  await each(ctx, expiring, expireDraft)
  await each(ctx, unpaid, endUnpaid)
}

/** Does one after another, each in its own transaction: one that fails does not keep the others. */
async function each(
  ctx: ProcessContext,
  due: Due,
  end: (ctx: Context, draft: DraftRow) => Promise<void>,
): Promise<void> {
  for (;;) {
    const found = await ctx.read((tx) => due(tx, { now: tx.now }))
    let ended = 0
    for (const { id } of found) {
      try {
        const act = async (tx: Context) => end(tx, await lockDraft(tx, id))
        await ctx.transaction(act, 'read committed')
        ended++
      } catch (error) {
        ctx.log.error({ err: error, draft_id: id }, 'a draft could not be ended')
      }
    }
    if (found.length < BATCH || ended === 0) return
  }
}

async function expireDraft(ctx: Context, draft: DraftRow): Promise<void> {
  const { id: draft_id, customer_id, expires_at } = draft
  const isOver = expires_at !== null && expires_at <= ctx.now
  if (!isOver || (draft.status !== 'open' && draft.status !== 'sent')) return
  await giveBack(ctx, draft)
  const status = draftLifecycle.next(draft.status, 'expire')
  await saveDraft(ctx, draft, { status, ended_at: ctx.now })
  emit(ctx, draftEvents.expired({ draft_id, customer_id }))
}

/** An order that is paid, or that people have taken up, is left alone. */
async function endUnpaid(ctx: Context, draft: DraftRow): Promise<void> {
  const { order_id, payable_until } = draft
  if (order_id === null || payable_until === null || payable_until > ctx.now) return
  await lockEntity(ctx, 'order', order_id)
  const payments = await paymentsOfOrder(ctx, { order_id })
  if (payments.some(({ status }) => status === 'pending' || status === 'processing')) {
    const later = new Date(Date.parse(ctx.now) + UNDECIDED_MS).toISOString()
    await saveDraft(ctx, draft, { payable_until: later })
    return
  }
  await cancelUnpaidOrder(ctx, order_id, 'the offer was not paid in time')
  await saveDraft(ctx, draft, { payable_until: null })
}

export const schedules: readonly Schedule[] = [
  { name: 'drafts.end_due', every_ms: EVERY_MS, run: endDueDrafts },
]
