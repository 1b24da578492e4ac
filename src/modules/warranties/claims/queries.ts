import { sql } from 'kysely'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { db } from '../tables.ts'
import { type GetClaim, type ListClaims, printClaim, type WarrantyClaim } from './schemas.ts'
import { answerOf, findClaim, remediesOf } from './store.ts'

export const getClaim = async (ctx: Context, { id }: GetClaim): Promise<WarrantyClaim> =>
  answerOf(ctx, await findClaim(ctx, id))

/** Claims, newest first; customers see their own. */
export async function listClaims(ctx: Context, query: ListClaims): Promise<Page<WarrantyClaim>> {
  const { own_only, customer_id: own } = ctx.actor
  let rows = db(ctx).selectFrom('warranty_claims').selectAll()
  for (const column of ['status', 'warranty_id', 'customer_id', 'product_id'] as const) {
    const value = query[column]
    if (value !== undefined) rows = rows.where(column, '=', value as never)
  }
  if (own_only) {
    rows = own ? rows.where('customer_id', '=', own) : rows.where(sql<boolean>`false`)
  }
  return pageById(ctx, query, {
    name: 'warranty claims',
    rows,
    tell: async (found) => {
      const remedies = await remediesOf(
        ctx,
        found.map(({ id }) => id),
      )
      const byClaim = Map.groupBy(remedies, ({ claim_id }) => claim_id)
      return found.map((row) => printClaim(row, byClaim.get(row.id) ?? [], !own_only))
    },
  })
}
