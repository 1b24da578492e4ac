import type { Static } from 'typebox'
import type { Id } from '#kit/ids'
import { afterId, type Page, pageOf, pageStart } from '#kit/pages'
import type { Context } from '#platform/context'
import { countUpTo } from '#platform/database/count'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { findPromotion } from './find.ts'
import type { ListCodes, ListRedemptions, PromotionCode, Redemption } from './schemas.ts'
import { db } from './tables.ts'
import { redemptionOf } from './wire.ts'

const REDEMPTIONS_SORT = 'redemptions'

/** Who used a promotion, newest first; what was given back too. */
export async function listRedemptions(
  ctx: Context,
  query: ListRedemptions,
): Promise<Page<Redemption>> {
  const { id } = await findPromotion(ctx, query.id)
  const start = pageStart(query, REDEMPTIONS_SORT)
  let found = db(ctx).selectFrom('promotion_redemptions').where('promotion_id', '=', id)
  if (query.customer_id) found = found.where('customer_id', '=', query.customer_id)
  if (query.given_back !== undefined) {
    found = found.where('given_back_at', query.given_back ? 'is not' : 'is', null)
  }
  const after = afterId<'redemption'>(start)
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  return pageOf({
    start,
    sort: REDEMPTIONS_SORT,
    rows: await from
      .selectAll()
      .orderBy('id', 'desc')
      .limit(start.limit + 1)
      .execute(),
    key: (row) => [row.id],
    item: redemptionOf,
    total: await countUpTo(ctx, found),
  })
}

const CODES_SORT = 'promotion codes'

/** The codes of a promotion, newest first, each with its uses. */
export async function listCodes(ctx: Context, query: ListCodes): Promise<Page<PromotionCode>> {
  const { id } = await findPromotion(ctx, query.id)
  const start = pageStart(query, CODES_SORT)
  const found = db(ctx).selectFrom('promotion_codes').where('promotion_id', '=', id)
  const after = afterId<'promotion_code'>(start)
  const from = after ? found.where('id', '<', after) : found.offset(start.offset)
  const rows = await from
    .selectAll()
    .orderBy('id', 'desc')
    .limit(start.limit + 1)
    .execute()
  const uses = await usesOf(ctx, { codes: rows.map((row) => row.id) })
  const times = new Map(uses.map(({ code_id, times }) => [code_id, times]))
  return pageOf({
    start,
    sort: CODES_SORT,
    rows,
    key: (row) => [row.id],
    item: (row) => codeOf(row, times.get(row.id) ?? 0),
    total: await countUpTo(ctx, found),
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
