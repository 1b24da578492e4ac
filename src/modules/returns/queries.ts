import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import { findOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
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

/** Returns, the newest first; shoppers see their own. */
export const listReturns = async (ctx: Context, query: ListReturns): Promise<Page<Return>> =>
  pageById(ctx, query, {
    name: 'returns',
    rows: (await filtered(ctx, query)).selectAll(),
    tell: (rows) => printReturns(ctx, rows),
  })

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
