import type { Id } from '#kit/ids'
import { formatMoney } from '#kit/money'
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
  /** How many units have left: only these can be given as store credit. */
  fulfilled_quantity: number
  refunded: Share
}

/** All of an order that can be given back, and by which payments. */
export type Refundable = {
  currency: string
  lines: readonly RefundableLine[]
  shipping: { amount: number; refunded_amount: number }
  /** What each payment can still give back; the first gives first. */
  payments: readonly RefundPart[]
  /** What was given as store credit of what these payments have taken. */
  credited_amount: number
}

/** What is to be given back: with nothing named, all that is left. */
export type Wanted = {
  units?: ReadonlyMap<Id<'order_line'>, number> | undefined
  include_shipping?: boolean | undefined
  goodwill_amount?: number | undefined
  /** What is kept back of all that, such as for restocking. */
  fee_amount?: number | undefined
  /** What of it is given as store credit; `all` of it, or so much, at most all. */
  credit?: 'all' | number | undefined
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
  fee_amount: number
  amount: number
  credit_amount: number
  parts: RefundPart[]
}

/**
 * What a refund comes to, to the cent, from the frozen shares of the order. Pure: preview and
 * refund are this one function. Throws `too_many_units`, `nothing_to_refund`, `fee_exceeds_refund`,
 * `credit_needs_shipping` and `refund_exceeds_paid`.
 */
export function planRefund(refundable: Refundable, wanted: Wanted): RefundPlan {
  const everything =
    wanted.units === undefined &&
    wanted.include_shipping === undefined &&
    wanted.goodwill_amount === undefined
  const lines = sharesOf(refundable, everything ? 'all' : (wanted.units ?? new Map()))
  const items_amount = lines.reduce((sum, { amount }) => sum + amount, 0)
  const { shipping } = refundable
  const shipped = everything || wanted.include_shipping === true
  const shipping_amount = shipped ? Math.max(0, shipping.amount - shipping.refunded_amount) : 0
  const goodwill_amount = wanted.goodwill_amount ?? 0
  const before_fee = items_amount + shipping_amount + goodwill_amount
  if (before_fee === 0) throw orderErrors.nothing_to_refund({ problem: whyNothing(everything) })
  const fee_amount = wanted.fee_amount ?? 0
  if (fee_amount > before_fee) throw feeTooHigh(refundable, fee_amount, before_fee)
  const amount = before_fee - fee_amount
  const credit_amount = wanted.credit === 'all' ? amount : Math.min(wanted.credit ?? 0, amount)
  if (credit_amount > 0) requireShipped(refundable, { lines, shipping_amount })
  const parts = partsFor(refundable, amount, credit_amount)
  const sums = { items_amount, shipping_amount, goodwill_amount, fee_amount, amount }
  return { lines, ...sums, credit_amount, parts }
}

/**
 * The frozen shares of units that were not refunded yet: of those named, or of all. Throws
 * `too_many_units`.
 */
export const sharesOf = (
  { lines }: Pick<Refundable, 'lines'>,
  wanted: 'all' | ReadonlyMap<Id<'order_line'>, number>,
): PlannedLine[] =>
  lines.flatMap((line) => {
    const left = Math.max(0, line.quantity - line.refunded.quantity)
    const units = wanted === 'all' ? left : (wanted.get(line.line_id) ?? 0)
    if (units > left)
      throw orderErrors.too_many_units({ left, sku: line.sku, item_id: line.line_id })
    return units === 0 ? [] : [shareOf(line, units)]
  })

const whyNothing = (everything: boolean) =>
  everything ? 'all of it was refunded already' : 'what was named came to nothing'

const feeTooHigh = ({ currency }: Refundable, fee: number, most: number) =>
  orderErrors.fee_exceeds_refund({
    fee: formatMoney(fee, currency),
    amount: formatMoney(most, currency),
    currency,
  })

/**
 * Whoever withdraws an order gets all back that its payments took, so what has not left yet cannot
 * have been given as store credit too. A gesture can: it is a present either way.
 */
function requireShipped(
  { lines: known }: Refundable,
  { lines, shipping_amount }: Pick<RefundPlan, 'lines' | 'shipping_amount'>,
): void {
  for (const { line_id, quantity, sku } of lines) {
    const line = known.find((one) => one.line_id === line_id)
    const left = line ? line.fulfilled_quantity - line.refunded.quantity : 0
    if (quantity > left) throw orderErrors.credit_needs_shipping({ sku, line_id })
  }
  const isOut = known.some(({ fulfilled_quantity }) => fulfilled_quantity > 0)
  if (shipping_amount > 0 && !isOut) throw orderErrors.credit_needs_shipping({ sku: 'shipping' })
}

/** By which payments what is no credit goes back; all together at most what was paid. */
function partsFor(
  { payments, credited_amount, currency }: Refundable,
  amount: number,
  credit_amount: number,
): RefundPart[] {
  const paid = payments.reduce((sum, payment) => sum + payment.amount, 0)
  const available = Math.max(0, paid - credited_amount)
  const parts = amount <= available ? spreadRefund(payments, amount - credit_amount) : undefined
  if (parts) return parts
  throw orderErrors.refund_exceeds_paid({
    amount: formatMoney(amount, currency),
    available: formatMoney(available, currency),
    currency,
  })
}

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
