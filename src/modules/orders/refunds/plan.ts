import type { Id } from '#kit/ids'
import { AMOUNT_MAX, formatMoney } from '#kit/money'
import { type RefundPart, spreadRefund } from '#modules/payments'
import { amountOfUnits } from '#modules/pricing'
import { orderErrors } from '../errors.ts'

/** How many units, how much of the money and of the tax within it; minor units. */
export type Share = { quantity: number; amount: number; tax_amount: number }

/** A line as it was paid for, and what of it was refunded already. */
export type RefundableLine = Share & {
  line_id: Id<'order_line'>
  sku: string
  /** Whether tax was looked at: else a refund says nothing of it. */
  is_taxed: boolean
  refunded: Share
}

/** All of an order that can be given back, and by which payments. */
export type Refundable = {
  currency: string
  lines: readonly RefundableLine[]
  shipping: { amount: number; refunded_amount: number }
  /** What each payment can still give back; the first gives first. */
  payments: readonly RefundPart[]
}

/** What is to be given back: with nothing named, all that is left. */
export type Wanted = {
  units?: ReadonlyMap<Id<'order_line'>, number> | undefined
  include_shipping?: boolean | undefined
  goodwill_amount?: number | undefined
}

export type PlannedLine = {
  line_id: Id<'order_line'>
  sku: string
  quantity: number
  amount: number
  tax_amount: number | null
}

export type RefundPlan = {
  lines: PlannedLine[]
  items_amount: number
  shipping_amount: number
  goodwill_amount: number
  amount: number
  parts: RefundPart[]
}

/**
 * What a refund comes to, to the cent, from the frozen shares of the order. Pure: preview and
 * refund are this one function. Throws `too_many_units`, `nothing_to_refund` and
 * `refund_exceeds_paid`.
 */
export function planRefund(refundable: Refundable, wanted: Wanted): RefundPlan {
  const everything =
    wanted.units === undefined &&
    wanted.include_shipping === undefined &&
    wanted.goodwill_amount === undefined
  const lines = refundable.lines.flatMap((line) => {
    const left = Math.max(0, line.quantity - line.refunded.quantity)
    const units = everything ? left : (wanted.units?.get(line.line_id) ?? 0)
    if (units > left)
      throw orderErrors.too_many_units({ left, sku: line.sku, item_id: line.line_id })
    return units === 0 ? [] : [shareOf(line, units)]
  })
  const items_amount = lines.reduce((sum, { amount }) => sum + amount, 0)
  const { shipping, currency, payments } = refundable
  const shipped = everything || wanted.include_shipping === true
  const shipping_amount = shipped ? Math.max(0, shipping.amount - shipping.refunded_amount) : 0
  const goodwill_amount = wanted.goodwill_amount ?? 0
  const amount = items_amount + shipping_amount + goodwill_amount
  if (amount === 0) throw orderErrors.nothing_to_refund({ problem: whyNothing(everything) })
  const parts = amount <= AMOUNT_MAX ? spreadRefund(payments, amount) : undefined
  if (parts) return { lines, items_amount, shipping_amount, goodwill_amount, amount, parts }
  const available = payments.reduce((sum, payment) => sum + payment.amount, 0)
  throw orderErrors.refund_exceeds_paid({
    amount: formatMoney(amount, currency),
    available: formatMoney(available, currency),
    currency,
  })
}

const whyNothing = (everything: boolean) =>
  everything ? 'all of it was refunded already' : 'what was named came to nothing'

/**
 * The share of `units` more units: what the refunded ones would come to with them, less what they
 * did come to. So refunds unit by unit add up to the line, the last unit takes the remainder, and a
 * refund that failed in between leaves no cent behind.
 */
function shareOf(line: RefundableLine, units: number): PlannedLine {
  const { refunded, quantity } = line
  const upTo = (whole: number) => amountOfUnits(whole, refunded.quantity + units, quantity)
  const amount = Math.max(0, upTo(line.amount) - refunded.amount)
  const tax = Math.min(amount, Math.max(0, upTo(line.tax_amount) - refunded.tax_amount))
  const { line_id, sku, is_taxed } = line
  return { line_id, sku, quantity: units, amount, tax_amount: is_taxed ? tax : null }
}
