import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { findPromotion } from './find.ts'
import type { ListCodes, ListRedemptions, PromotionCode, Redemption } from './schemas.ts'
import { db } from './tables.ts'
import { redemptionOf } from './wire.ts'

/** Who used a promotion, newest first; what was given back too. */
export async function listRedemptions(
  ctx: Context,
  query: ListRedemptions,
): Promise<Page<Redemption>> {
  const { id } = await findPromotion(ctx, query.id)
  let rows = db(ctx).selectFrom('promotion_redemptions').selectAll().where('promotion_id', '=', id)
  if (query.customer_id) rows = rows.where('customer_id', '=', query.customer_id)
  if (query.given_back !== undefined) {
    rows = rows.where('given_back_at', query.given_back ? 'is not' : 'is', null)
  }
  return pageById(ctx, query, {
    name: 'redemptions',
    rows,
    tell: (found) => found.map(redemptionOf),
  })
}

/** The codes of a promotion, newest first, each with its uses. */
export async function listCodes(ctx: Context, query: ListCodes): Promise<Page<PromotionCode>> {
  const { id } = await findPromotion(ctx, query.id)
  return pageById(ctx, query, {
    name: 'promotion codes',
    rows: db(ctx).selectFrom('promotion_codes').selectAll().where('promotion_id', '=', id),
    tell: async (rows) => {
      const uses = await usesOf(ctx, { codes: rows.map((row) => row.id) })
      const times = new Map(uses.map(({ code_id, times }) => [code_id, times]))
      return rows.map((row) => codeOf(row, times.get(row.id) ?? 0))
    },
  })
}

const usesOf = prepared(db, (open, p: { codes: readonly Id<'promotion_code'>[] }, engine) =>
  open
    .selectFrom('promotion_redemptions')
    .select(['code_id', (eb) => eb.fn.countAll<number>().as('times')])
    .where('code_id', 'in', listOf(engine, p.codes, 'uuid'))
    .where('given_back_at', 'is', null)
    .groupBy('code_id'),
)

/** A code as it is answered. */
export function codeOf(
  row: Static<(typeof db.tables)['promotion_codes']>,
  times_redeemed: number,
): PromotionCode {
  const { promotion_id: _, code_key: __, ...facts } = row
  return { ...facts, times_redeemed }
}
