import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import { findOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { answerExchange, findExchange, printExchanges } from './find.ts'
import type { Exchange, GetExchange, ListExchanges } from './schemas.ts'
import { db } from './tables.ts'

/** One exchange. */
export const getExchange = async (ctx: Context, { id }: GetExchange): Promise<Exchange> =>
  answerExchange(ctx, await findExchange(ctx, id))

/** Exchanges, the newest first; shoppers see their own. */
export const listExchanges = async (ctx: Context, query: ListExchanges): Promise<Page<Exchange>> =>
  pageById(ctx, query, {
    name: 'exchanges',
    rows: (await filtered(ctx, query)).selectAll(),
    tell: (rows) => printExchanges(ctx, rows),
  })

async function filtered(ctx: Context, query: ListExchanges) {
  const { own_only, customer_id: self } = ctx.actor
  let found = db(ctx).selectFrom('exchanges')
  const customer_id = own_only ? self : query.customer_id
  if (own_only && !self) found = found.where((eb) => eb.lit(false))
  else if (customer_id) found = found.where('customer_id', '=', customer_id as Id<'customer'>)
  if (query.status) found = found.where('status', '=', query.status)
  if (query.order_id === undefined) return found
  return found.where('order_id', '=', (await findOrder(ctx, query.order_id)).id)
}
