import type { Static } from 'typebox'
import { formatMoney } from '#kit/money'
import type { PromotionRow } from './find.ts'
import { formatPercent } from './percent.ts'
import type { Promotion, Redemption } from './schemas.ts'
import type { db } from './tables.ts'
import type { CurrencyTerms, TargetKind, TargetRow } from './terms.ts'

export type RedemptionRow = Static<(typeof db.tables)['promotion_redemptions']>
type Facts = { amounts: readonly CurrencyTerms[]; targets: readonly TargetRow[] }

/** A promotion as it is answered. */
export function promotionOf(row: PromotionRow, { amounts, targets }: Facts): Promotion {
  const told = (member: 'fixed_amount' | 'minimum_amount') =>
    amounts.flatMap(({ currency, [member]: amount }) =>
      amount === null ? [] : [{ currency, amount: formatMoney(amount, currency) }],
    )
  const idsOf = (wanted: TargetKind) =>
    targets.flatMap(({ kind, target_id }) => (kind === wanted ? [target_id as never] : []))
  const { search_text: _, rate_ppm, for_items: __, for_customers: ___, ...facts } = row
  return {
    ...facts,
    percent: rate_ppm === null ? null : formatPercent(rate_ppm),
    amounts: told('fixed_amount'),
    minimum_subtotals: told('minimum_amount'),
    product_ids: idsOf('product'),
    variant_ids: idsOf('variant'),
    category_ids: idsOf('category'),
    customer_ids: idsOf('customer'),
  }
}

/** A redemption as it is answered. */
export function redemptionOf(found: RedemptionRow): Redemption {
  const { code_id: _, merged_into_id: __, ...row } = found
  return { ...row, amount: formatMoney(row.amount, row.currency) }
}
