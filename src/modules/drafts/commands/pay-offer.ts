import { orderOfMoney } from '#modules/orders'
import type { Context } from '#platform/context'
import { lockEntity } from '#platform/database/entity-lock'
import type { ProcessContext } from '#platform/processes'
import { draftErrors } from '../errors.ts'
import { draftOfLink, lockDraft } from '../find.ts'
import { beginPaying, decided, pursue, type Step } from '../paying.ts'
import { placeDraft } from '../place.ts'
import { requireOffered } from '../queries.ts'
import type { PayOffer, PlacedDraft } from '../schemas.ts'
import type { DraftRow } from '../tables.ts'
import { hashToken } from '../token.ts'

/**
 * The holder of a link pays what is offered: the order is placed once, whoever pays how often, and
 * then its money is taken. After a decline it can be paid again, by other means, until its time is
 * over. Throws `no_such_link`, `over`, `payment_declined`, `insufficient_stock`.
 */
export async function payOffer(ctx: ProcessContext, input: PayOffer): Promise<PlacedDraft> {
  const step = await ctx.transaction((tx) => placeOrFind(tx, input, ctx.key), 'read committed')
  return pursue(ctx, step)
}

async function placeOrFind(tx: Context, input: PayOffer, key: string): Promise<Step> {
  const token_hash = hashToken(input.token)
  const found = await draftOfLink(tx, token_hash)
  if (!found) throw draftErrors.no_such_link()
  const locked = await lockDraft(tx, found.id)
  // Between the look and the lock, staff may have changed or withdrawn it.
  const current = locked.token_hash === token_hash ? locked : undefined
  const { draft, offer } = requireOffered(tx, current)
  const ctx = asBuyer(tx, draft)
  const { payment_method, payment_token: payment_method_id } = input
  const means = { payment_method, payment_method_id }
  if (draft.order_id) {
    await lockEntity(ctx, 'order', draft.order_id)
    const order = { ...(await orderOfMoney(ctx, draft.order_id)), draft_id: draft.id }
    const payment = await decided(ctx, order, key)
    if (payment !== undefined) return { order, payment }
    const asked = await beginPaying(ctx, order, { means, key, placed_now: false })
    return { order, payment: null, asked }
  }
  const payable_until = payableUntil(ctx, draft)
  const placing = { offer, placed_by: 'buyer', payment_method_id, payable_until } as const
  const order = { ...(await placeDraft(ctx, draft, placing)), draft_id: draft.id }
  if (order.total_amount === 0) return { order, payment: null }
  const asked = await beginPaying(ctx, order, { means, key, placed_now: true })
  return { order, payment: null, asked }
}

/** As long as any unpaid order is waited for, and at least as long as the offer stands. */
function payableUntil({ now, settings }: Context, { expires_at }: DraftRow): string | null {
  const { unpaid_order_minutes } = settings
  if (unpaid_order_minutes === 0) return null
  const waits = new Date(Date.parse(now) + unpaid_order_minutes * 60_000).toISOString()
  return expires_at !== null && expires_at > waits ? expires_at : waits
}

// The holder of the link has proven by its secret that the order is theirs to pay. Payments knows
// no secrets: it looks whose the order is.
const asBuyer = (ctx: Context, { customer_id }: Pick<DraftRow, 'customer_id'>): Context => ({
  ...ctx,
  actor: { ...ctx.actor, customer_id },
})
