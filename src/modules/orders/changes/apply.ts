import { amountOfUnits } from '#modules/pricing'
import { FRESH_LINE } from '../placing.ts'
import { byLine } from '../units/count-units.ts'
import type { Effect, NewLine, OrderState, Rows, StateLine } from './effects.ts'
import {
  BY_HAND,
  moneyOf,
  ratesOf,
  replaced,
  sharesOf,
  withLine,
  withShare,
  withShares,
} from './money.ts'
import { parted } from './parted.ts'

/**
 * An order after one step of a change. Pure, and all that there is: the preview of a change is this
 * function, so is applying it, and so is replaying all changes from the order as it was placed.
 * Whether a step may be taken at all is asked before (`requirePossible`).
 */
export function applied(state: OrderState, effect: Effect): OrderState {
  switch (effect.kind) {
    case 'add_line':
      return withNewLine(state, effect.line, effect.rates)
    case 'set_quantity':
      return withQuantity(state, lineOf(state, effect.order_line_id), effect.quantity)
    case 'set_discount':
      return withDiscount(state, effect)
    case 'set_shipping':
      return withShipping(state, effect)
    case 'set_details':
      return { ...state, details: { ...state.details, ...effect.details } }
    case 'cancel_units':
      return withCancelled(state, effect.units)
    case 'give_units':
      return parted(state, effect.units).staying
    case 'take_rows':
      return withRows(state, effect.rows)
  }
}

/** The order after all steps of a change. */
export const allApplied = (state: OrderState, effects: readonly Effect[]): OrderState =>
  effects.reduce(applied, state)

export function lineOf(state: OrderState, id: StateLine['id']): StateLine {
  const line = state.lines.find((one) => one.id === id)
  if (!line) throw new Error(`the order has no line ${id}`)
  return line
}

const lastOf = (rows: readonly { position: number }[]): number =>
  Math.max(0, ...rows.map(({ position }) => position))

function withNewLine(
  state: OrderState,
  line: NewLine,
  rates: (Effect & { kind: 'add_line' })['rates'],
) {
  const part = { order_line_id: line.id, fee_position: null } as const
  const plain: StateLine = {
    ...line,
    ...FRESH_LINE,
    position: lastOf(state.lines) + 1,
    total_amount: line.unit_amount * line.quantity,
    discount_amount: 0,
    tax_rate: null,
    tax_amount: null,
    net_amount: null,
    gross_amount: null,
  }
  if (state.tax_status === 'not_computed') return { ...state, lines: [...state.lines, plain] }
  const money = moneyOf(state, plain, rates)
  const { net_amount, tax_amount, gross_amount } = money
  const tax_rate = String(rates.reduce((sum, { rate_ppm }) => sum + rate_ppm, 0) / 1_000_000)
  return {
    ...state,
    lines: [...state.lines, { ...plain, tax_rate, net_amount, tax_amount, gross_amount }],
    taxes: [...state.taxes, ...taxRows(state, part, money.taxes)],
  }
}

const taxRows = (
  state: OrderState,
  part: Pick<Rows['taxes'][number], 'order_line_id' | 'fee_position'>,
  taxes: readonly Omit<Rows['taxes'][number], 'position' | 'order_line_id' | 'fee_position'>[],
): Rows['taxes'] => {
  const last = lastOf(state.taxes)
  return taxes.map(({ name, jurisdiction, rate_ppm, reason, taxable_amount, amount }, nth) => ({
    ...part,
    position: last + nth + 1,
    name,
    jurisdiction,
    rate_ppm,
    reason,
    taxable_amount,
    amount,
  }))
}

/** Fewer units keep their share of each discount; more of them are had at the full price. */
function withQuantity(state: OrderState, line: StateLine, quantity: number): OrderState {
  const shares = sharesOf(state, { order_line_id: line.id, fee_position: null })
  const kept = [...shares].map(([position, amount]): [number, number] => [
    position,
    quantity < line.quantity ? amountOfUnits(amount, quantity, line.quantity) : amount,
  ])
  return withLine(state, line, { quantity, shares: new Map(kept) })
}

function withDiscount(
  state: OrderState,
  { order_line_id, amount, label }: Effect & { kind: 'set_discount' },
): OrderState {
  const line = lineOf(state, order_line_id)
  const shares = sharesOf(state, { order_line_id, fee_position: null })
  const byHand = state.discounts.filter(
    ({ position, promotion_id }) => promotion_id === BY_HAND && shares.has(position),
  )
  for (const { position } of byHand) shares.set(position, 0)
  if (amount === 0) return withLine(state, line, { quantity: line.quantity, shares })
  const position = lastOf(state.discounts) + 1
  const given = { position, promotion_id: BY_HAND, code: null, label, amount }
  const discounts = [...state.discounts, { ...given, explanation: 'given by staff' }]
  shares.set(position, amount)
  return withLine({ ...state, discounts }, line, { quantity: line.quantity, shares })
}

/** One fee for shipping in place of those there are; discounts on it take what they took. */
function withShipping(
  state: OrderState,
  { fee, rates }: Effect & { kind: 'set_shipping' },
): OrderState {
  const former = state.fees.filter(({ kind }) => kind === 'shipping')
  const gone = former.slice(fee && former.length > 0 ? 1 : 0)
  const without = gone.reduce((rest, { position }) => withoutFee(rest, position), state)
  if (!fee) return without
  const position = former[0]?.position ?? lastOf(state.fees) + 1
  const part = { order_line_id: null, fee_position: position } as const
  const cleared = withoutFee(without, position)
  let left = fee.amount
  const shares = [...sharesOf(state, part)].map(([discount, amount]): [number, number] => {
    const taken = Math.min(left, amount)
    left -= taken
    return [discount, taken]
  })
  const reduced = withShares({ ...cleared, discounts: state.discounts }, part, new Map(shares))
  const sold = { quantity: 1, unit_amount: fee.amount, discount_amount: fee.amount - left }
  const money = moneyOf(state, sold, state.tax_status === 'computed' ? rates : [])
  const { base_amount, discount_amount, net_amount, tax_amount, gross_amount } = money
  const { code, name } = fee
  const amounts = { base_amount, discount_amount, net_amount, tax_amount, gross_amount }
  const row = { position, kind: 'shipping' as const, code, name, ...amounts }
  return {
    ...reduced,
    fees: [...cleared.fees, row].toSorted((a, b) => a.position - b.position),
    taxes: [...cleared.taxes, ...taxRows(cleared, part, money.taxes)],
  }
}

function withoutFee(state: OrderState, position: number): OrderState {
  const part = { order_line_id: null, fee_position: position } as const
  return {
    ...withShares(state, part, new Map()),
    fees: state.fees.filter((fee) => fee.position !== position),
    taxes: state.taxes.filter(({ fee_position }) => fee_position !== position),
  }
}

function withCancelled(state: OrderState, units: Parameters<typeof byLine>[0]): OrderState {
  return byLine(units).reduce((rest, { order_line_id, quantity }) => {
    const line = lineOf(rest, order_line_id)
    const cancelled_quantity = line.cancelled_quantity + quantity
    return replaced(rest, withShare({ ...line, cancelled_quantity }))
  }, state)
}

/** All rows of another order behind those of this one, to the cent as they are there. */
function withRows(state: OrderState, rows: Rows): OrderState {
  const behind = {
    line: lastOf(state.lines),
    fee: lastOf(state.fees),
    discount: lastOf(state.discounts),
    share: lastOf(state.shares),
    tax: lastOf(state.taxes),
  }
  const ofFee = (position: number | null) => (position === null ? null : position + behind.fee)
  return {
    ...state,
    lines: [
      ...state.lines,
      ...rows.lines.map((line, nth) => ({ ...line, position: behind.line + nth + 1 })),
    ],
    fees: [
      ...state.fees,
      ...rows.fees.map((fee) => ({ ...fee, position: fee.position + behind.fee })),
    ],
    discounts: [
      ...state.discounts,
      ...rows.discounts.map((one) => ({ ...one, position: one.position + behind.discount })),
    ],
    shares: [
      ...state.shares,
      ...rows.shares.map((share) => ({
        ...share,
        position: share.position + behind.share,
        discount_position: share.discount_position + behind.discount,
        fee_position: ofFee(share.fee_position),
      })),
    ],
    taxes: [
      ...state.taxes,
      ...rows.taxes.map((tax) => ({
        ...tax,
        position: tax.position + behind.tax,
        fee_position: ofFee(tax.fee_position),
      })),
    ],
  }
}

/** The rates of the shipping that the order has, for another fee in its place. */
export function shippingRatesOf(state: OrderState) {
  const fee = state.fees.find(({ kind }) => kind === 'shipping')
  return fee && ratesOf(state, { order_line_id: null, fee_position: fee.position })
}
