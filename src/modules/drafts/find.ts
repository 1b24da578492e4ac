import { type Id, isUuid } from '#kit/ids'
import type { Context } from '#platform/context'
import { TryAgain } from '#platform/database/database'
import { lockEntity } from '#platform/database/entity-lock'
import { prepared } from '#platform/database/prepared'
import { draftErrors } from './errors.ts'
import { type DraftLineRow, type DraftRow, db } from './tables.ts'

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('drafts')
    .selectAll()
    .where('id', '=', p.id as Id<'draft'>),
)
const byNumber = prepared(db, (open, p: { number: number }) =>
  open.selectFrom('drafts').selectAll().where('number', '=', p.number),
)
const byToken = prepared(db, (open, p: { token_hash: string }) =>
  open.selectFrom('drafts').selectAll().where('token_hash', '=', p.token_hash),
)

const NUMBER = /^DRAFT-(\d{1,15})$/i
export const printDraftNumber = (number: number): string => `DRAFT-${number}`

/** The draft that an id or a number names. Throws `not_found`. */
export async function findDraft(ctx: Context, ref: string): Promise<DraftRow> {
  const number = NUMBER.exec(ref.trim())?.[1]
  const found = isUuid(ref)
    ? await byId.first(ctx, { id: ref })
    : number === undefined
      ? undefined
      : await byNumber.first(ctx, { number: Number(number) })
  if (!found) throw draftErrors.not_found({ draft_id: ref })
  return found
}

/** The draft whose link this hash is of; undefined if it was changed or withdrawn. */
export const draftOfLink = (ctx: Context, token_hash: string) => byToken.first(ctx, { token_hash })

/** The draft, locked until the transaction ends, as it is once the lock is held. */
export async function lockDraft(ctx: Context, ref: string): Promise<DraftRow> {
  const { id } = await findDraft(ctx, ref)
  await lockEntity(ctx, 'draft', id)
  return findDraft(ctx, id)
}

export const draftLines = prepared(db, (open, p: { draft_id: Id<'draft'> }) =>
  open.selectFrom('draft_lines').selectAll().where('draft_id', '=', p.draft_id).orderBy('position'),
)

/** A draft as it is stored. */
export type StoredDraft = { draft: DraftRow; lines: readonly DraftLineRow[] }

/** Stores a change of a draft whose lock is held. */
export async function saveDraft(
  ctx: Context,
  draft: DraftRow,
  change: Partial<DraftRow>,
): Promise<DraftRow> {
  const next = { ...change, version: draft.version + 1, updated_at: ctx.now }
  const { numUpdatedRows } = await db(ctx)
    .updateTable('drafts')
    .set(next)
    .where('id', '=', draft.id)
    .where('version', '=', draft.version)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw new TryAgain(`draft ${draft.id} changed meanwhile`)
  return { ...draft, ...next }
}
