import type { LineUnits } from '#modules/orders'
import { fulfilmentErrors } from '../errors.ts'
import { printNumber } from '../numbers.ts'
import { withUnits } from '../work/apply.ts'
import { changed } from '../work/shipped.ts'
import { type FulfilmentOrder, linesLeft, unitsLeft, unitsToPick } from '../work/units.ts'

/** All units that have not left, by line. */
export const allLeft = (one: FulfilmentOrder): LineUnits[] =>
  linesLeft(one).map((line) => ({ order_line_id: line.order_line_id, quantity: unitsLeft(line) }))

/** Refuses what a picker has in hand or on a list: it must be put back first. */
export function refuseInHand(one: FulfilmentOrder, units: readonly LineUnits[]): void {
  for (const { order_line_id, quantity } of units) {
    const line = one.lines.find((own) => own.order_line_id === order_line_id)
    if (!line || quantity <= unitsToPick(line) || quantity > unitsLeft(line)) continue
    const left = unitsLeft(line) - unitsToPick(line)
    throw fulfilmentErrors.units_in_hand({ units: left, sku: line.sku, number: printNumber(one) })
  }
}

/**
 * Takes units out of one fulfilment order into another. Nothing is withdrawn: what one loses the
 * other gets.
 */
export function takeUnits(
  from: FulfilmentOrder,
  to: FulfilmentOrder,
  { units, action }: { units: readonly LineUnits[]; action: string },
): { from: FulfilmentOrder; to: FulfilmentOrder } {
  const lines = changed(from, units, {
    most: unitsToPick,
    action,
    to: (line, quantity) => ({ ...line, quantity: line.quantity - quantity }),
  })
  const filled = units.reduce((one, { order_line_id, quantity }) => {
    const line = from.lines.find((own) => own.order_line_id === order_line_id)
    return line ? withUnits(one, line, quantity) : one
  }, to)
  return { from: { ...from, lines }, to: filled }
}
