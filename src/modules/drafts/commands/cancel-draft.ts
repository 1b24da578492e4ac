import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { draftEvents } from '../events.ts'
import { lockDraft, saveDraft } from '../find.ts'
import { draftLifecycle } from '../lifecycle.ts'
import { toldDraft } from '../queries.ts'
import type { Draft, GetDraft } from '../schemas.ts'
import { giveBack } from '../stock.ts'

/** Withdraws a draft: its link leads nowhere, what it held is given back. */
export async function cancelDraft(ctx: Context, { id }: GetDraft): Promise<Draft> {
  const draft = await lockDraft(ctx, id)
  requireVersion(ctx, draft.version)
  const status = draftLifecycle.next(draft.status, 'cancel')
  await giveBack(ctx, draft)
  const change = { status, token_hash: null, ended_at: ctx.now } as const
  const cancelled = await saveDraft(ctx, draft, change)
  emit(ctx, draftEvents.cancelled({ draft_id: draft.id, customer_id: draft.customer_id }))
  return toldDraft(ctx, cancelled)
}
