import { amountOfUnits } from '#modules/pricing'
import { FRESH_LINE } from '../placing.ts'
import { byLine } from '../units/count-units.ts'
import type { LineUnits } from '../units/lines.ts'
import type { OrderState, Rows, StateLine } from './effects.ts'
import { summed, withShare } from './money.ts'

/**
 * An order without some of its units, and the rows that leave with them. Every amount is shared out
 * between the two by units and never computed anew, so both together are what the one was, to the
 * cent: price, discounts, each tax. Fees stay.
 */
export function parted(
  state: OrderState,
  units: readonly LineUnits[],
): { staying: OrderState; leaving: Rows } {
  const leave = new Map(byLine(units).map((one) => [one.order_line_id, one.quantity]))
  const halves = state.lines.map((line) => halvesOf(state, line, leave.get(line.id) ?? 0))
  const ofFees = (row: { order_line_id: unknown }) => row.order_line_id === null
  const stay = <K extends 'shares' | 'taxes'>(rows: K) => [
    ...(state[rows].filter(ofFees) as Rows[K][number][]),
    ...halves.flatMap((half) => half.staying[rows] as Rows[K][number][]),
  ]
  const shares = stay('shares').toSorted((a, b) => a.position - b.position) as Rows['shares']
  const taxes = stay('taxes').toSorted((a, b) => a.position - b.position) as Rows['taxes']
  const left = halves.filter(({ leaving }) => leaving.line.quantity > 0).map((one) => one.leaving)
  const leavingShares = left.flatMap((half) => half.shares)
  return {
    staying: {
      ...state,
      lines: halves.map(({ staying }) => staying.line),
      shares,
      taxes,
      discounts: summed(state.discounts, shares),
    },
    leaving: {
      lines: left.map(({ line }) => line),
      fees: [],
      discounts: summed(state.discounts, leavingShares),
      shares: leavingShares,
      taxes: left.flatMap((half) => half.taxes),
    },
  }
}

type Half = { line: StateLine; shares: Rows['shares']; taxes: Rows['taxes'] }

function halvesOf(
  state: OrderState,
  line: StateLine,
  leave: number,
): { staying: Half; leaving: Half } {
  const own = {
    shares: state.shares.filter(({ order_line_id }) => order_line_id === line.id),
    taxes: state.taxes.filter(({ order_line_id }) => order_line_id === line.id),
  }
  const quantity = line.quantity - leave
  const portionOf = (amount: number) =>
    leave === 0 ? amount : amountOfUnits(amount, quantity, line.quantity)
  const shares = own.shares.map((share) => ({ ...share, amount: portionOf(share.amount) }))
  const taxes = own.taxes.map((tax) => ({ ...tax, amount: portionOf(tax.amount) }))
  const staying = lineWith(state, { ...line, quantity }, { shares, taxes })
  const rest = <R extends { amount: number }>(whole: readonly R[], part: readonly R[]): R[] =>
    whole.map((row, nth) => ({ ...row, amount: row.amount - (part[nth] as R).amount }))
  const leaving = lineWith(
    state,
    { ...line, ...FRESH_LINE, quantity: leave },
    { shares: rest(own.shares, shares), taxes: rest(own.taxes, taxes) },
  )
  return { staying, leaving }
}

/** A line at the sum of its shares and taxes. */
function lineWith(
  { tax_status, prices_include_tax }: OrderState,
  line: StateLine,
  { shares, taxes }: Pick<Half, 'shares' | 'taxes'>,
): Half {
  const sum = (rows: readonly { amount: number }[]) =>
    rows.reduce((total, { amount }) => total + amount, 0)
  const discount_amount = sum(shares)
  const total_amount = line.unit_amount * line.quantity
  const kept = shares.filter(({ amount }) => amount > 0)
  const sold = { ...line, total_amount, discount_amount }
  if (tax_status === 'not_computed') return { line: withShare(sold), shares: kept, taxes }
  const tax_amount = sum(taxes)
  const left = total_amount - discount_amount
  const net_amount = prices_include_tax ? left - tax_amount : left
  const money = { tax_amount, net_amount, gross_amount: net_amount + tax_amount }
  return {
    line: withShare({ ...sold, ...money }),
    shares: kept,
    taxes: taxes.map((tax) => ({ ...tax, taxable_amount: net_amount })),
  }
}
