import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { draftErrors } from '../errors.ts'
import { draftEvents } from '../events.ts'
import { lockDraft, saveDraft } from '../find.ts'
import { draftLifecycle } from '../lifecycle.ts'
import { type PricedDraft, pricedDraft } from '../pricing.ts'
import { storedDraft } from '../queries.ts'
import type { GetDraft, SentDraft } from '../schemas.ts'
import type { DraftRow, Offer } from '../tables.ts'
import { hashToken, newToken } from '../token.ts'
import { draftOf } from '../wire.ts'

/**
 * Offers a draft: what it comes to now is fixed to the cent, and whoever shows the token that is
 * answered may see and pay it. Sent again, it is priced anew and the former token is void. Throws
 * `incomplete`, `over`.
 */
export async function sendDraft(ctx: Context, { id }: GetDraft): Promise<SentDraft> {
  const draft = await lockDraft(ctx, id)
  requireVersion(ctx, draft.version)
  const status = draftLifecycle.next(draft.status, 'send')
  requireTime(ctx, draft)
  const stored = await storedDraft(ctx, draft)
  const offer = offerOf(await pricedDraft(ctx, stored))
  const token = newToken()
  const sent = await saveDraft(ctx, draft, {
    status,
    offer,
    token_hash: hashToken(token),
    sent_at: ctx.now,
  })
  const { id: draft_id, customer_id, currency, expires_at } = sent
  const { total_amount } = offer.priced
  emit(ctx, draftEvents.sent({ draft_id, customer_id, currency, total_amount, expires_at }))
  return { draft: draftOf({ ...stored, draft: sent }, offer), token }
}

/** What can be placed as it is; throws `incomplete` with what is missing. */
export function offerOf({ problems, demands: _, ...offer }: PricedDraft): Offer {
  const [problem] = problems
  if (problem !== undefined) throw draftErrors.incomplete({ problem, problems })
  return offer
}

/** Refuses a draft whose time is over, though nobody has ended it yet. */
export function requireTime(ctx: Context, { expires_at }: DraftRow): void {
  if (expires_at !== null && expires_at <= ctx.now) throw draftErrors.over({ expires_at })
}
