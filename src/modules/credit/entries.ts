import type { Id } from '#kit/ids'
import { type Page, pageErrors, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { type CreditEntry, type ListEntries, printEntry } from './schemas.ts'
import { db } from './tables.ts'

const SORT = 'credit entries'

type Of = { id: Id<'credit_account'>; currency: string }

/** The statement of an account, the newest entry first. */
export async function entriesOf(
  ctx: Context,
  { id, currency }: Of,
  query: ListEntries,
): Promise<Page<CreditEntry>> {
  const start = pageStart(query, SORT)
  const found = db(ctx).selectFrom('credit_entries').where('account_id', '=', id)
  const after = start.after?.at(-1)
  if (after !== undefined && typeof after !== 'number') throw pageErrors.bad_cursor()
  const from =
    after === undefined ? found.offset(start.offset) : found.where('sequence', '<', after)
  const rows = await from
    .selectAll()
    .orderBy('sequence', 'desc')
    .limit(start.limit + 1)
    .execute()
  return pageOf({
    start,
    sort: SORT,
    rows,
    key: ({ sequence }) => [sequence],
    item: (row) => printEntry(row, currency, !ctx.actor.own_only),
    total: await countUpTo(ctx, found),
  })
}
