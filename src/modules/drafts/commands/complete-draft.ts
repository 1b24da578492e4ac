import { orderOfMoney } from '#modules/orders'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import type { ProcessContext } from '#platform/processes'
import { lockDraft } from '../find.ts'
import { beginPaying, decided, pursue, type Step } from '../paying.ts'
import { placeDraft, requireTotal } from '../place.ts'
import { pricedDraft } from '../pricing.ts'
import { storedDraft } from '../queries.ts'
import type { CompleteDraft, PlacedDraft } from '../schemas.ts'
import type { DraftRow } from '../tables.ts'
import { offerOf, requireTime } from './send-draft.ts'

/**
 * Staff places the order of a draft: to be paid later, or paid by hand. Called again, it answers
 * the same order, and takes down the money if nobody has. Throws `incomplete`, `total_changed`,
 * `over`.
 */
export async function completeDraft(
  ctx: ProcessContext,
  input: CompleteDraft,
): Promise<PlacedDraft> {
  const step = await ctx.transaction((tx) => placeOrFind(tx, input, ctx.key), 'read committed')
  return pursue(ctx, step)
}

async function placeOrFind(ctx: Context, input: CompleteDraft, key: string): Promise<Step> {
  const draft = await lockDraft(ctx, input.id)
  const { payment_method = 'cash' } = input
  const means = { payment_method }
  if (draft.order_id) {
    await lockEntity(ctx, 'order', draft.order_id)
    const order = { ...(await orderOfMoney(ctx, draft.order_id)), draft_id: draft.id }
    const payment = await decided(ctx, order, key)
    if (payment !== undefined || input.payment === 'pending') {
      return { order, payment: payment ?? null }
    }
    const asked = await beginPaying(ctx, order, { means, key, placed_now: false })
    return { order, payment: null, asked }
  }
  const offer = await currentOffer(ctx, draft)
  requireTotal(draft, offer, input.expected_total)
  const placed = await placeDraft(ctx, draft, { offer, placed_by: 'staff' })
  const order = { ...placed, draft_id: draft.id }
  if (input.payment === 'pending' || order.total_amount === 0) return { order, payment: null }
  const asked = await beginPaying(ctx, order, { means, key, placed_now: true })
  return { order, payment: null, asked }
}

/** What was offered stands; of a draft that was not, what it comes to now. */
async function currentOffer(ctx: Context, draft: DraftRow) {
  requireTime(ctx, draft)
  if (draft.offer) return draft.offer
  return offerOf(await pricedDraft(ctx, await storedDraft(ctx, draft)))
}
