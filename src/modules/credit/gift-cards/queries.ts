import { sql } from 'kysely'
import { parseCurrency } from '#kit/money'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { entriesOf } from '../entries.ts'
import type { CreditEntry, ListEntries } from '../schemas.ts'
import { db } from '../tables.ts'
import { cards, findGiftCard, printGiftCard, selectCards } from './find.ts'
import type { GetGiftCard, GiftCard, ListGiftCards } from './schemas.ts'

export const getGiftCard = async (ctx: Context, { id }: GetGiftCard): Promise<GiftCard> =>
  printGiftCard(ctx, await findGiftCard(ctx, id))

const SORT = 'gift cards'

/** Gift cards, newest first. Customers see those that were given to them. */
export async function listGiftCards(ctx: Context, query: ListGiftCards): Promise<Page<GiftCard>> {
  const start = pageStart(query, SORT)
  const after = afterId<'credit_account'>(start)
  const found = filtered(ctx, query)(selectCards(db(ctx)))
  const from = after ? found.where('a.id', '<', after) : found.offset(start.offset)
  const rows = await from
    .orderBy('a.id', 'desc')
    .limit(start.limit + 1)
    .execute()
  return pageOf({
    start,
    sort: SORT,
    rows,
    key: ({ id }) => [id],
    item: (card) => printGiftCard(ctx, card),
    total: await countUpTo(ctx, filtered(ctx, query)(cards(db(ctx)) as never)),
  })
}

type Found = ReturnType<typeof selectCards>

const filtered =
  ({ actor }: Context, { status, last_four, customer_id, order_id, currency }: ListGiftCards) =>
  (all: Found): Found => {
    let found = all
    if (status) found = found.where('a.status', '=', status)
    if (last_four) found = found.where('g.last_four', '=', last_four.toUpperCase())
    if (customer_id) found = found.where('a.customer_id', '=', customer_id)
    if (order_id) found = found.where(isOfOrder(order_id))
    if (currency) found = found.where('a.currency', '=', parseCurrency(currency))
    if (!actor.own_only) return found
    const own = actor.customer_id
    return own ? found.where('a.customer_id', '=', own) : found.where(sql<boolean>`false`)
  }

const isOfOrder = (order_id: string) => sql<boolean>`a.id in (
  select e.account_id from credit_entries as e
  where e.order_id = ${order_id} and e.kind = 'issued' and e.order_id is not null)`

/** The statement of a gift card. */
export async function listGiftCardEntries(
  ctx: Context,
  query: ListEntries,
): Promise<Page<CreditEntry>> {
  return entriesOf(ctx, await findGiftCard(ctx, query.id), query)
}
