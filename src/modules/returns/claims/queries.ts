import type { Id } from '#kit/ids'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import { findOrder } from '#modules/orders'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { answerClaim, findClaim, printClaims } from './find.ts'
import type { Claim, GetClaim, ListClaims } from './schemas.ts'
import { db } from './tables.ts'

/** One claim. */
export const getClaim = async (ctx: Context, { id }: GetClaim): Promise<Claim> =>
  answerClaim(ctx, await findClaim(ctx, id))

const SORT = 'claims'

/** Claims, the newest first; shoppers see their own. */
export async function listClaims(ctx: Context, query: ListClaims): Promise<Page<Claim>> {
  const start = pageStart(query, SORT)
  const found = await filtered(ctx, query)
  const after = afterId<'claim'>(start)
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  const shown = await printClaims(ctx, rows.slice(0, start.limit))
  const told = new Map(shown.map((one) => [one.id, one]))
  return pageOf({
    start,
    sort: SORT,
    rows,
    key: ({ id }) => [id],
    item: ({ id }) => told.get(id) as Claim,
    total: await countUpTo(ctx, found),
  })
}

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
