import type { Id } from '#kit/ids'
import { categoriesOf } from '#modules/catalogue'
import type { OrderLine } from '#modules/orders'
import { parseRate } from '#modules/tax'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import type { Payer } from '../lifecycle.ts'
import { db, type PolicyRow } from './tables.ts'

/** How many policies may stand at once: every request for a return looks at all of them. */
export const POLICIES_MAX = 200

/** Under which terms a line may come back. */
export type Terms = {
  is_returnable: boolean
  /** Days from the delivery; 0 is without end. */
  window_days: number
  label_paid_by: Payer
  fee_ppm: number
  fee_unit_amount: number
}

const livePolicies = prepared(db, (open, p: { most: number }) =>
  open
    .selectFrom('return_policies')
    .selectAll()
    .where('archived_at', 'is', null)
    .orderBy('id')
    .limit(p.most),
)

type Asked = { line: OrderLine; reason_id: Id<'return_reason'> | null; currency: string }

/** The terms of each of these lines, by line: two statements for any number. */
export async function termsOf(
  ctx: Context,
  asked: readonly Asked[],
): Promise<Map<Id<'order_line'>, Terms>> {
  const [policies, categories] = await Promise.all([
    livePolicies(ctx, { most: POLICIES_MAX }),
    categoriesOf(ctx, [...new Set(asked.map(({ line }) => line.product_id))]),
  ])
  const usual: Terms = {
    is_returnable: true,
    window_days: ctx.settings.return_window_days,
    label_paid_by: ctx.settings.return_label_paid_by as Payer,
    fee_ppm: parseRate(ctx.settings.return_restocking_fee),
    fee_unit_amount: 0,
  }
  return new Map(
    asked.map(({ line, reason_id, currency }) => {
      const place = { reason_id, categories: categories.get(line.product_id) ?? [] }
      return [line.id, applied(usual, policyFor(policies, place), currency)]
    }),
  )
}

type Place = { reason_id: Id<'return_reason'> | null; categories: readonly Id<'category'>[] }

/**
 * The policy that fits closest: one that names both reason and category before one that names the
 * reason, that before one that names the category, that before one for everything; then the higher
 * priority, then the older one. Pure.
 */
export function policyFor(policies: readonly PolicyRow[], place: Place): PolicyRow | undefined {
  return policies
    .filter(
      ({ reason_id, category_id }) =>
        (reason_id === null || reason_id === place.reason_id) &&
        (category_id === null || place.categories.includes(category_id)),
    )
    .toSorted(
      (a, b) => closeness(b) - closeness(a) || b.priority - a.priority || (a.id < b.id ? -1 : 1),
    )[0]
}

const closeness = ({ reason_id, category_id }: PolicyRow): number =>
  (reason_id === null ? 0 : 2) + (category_id === null ? 0 : 1)

function applied(usual: Terms, policy: PolicyRow | undefined, currency: string): Terms {
  if (!policy) return usual
  const { fee_unit_amount, fee_currency } = policy
  return {
    is_returnable: policy.is_returnable,
    window_days: policy.window_days ?? usual.window_days,
    label_paid_by: policy.label_paid_by ?? usual.label_paid_by,
    fee_ppm: policy.fee_ppm ?? usual.fee_ppm,
    fee_unit_amount: fee_currency === currency ? (fee_unit_amount ?? 0) : 0,
  }
}

const DAY_MS = 24 * 60 * 60 * 1000

/** The last instant at which a return may be asked for; null while the order is on its way. */
export function windowEnd({ window_days }: Terms, delivered_at: string | null): string | null {
  if (window_days === 0 || delivered_at === null) return null
  return new Date(Date.parse(delivered_at) + window_days * DAY_MS).toISOString()
}
