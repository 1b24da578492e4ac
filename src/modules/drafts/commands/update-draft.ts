import { dropArticles } from '#modules/catalogue'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { requireVersion } from '#platform/versions'
import { draftEvents } from '../events.ts'
import { draftLines, lockDraft, saveDraft } from '../find.ts'
import { linesOf, membersOf } from '../input.ts'
import { draftLifecycle } from '../lifecycle.ts'
import { pricedDraft } from '../pricing.ts'
import type { Draft, UpdateDraft } from '../schemas.ts'
import { holdAnew, requireEnd } from '../stock.ts'
import { type DraftLineRow, type DraftRow, db } from '../tables.ts'
import { draftOf } from '../wire.ts'
import { insertLines } from './create-draft.ts'

/**
 * Changes a draft: what is left out stays, null takes it away, lines are replaced as a whole. One
 * that was sent is offered no more, until it is sent again.
 */
export async function updateDraft(ctx: Context, { id, ...said }: UpdateDraft): Promise<Draft> {
  const before = await lockDraft(ctx, id)
  requireVersion(ctx, before.version)
  const isOpen = before.status === 'open'
  const status = isOpen ? 'open' : draftLifecycle.next(before.status, 'reopen')
  const withdrawn = { status, offer: null, token_hash: null, sent_at: null }
  const change = membersOf(ctx, said, before.currency)
  requireEnd({ ...before, ...change })
  const after = await saveDraft(ctx, before, { ...change, ...withdrawn })
  const lines = said.lines
    ? await replaceLines(ctx, before, await linesOf(ctx, before, said.lines))
    : await draftLines(ctx, { draft_id: before.id })
  const stored = { draft: after, lines }
  const priced = await pricedDraft(ctx, stored)
  await holdAnew(ctx, { before, after }, priced)
  const { id: draft_id, customer_id } = after
  emit(ctx, draftEvents.updated({ draft_id, customer_id, members: Object.keys(said) }))
  return draftOf(stored, priced)
}

async function replaceLines(
  ctx: Context,
  { id }: DraftRow,
  lines: DraftLineRow[],
): Promise<DraftLineRow[]> {
  const before = await draftLines(ctx, { draft_id: id })
  await dropArticles(
    ctx,
    before.map(({ variant_id }) => variant_id),
  )
  await db(ctx).deleteFrom('draft_lines').where('draft_id', '=', id).execute()
  await insertLines(ctx, { rows: lines })
  return lines
}
