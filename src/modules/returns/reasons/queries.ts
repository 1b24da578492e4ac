import type { Id } from '#kit/ids'
import { isUuid } from '#kit/ids'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { returnErrors } from '../errors.ts'
import type { GetReason, ListReasons, Reason } from './schemas.ts'
import { db, type ReasonRow } from './tables.ts'

export const codeKey = (code: string): string => code.trim().toLowerCase()

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('return_reasons')
    .selectAll()
    .where('id', '=', p.id as Id<'return_reason'>),
)
const byCode = prepared(db, (open, p: { code_key: string }) =>
  open.selectFrom('return_reasons').selectAll().where('code_key', '=', p.code_key),
)
const codesById = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('return_reasons')
    .select(['id', 'code'])
    .where('id', 'in', listOf(engine, p.ids, 'uuid')),
)

/** The reason that an id or a code names; throws `reason_not_found`. */
export async function findReason(ctx: Context, ref: string): Promise<ReasonRow> {
  const found = isUuid(ref)
    ? await byId.first(ctx, { id: ref })
    : await byCode.first(ctx, { code_key: codeKey(ref) })
  if (!found) throw returnErrors.reason_not_found({ reason: ref })
  return found
}

/** The reason that a text is the code of, if it is offered; any other text is just a text. */
export async function reasonNamed(ctx: Context, text: string): Promise<ReasonRow | undefined> {
  const found = await byCode.first(ctx, { code_key: codeKey(text) })
  return found?.archived_at === null ? found : undefined
}

/** The codes of these reasons; none is asked for twice. */
export async function reasonsById(
  ctx: Context,
  ids: readonly Id<'return_reason'>[],
): Promise<Map<Id<'return_reason'>, string>> {
  const asked = [...new Set(ids)]
  if (asked.length === 0) return new Map()
  return new Map((await codesById(ctx, { ids: asked })).map(({ id, code }) => [id, code]))
}

export const reasonOf = ({ code_key: _, archived_at, ...row }: ReasonRow): Reason => ({
  ...row,
  is_active: archived_at === null,
})

/** One return reason. */
export const getReason = async (ctx: Context, { id }: GetReason): Promise<Reason> =>
  reasonOf(await findReason(ctx, id))

/** The reasons in the order in which they were made. Shoppers see those they may name. */
export async function listReasons(ctx: Context, query: ListReasons): Promise<Page<Reason>> {
  const active = ctx.actor.own_only ? true : query.is_active
  let rows = db(ctx).selectFrom('return_reasons').selectAll()
  if (active !== undefined) rows = rows.where('archived_at', active ? 'is' : 'is not', null)
  return pageById(ctx, query, {
    name: 'return_reasons',
    rows,
    order: 'oldest first',
    tell: (found) => found.map(reasonOf),
  })
}
