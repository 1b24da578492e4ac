import { sql } from 'kysely'
import { formatMoney } from '#kit/money'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { codeKey } from './codes.ts'
import { amountsOf, targetsOf } from './facts.ts'
import { findPromotion, type PromotionRow } from './find.ts'
import type { GetPromotion, ListPromotions, Promotion, PromotionWithUsage } from './schemas.ts'
import { db } from './tables.ts'
import { promotionOf } from './wire.ts'

/** One promotion, with how often it was redeemed and what it gave away. */
export async function getPromotion(
  ctx: Context,
  { id }: GetPromotion,
): Promise<PromotionWithUsage> {
  const row = await findPromotion(ctx, id)
  const [promotion] = await withFacts(ctx, [row])
  const given = await usageOf(ctx, { id })
  return {
    ...(promotion as Promotion),
    usage: {
      times_redeemed: given.reduce((sum, { times }) => sum + times, 0),
      given: given.map(({ currency, amount }) => ({
        currency,
        amount: formatMoney(amount, currency),
      })),
    },
  }
}

const usageOf = prepared(db, (open, p: GetPromotion) =>
  open
    .selectFrom('promotion_redemptions')
    .select(['currency', sql<number>`count(*)`.as('times'), sql<number>`sum(amount)`.as('amount')])
    .where('promotion_id', '=', p.id)
    .where('given_back_at', 'is', null)
    .groupBy('currency')
    .orderBy('currency'),
)

/** Promotions as they are answered, in the order given: two statements for any number. */
export async function withFacts(ctx: Context, rows: readonly PromotionRow[]): Promise<Promotion[]> {
  const promotions = rows.map(({ id }) => id)
  const [amounts, targets] = await Promise.all([
    amountsOf(ctx, { promotions }),
    targetsOf(ctx, { promotions }),
  ])
  const amountsBy = Map.groupBy(amounts, ({ promotion_id }) => promotion_id)
  const targetsBy = Map.groupBy(targets, ({ promotion_id }) => promotion_id)
  return rows.map((row) =>
    promotionOf(row, {
      amounts: amountsBy.get(row.id) ?? [],
      targets: targetsBy.get(row.id) ?? [],
    }),
  )
}

/** Promotions, newest first. Archived ones too, unless a status is asked for. */
export async function listPromotions(
  ctx: Context,
  query: ListPromotions,
): Promise<Page<Promotion>> {
  return pageById(ctx, query, {
    name: 'promotions',
    rows: filtered(ctx, query).selectAll(),
    tell: async (rows) => {
      const shown = await withFacts(ctx, rows)
      const told = new Map(shown.map((promotion) => [promotion.id, promotion]))
      return rows.map(({ id }) => told.get(id) as Promotion)
    },
  })
}

function filtered(ctx: Context, { status, kind, code, search }: ListPromotions) {
  let found = db(ctx).selectFrom('promotions')
  if (status) found = found.where('status', '=', status)
  if (kind) found = found.where('kind', '=', kind)
  if (code !== undefined) {
    found = found.where('id', 'in', (eb) =>
      eb.selectFrom('promotion_codes').select('promotion_id').where('code_key', '=', codeKey(code)),
    )
  }
  for (const word of (search ?? '').toLowerCase().split(/\s+/).filter(Boolean)) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    found = found.where(sql<boolean>`search_text like ${pattern} escape '\\'`)
  }
  return found
}
