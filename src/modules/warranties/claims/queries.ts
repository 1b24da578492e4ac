import { sql } from 'kysely'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { db } from '../tables.ts'
import { type GetClaim, type ListClaims, printClaim, type WarrantyClaim } from './schemas.ts'
import { answerOf, findClaim, remediesOf } from './store.ts'

export const getClaim = async (ctx: Context, { id }: GetClaim): Promise<WarrantyClaim> =>
  answerOf(ctx, await findClaim(ctx, id))

const SORT = 'warranty claims'

/** Claims, newest first; customers see their own. */
export async function listClaims(ctx: Context, query: ListClaims): Promise<Page<WarrantyClaim>> {
  const start = pageStart(query, SORT)
  const { own_only, customer_id: own } = ctx.actor
  let found = db(ctx).selectFrom('warranty_claims')
  for (const column of ['status', 'warranty_id', 'customer_id', 'product_id'] as const) {
    const value = query[column]
    if (value !== undefined) found = found.where(column, '=', value as never)
  }
  if (own_only) {
    found = own ? found.where('customer_id', '=', own) : found.where(sql<boolean>`false`)
  }
  const after = afterId<'warranty_claim'>(start)
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  const remedies = await remediesOf(
    ctx,
    rows.map(({ id }) => id),
  )
  const byClaim = Map.groupBy(remedies, ({ claim_id }) => claim_id)
  return pageOf({
    start,
    sort: SORT,
    rows,
    key: ({ id }) => [id],
    item: (row) => printClaim(row, byClaim.get(row.id) ?? [], !own_only),
    total: await countUpTo(ctx, found),
  })
}
