import type { Static } from 'typebox'
import type { db } from '../tables.ts'

export type FulfilmentRow = Static<(typeof db.tables)['fulfilment_orders']>
export type FulfilmentLine = Static<(typeof db.tables)['fulfilment_order_lines']>
/** A fulfilment order with its lines. */
export type FulfilmentOrder = FulfilmentRow & { lines: FulfilmentLine[] }

/** Units that have not left. */
export const unitsLeft = ({ quantity, shipped_quantity }: FulfilmentLine): number =>
  quantity - shipped_quantity

/** Units that no picker has taken and no pick list has. */
export const unitsToPick = (line: FulfilmentLine): number =>
  line.quantity - line.picked_quantity - line.picking_quantity

/** Units that were picked and have not left. */
export const unitsInHand = ({ picked_quantity, shipped_quantity }: FulfilmentLine): number =>
  picked_quantity - shipped_quantity

export const linesLeft = ({ lines }: FulfilmentOrder): FulfilmentLine[] =>
  lines.filter((line) => unitsLeft(line) > 0)

/** The line after `units` of it were withdrawn: untouched ones first, then listed, then picked. */
export function lessUnits(line: FulfilmentLine, units: number): FulfilmentLine {
  const quantity = line.quantity - units
  const picked_quantity = Math.min(line.picked_quantity, quantity)
  return {
    ...line,
    quantity,
    picked_quantity,
    picking_quantity: Math.min(line.picking_quantity, quantity - picked_quantity),
    packed_quantity: Math.min(line.packed_quantity, picked_quantity),
    withdrawn_quantity: line.withdrawn_quantity + units,
  }
}

/** The line after `units` of it left; what left was picked, whoever wrote that down. */
export function shippedLine(line: FulfilmentLine, units: number): FulfilmentLine {
  const shipped_quantity = line.shipped_quantity + units
  const picked_quantity = Math.max(line.picked_quantity, shipped_quantity)
  return {
    ...line,
    shipped_quantity,
    picked_quantity,
    picking_quantity: Math.min(line.picking_quantity, line.quantity - picked_quantity),
  }
}
