import { sql } from 'kysely'
import type { Id } from '#kit/ids'
import { formatMoney, parseCurrency } from '#kit/money'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { entriesOf } from '../entries.ts'
import { creditErrors } from '../errors.ts'
import { accountById } from '../ledger.ts'
import type { CreditEntry, ListEntries } from '../schemas.ts'
import { type AccountRow, db } from '../tables.ts'
import type { GetStoreCredit, ListStoreCredit, StoreCredit } from './schemas.ts'

/** A store credit account that the caller may see; throws `account_not_found`. */
export async function findStoreCredit(ctx: Context, id: Id<'credit_account'>): Promise<AccountRow> {
  const account = await accountById.first(ctx, { id })
  const { own_only, customer_id } = ctx.actor
  const isForeign = own_only && (customer_id === null || account?.customer_id !== customer_id)
  if (account?.kind === 'store_credit' && !isForeign) return account
  throw creditErrors.account_not_found({ account_id: id })
}

export const getStoreCredit = async (ctx: Context, { id }: GetStoreCredit): Promise<StoreCredit> =>
  printStoreCredit(await findStoreCredit(ctx, id))

const SORT = 'store credit'

/** Store credit accounts, newest first; customers see their own. */
export async function listStoreCredit(
  ctx: Context,
  query: ListStoreCredit,
): Promise<Page<StoreCredit>> {
  const start = pageStart(query, SORT)
  const after = afterId<'credit_account'>(start)
  const { own_only, customer_id: own } = ctx.actor
  let found = db(ctx).selectFrom('credit_accounts').where('kind', '=', 'store_credit')
  if (query.customer_id) found = found.where('customer_id', '=', query.customer_id)
  if (query.currency) found = found.where('currency', '=', parseCurrency(query.currency))
  if (own_only)
    found = own ? found.where('customer_id', '=', own) : found.where(sql<boolean>`false`)
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  return pageOf({
    start,
    sort: SORT,
    rows,
    key: ({ id }) => [id],
    item: printStoreCredit,
    total: await countUpTo(ctx, found),
  })
}

/** The statement of a store credit account. */
export async function listStoreCreditEntries(
  ctx: Context,
  query: ListEntries,
): Promise<Page<CreditEntry>> {
  return entriesOf(ctx, await findStoreCredit(ctx, query.id), query)
}

export const printStoreCredit = (account: AccountRow): StoreCredit => ({
  id: account.id,
  customer_id: account.customer_id as Id<'customer'>,
  currency: account.currency,
  balance: formatMoney(account.balance_amount, account.currency),
  version: account.version,
  created_at: account.created_at,
  updated_at: account.updated_at,
})
