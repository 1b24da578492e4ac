import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageByNumber } from '#platform/database/list-pages'
import { type CreditEntry, type ListEntries, printEntry } from './schemas.ts'
import { db } from './tables.ts'

type Of = { id: Id<'credit_account'>; currency: string }

/** The statement of an account, the newest entry first. */
export async function entriesOf(
  ctx: Context,
  { id, currency }: Of,
  query: ListEntries,
): Promise<Page<CreditEntry>> {
  return pageByNumber(ctx, query, {
    name: 'credit entries',
    number: 'sequence',
    rows: db(ctx).selectFrom('credit_entries').where('account_id', '=', id).selectAll(),
    tell: (rows) => rows.map((row) => printEntry(row, currency, !ctx.actor.own_only)),
  })
}
