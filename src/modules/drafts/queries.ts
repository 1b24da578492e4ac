import type { Page } from '#kit/pages'
import { orderOfMoney, printOrderNumber } from '#modules/orders'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { draftErrors } from './errors.ts'
import { draftLines, draftOfLink, findDraft, printDraftNumber, type StoredDraft } from './find.ts'
import { pricedDraft } from './pricing.ts'
import type { Draft, DraftEntry, GetDraft, ListDrafts, OfferOf, SeeOffer } from './schemas.ts'
import { type DraftRow, db } from './tables.ts'
import { hashToken } from './token.ts'
import { draftOf, entryOf, totalsOf } from './wire.ts'

/** One draft with what it comes to: what was offered, or what it would cost now. */
export async function getDraft(ctx: Context, { id }: GetDraft): Promise<Draft> {
  return toldDraft(ctx, await findDraft(ctx, id))
}

/** A draft as it is answered. */
export async function toldDraft(ctx: Context, draft: DraftRow): Promise<Draft> {
  const stored = await storedDraft(ctx, draft)
  return draftOf(stored, draft.offer ?? (await pricedDraft(ctx, stored)))
}

export const storedDraft = async (ctx: Context, draft: DraftRow): Promise<StoredDraft> => ({
  draft,
  lines: await draftLines(ctx, { draft_id: draft.id }),
})

/** Drafts, newest first. */
export function listDrafts(ctx: Context, query: ListDrafts): Promise<Page<DraftEntry>> {
  let found = db(ctx).selectFrom('drafts')
  if (query.status) found = found.where('status', '=', query.status)
  if (query.customer_id) found = found.where('customer_id', '=', query.customer_id)
  return pageById(ctx, query, {
    name: 'drafts',
    rows: found.selectAll(),
    tell: (rows) => rows.map(entryOf),
  })
}

/** What the holder of a link is offered. Throws `no_such_link`, `over`. */
export async function seeOffer(ctx: Context, { token }: SeeOffer): Promise<OfferOf> {
  const draft = await draftOfLink(ctx, hashToken(token))
  const { offer } = requireOffered(ctx, draft)
  const lines = await draftLines(ctx, { draft_id: draft?.id as DraftRow['id'] })
  const { number, currency, shipping_address, note, expires_at, order_id } = draft as DraftRow
  const order = order_id && (await orderOfMoney(ctx, order_id))
  return {
    draft_number: printDraftNumber(number),
    ...totalsOf(currency, lines, offer),
    shipping_address,
    note,
    expires_at,
    order_number: order ? printOrderNumber(order.number) : null,
  }
}

/** Refuses a link that leads nowhere (any more), and an offer whose time is over. */
export function requireOffered(ctx: Context, draft: DraftRow | undefined) {
  const { status, offer } = draft ?? {}
  if (!draft || !offer) throw draftErrors.no_such_link()
  const { expires_at } = draft
  if (status === 'expired' || (status === 'sent' && expires_at !== null && expires_at <= ctx.now)) {
    throw draftErrors.over({ expires_at: expires_at as string })
  }
  if (status !== 'sent' && status !== 'completed') throw draftErrors.no_such_link()
  return { draft, offer }
}
