import type { Id } from '#kit/ids'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import { findOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { invalidField } from '#platform/operations'
import { findReturn, rmaIn } from './find.ts'
import { returnLifecycle } from './lifecycle.ts'
import { findReason } from './reasons/queries.ts'
import type { GetReturn, ListReturns, Return } from './schemas.ts'
import { db } from './tables.ts'
import { answerReturn, printReturns } from './wire.ts'

/** One return. */
export const getReturn = async (ctx: Context, { id }: GetReturn): Promise<Return> =>
  answerReturn(ctx, await findReturn(ctx, id))

const SORT = 'returns'

/** Returns, the newest first; shoppers see their own. */
export async function listReturns(ctx: Context, query: ListReturns): Promise<Page<Return>> {
  const start = pageStart(query, SORT)
  const found = await filtered(ctx, query)
  const after = afterId<'return'>(start)
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  const shown = await printReturns(ctx, rows.slice(0, start.limit))
  const told = new Map(shown.map((one) => [one.id, one]))
  return pageOf({
    start,
    sort: SORT,
    rows,
    key: ({ id }) => [id],
    item: ({ id }) => told.get(id) as Return,
    total: await countUpTo(ctx, found),
  })
}

async function filtered(ctx: Context, query: ListReturns) {
  const { own_only, customer_id: self } = ctx.actor
  let found = db(ctx).selectFrom('returns').where('deleted_at', 'is', null)
  const customer_id = own_only ? self : query.customer_id
  if (own_only && !self) found = found.where((eb) => eb.lit(false))
  else if (customer_id) found = found.where('customer_id', '=', customer_id as Id<'customer'>)
  if (query.status !== undefined) {
    const wanted = query.status.replaceAll(/[ _-]/g, '').toLowerCase()
    const status = returnLifecycle.states.find((state) => state.toLowerCase() === wanted)
    if (!status) {
      throw invalidField('status', `must be one of ${returnLifecycle.states.join(', ')}`)
    }
    found = found.where('status', '=', status)
  }
  if (query.order_id !== undefined) {
    found = found.where('order_id', '=', (await findOrder(ctx, query.order_id)).id)
  }
  if (query.reason_code !== undefined) {
    found = found.where('reason_id', '=', (await findReason(ctx, query.reason_code)).id)
  }
  if (query.search === undefined) return found
  const number = rmaIn(query.search) ?? rmaIn(`RMA-${query.search.trim()}`)
  return number === undefined
    ? found.where((eb) => eb.lit(false))
    : found.where('number', '=', number)
}
