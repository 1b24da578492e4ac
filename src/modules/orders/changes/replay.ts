import { openUnits } from '../units/lines.ts'
import { allApplied } from './apply.ts'
import { type Difference, differing } from './difference.ts'
import type { Effect, OrderState, StateLine } from './effects.ts'
import { withShare } from './money.ts'

export type History = {
  /** The order as it was placed. */
  origin: OrderState
  /** The steps of all its changes, in the order in which they were applied. */
  effects: readonly Effect[]
  /** Whether it was cancelled whole in the end: that ends all that is open, and is no change. */
  is_cancelled: boolean
}

/** The order that its history says there is. Pure. */
export function replayed({ origin, effects, is_cancelled }: History): OrderState {
  const state = allApplied(origin, effects)
  return is_cancelled ? { ...state, lines: state.lines.map(withdrawn) } : state
}

const withdrawn = (line: StateLine): StateLine =>
  withShare({ ...line, cancelled_quantity: line.cancelled_quantity + openUnits(line) })

/** What differs between a replayed order and the stored one; nothing, if its history is true. */
export const untrueMembers = (history: History, stored: OrderState): Difference =>
  differing(comparable(replayed(history)), comparable(stored))

/** Rows by their place; without the counters that no change writes. */
const comparable = ({ lines, fees, discounts, shares, taxes, ...rest }: OrderState) => ({
  ...rest,
  lines: byPlace(lines.map(({ fulfilled_quantity: _, returned_quantity: __, ...line }) => line)),
  fees: byPlace(fees),
  discounts: byPlace(discounts),
  shares: byPlace(shares),
  taxes: byPlace(taxes),
})

const byPlace = <R extends { position: number }>(rows: readonly R[]) =>
  rows.toSorted((a, b) => a.position - b.position)
