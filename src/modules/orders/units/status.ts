import type { FulfillmentStatus, ReturnStatus } from '../lifecycle.ts'
import type { LineRow } from '../wire.ts'
import { openUnits } from './lines.ts'

type Counted = Pick<
  LineRow,
  'quantity' | 'cancelled_quantity' | 'fulfilled_quantity' | 'returned_quantity'
>

const sum = (lines: readonly Counted[], of: (line: Counted) => number): number =>
  lines.reduce((total, line) => total + of(line), 0)

/** How much of an order has left, of what is not cancelled. */
export function fulfilmentStatus(lines: readonly Counted[]): FulfillmentStatus {
  if (sum(lines, (line) => line.fulfilled_quantity) === 0) return 'unfulfilled'
  return sum(lines, openUnits) === 0 ? 'fulfilled' : 'partially_fulfilled'
}

/** How much of what has left came back. */
export function returnStatus(lines: readonly Counted[]): ReturnStatus {
  const returned = sum(lines, (line) => line.returned_quantity)
  if (returned === 0) return 'none'
  const left = sum(lines, (line) => line.fulfilled_quantity)
  return returned === left ? 'returned' : 'partially_returned'
}
