import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import { findOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { answerClaim, findClaim, printClaims } from './find.ts'
import type { Claim, GetClaim, ListClaims } from './schemas.ts'
import { db } from './tables.ts'

/** One claim. */
export const getClaim = async (ctx: Context, { id }: GetClaim): Promise<Claim> =>
  answerClaim(ctx, await findClaim(ctx, id))

/** Claims, the newest first; shoppers see their own. */
export const listClaims = async (ctx: Context, query: ListClaims): Promise<Page<Claim>> =>
  pageById(ctx, query, {
    name: 'claims',
    rows: (await filtered(ctx, query)).selectAll(),
    tell: (rows) => printClaims(ctx, rows),
  })

async function filtered(ctx: Context, query: ListClaims) {
  const { own_only, customer_id: self } = ctx.actor
  let found = db(ctx).selectFrom('claims')
  const customer_id = own_only ? self : query.customer_id
  if (own_only && !self) found = found.where((eb) => eb.lit(false))
  else if (customer_id) found = found.where('customer_id', '=', customer_id as Id<'customer'>)
  if (query.status) found = found.where('status', '=', query.status)
  if (query.order_id === undefined) return found
  return found.where('order_id', '=', (await findOrder(ctx, query.order_id)).id)
}
