import { amountOfUnits, type PricedPart, priced, type TaxRate } from '#modules/pricing'
import { paidForLine } from '../wire.ts'
import type { OrderState, Rows, StateLine } from './effects.ts'

/** What a line or a fee is, and what of it is changed. */
export type PartRef =
  | { order_line_id: StateLine['id']; fee_position: null }
  | { order_line_id: null; fee_position: number }

type Sold = { quantity: number; unit_amount: number; discount_amount: number }

const isOf =
  (part: PartRef) =>
  (row: Pick<Rows['taxes'][number], 'order_line_id' | 'fee_position'>): boolean =>
    row.order_line_id === part.order_line_id && row.fee_position === part.fee_position

/** The rates that a line or a fee was taxed by. */
export const ratesOf = (state: OrderState, part: PartRef): TaxRate[] =>
  state.taxes
    .filter(isOf(part))
    .map(({ name, jurisdiction, rate_ppm, reason }) => ({ name, jurisdiction, rate_ppm, reason }))

export type Money = Pick<PricedPart, 'base_amount' | 'discount_amount' | 'taxes'> & {
  net_amount: number
  tax_amount: number
  gross_amount: number
}

/**
 * What a line or a fee comes to by itself: what was agreed for the others stays, so nothing is
 * rounded or shared out together with them.
 */
export function moneyOf(state: OrderState, sold: Sold, rates: readonly TaxRate[]): Money {
  const { quantity, unit_amount, discount_amount: amount } = sold
  const fixed = { id: 'agreed', code: null, label: '', priority: 0, exclusive: false } as const
  const { lines } = priced({
    lines: [{ key: 'part', quantity, unit_amount, taxes: rates }],
    shipping: null,
    discounts:
      amount > 0 ? [{ ...fixed, minimum_amount: 0, line_keys: null, kind: 'fixed', amount }] : [],
    prices_include_tax: state.prices_include_tax,
    tax_rounding: 'line',
  })
  return lines[0] as Money
}

/** The tax rows of a part, at what it comes to now: each rate keeps its row. */
function retaxed(state: OrderState, part: PartRef, { taxes }: Money): Rows['taxes'] {
  const left = [...taxes]
  return state.taxes.map((row) => {
    if (!isOf(part)(row)) return row
    const at = left.findIndex(
      (tax) =>
        tax.name === row.name &&
        tax.jurisdiction === row.jurisdiction &&
        tax.rate_ppm === row.rate_ppm &&
        tax.reason === row.reason,
    )
    const [tax] = left.splice(at, 1)
    if (!tax) throw new Error(`a part was priced without its tax ${row.name}`)
    return { ...row, taxable_amount: tax.taxable_amount, amount: tax.amount }
  })
}

/** What each discount takes off a part, by the discount's position. */
export const sharesOf = (state: OrderState, part: PartRef): Map<number, number> =>
  new Map(state.shares.filter(isOf(part)).map((share) => [share.discount_position, share.amount]))

/** What discounts that staff give by hand are known by. */
export const BY_HAND = 'by_hand'

/** How much of a line other discounts leave for one that is given by hand. */
export function roomForDiscount(state: OrderState, line: StateLine): number {
  const byHand = new Set(
    state.discounts.filter((one) => one.promotion_id === BY_HAND).map(({ position }) => position),
  )
  const shares = sharesOf(state, { order_line_id: line.id, fee_position: null })
  const others = [...shares].filter(([position]) => !byHand.has(position))
  return others.reduce((left, [, amount]) => left - amount, line.total_amount)
}

/** The order with other shares of discounts on one part; a discount is the sum of its shares. */
export function withShares(
  state: OrderState,
  part: PartRef,
  amounts: ReadonlyMap<number, number>,
): OrderState {
  const own = [...amounts].filter(([, amount]) => amount > 0)
  const known = sharesOf(state, part)
  const last = Math.max(0, ...state.shares.map(({ position }) => position))
  const kept = state.shares.flatMap((share) => {
    if (!isOf(part)(share)) return [share]
    const amount = amounts.get(share.discount_position) ?? 0
    return amount > 0 ? [{ ...share, amount }] : []
  })
  const added = own
    .filter(([position]) => !known.has(position))
    .map(([discount_position, amount], nth) => ({
      position: last + nth + 1,
      discount_position,
      ...part,
      amount,
    }))
  const shares = [...kept, ...added]
  return { ...state, shares, discounts: summed(state.discounts, shares) }
}

/** Discounts at the sum of their shares; without any share one is gone. */
export const summed = (discounts: Rows['discounts'], shares: Rows['shares']): Rows['discounts'] =>
  discounts
    .map((discount) => ({
      ...discount,
      amount: shares
        .filter(({ discount_position }) => discount_position === discount.position)
        .reduce((sum, { amount }) => sum + amount, 0),
    }))
    .filter(({ amount }) => amount > 0)

/**
 * The order with another quantity on a line, or other shares of discounts: priced anew by itself,
 * at its agreed price and rates. What was cancelled of it keeps its share.
 */
export function withLine(
  state: OrderState,
  line: StateLine,
  { quantity, shares }: { quantity: number; shares: ReadonlyMap<number, number> },
): OrderState {
  const part = { order_line_id: line.id, fee_position: null } as const
  const discount_amount = [...shares.values()].reduce((sum, amount) => sum + amount, 0)
  const total_amount = line.unit_amount * quantity
  const reduced = withShares(state, part, shares)
  const sold = { ...line, quantity, total_amount, discount_amount }
  if (state.tax_status === 'not_computed') return replaced(reduced, withShare(sold))
  const money = moneyOf(state, sold, ratesOf(state, part))
  const { net_amount, tax_amount, gross_amount } = money
  const taxes = retaxed(state, part, money)
  return replaced(
    { ...reduced, taxes },
    withShare({ ...sold, net_amount, tax_amount, gross_amount }),
  )
}

/** The line with what its cancelled units come to. */
export const withShare = (line: StateLine): StateLine => ({
  ...line,
  cancelled_amount: cancelledAmount(line),
})

/**
 * What of a line is not owed: the share of its cancelled units. Unit by unit or at once it comes to
 * the same, and the last unit takes the remainder.
 */
export const cancelledAmount = (line: StateLine): number =>
  line.cancelled_quantity === 0
    ? 0
    : amountOfUnits(paidForLine(line), line.cancelled_quantity, line.quantity)

export const replaced = (state: OrderState, line: StateLine): OrderState => ({
  ...state,
  lines: state.lines.map((one) => (one.id === line.id ? line : one)),
})

const sum = <T>(rows: readonly T[], of: (row: T) => number) =>
  rows.reduce((total, row) => total + of(row), 0)

/** All sums of an order, in minor units, as the order itself keeps them. */
export function totalsOf({ lines, fees, tax_status }: OrderState) {
  const subtotal = sum(lines, (line) => line.total_amount)
  const total_amount = sum(lines, paidForLine) + sum(fees, (fee) => fee.gross_amount)
  return {
    total_amount,
    cancelled_amount: sum(lines, (line) => line.cancelled_amount),
    // Where only the total is known it says all, as long as it does.
    subtotal_amount: tax_status === 'not_computed' && subtotal === total_amount ? null : subtotal,
    discount_amount:
      sum(lines, (line) => line.discount_amount) + sum(fees, (fee) => fee.discount_amount),
    shipping_amount: sum(fees, (fee) => fee.base_amount),
    tax_amount: sum(lines, (line) => line.tax_amount ?? 0) + sum(fees, (fee) => fee.tax_amount),
  }
}
export type Totals = ReturnType<typeof totalsOf>
