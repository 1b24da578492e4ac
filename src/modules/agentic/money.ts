import type { PricedCart } from '#modules/carts'
import type { Priced } from '#modules/pricing'
import type { Wishes } from './choices.ts'
import type { Applied, Rejected, Totals } from './parts.ts'

/** All money of a session as protocols list it; see `Totals` for how it adds up. */
export function totalsOf(priced: Priced, tax_included: boolean): Totals {
  const items_base = priced.subtotal_amount
  const items_discount = priced.lines.reduce((sum, line) => sum + line.discount_amount, 0)
  return {
    items_base,
    items_discount,
    subtotal: items_base - items_discount,
    discount: priced.discount_amount - items_discount,
    fulfillment: priced.shipping_amount,
    tax: priced.tax_amount,
    added_tax: tax_included ? 0 : priced.tax_amount,
    total: priced.total_amount,
    tax_included,
    taxes: priced.taxes.map(({ name, jurisdiction, rate_ppm, amount }) => ({
      name,
      jurisdiction,
      rate_ppm,
      amount,
    })),
  }
}

/** What codes and automatic discounts do, with what each takes off every line and the shipping. */
export function discountsOf({ codes }: Wishes, { priced, refused }: PricedCart) {
  const parts = [
    ...priced.lines.map(({ key, discounts }) => ({ line_id: key as string | null, discounts })),
    ...(priced.shipping ? [{ line_id: null, discounts: priced.shipping.discounts }] : []),
  ]
  const applied: Applied[] = priced.discounts
    .filter(({ amount }) => amount > 0)
    .map(({ id, code, label, amount }) => ({
      id,
      code,
      label,
      amount,
      allocations: parts.flatMap(({ line_id, discounts }) => {
        const share = discounts.find(({ discount_id }) => discount_id === id)
        return share && share.amount > 0 ? [{ line_id, amount: share.amount }] : []
      }),
    }))
  const rejected: Rejected[] = refused.flatMap(({ code, reason, explanation }) =>
    code === null ? [] : [{ code, reason: REASONS[reason], explanation }],
  )
  return { codes: [...codes], applied, rejected }
}

type Reason = PricedCart['refused'][number]['reason']

/** Why a code takes nothing off, in the words that agents know. */
const REASONS: Record<Reason, string> = {
  unknown: 'discount_code_invalid',
  not_started: 'discount_code_invalid',
  ended: 'discount_code_expired',
  paused: 'discount_code_invalid',
  used_up: 'discount_code_usage_limit_reached',
  used_up_by_customer: 'discount_code_usage_limit_reached',
  not_for_customer: 'discount_code_user_ineligible',
  wrong_currency: 'discount_code_invalid',
  already_applied: 'discount_code_already_applied',
  nothing_eligible: 'discount_code_invalid',
  minimum_not_reached: 'discount_code_minimum_not_met',
  not_combinable: 'discount_code_combination_disallowed',
  nothing_left: 'discount_code_combination_disallowed',
}
