import type { Id } from '#kit/ids'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { type Changed, commitChange, recordChange } from '../changes/commit.ts'
import { requireEditable } from '../editable.ts'
import { orderErrors } from '../errors.ts'
import { orderEvents } from '../events.ts'
import type { OrderRow } from '../find.ts'
import { moveOrder } from '../moves.ts'
import { byLine } from './count-units.ts'
import { type LineUnits, linesOf } from './lines.ts'

/**
 * Withdraws open units, under the order's lock: their stock is free again, and their share of what
 * their line costs is not owed any more. What the line was sold for stays as it was agreed. With
 * the last open unit the order is cancelled, or shipped if others have left. Touches no payment,
 * unless that ends the order. Throws `units_not_there`, `not_editable`.
 */
export async function cancelUnits(
  ctx: Context,
  order: OrderRow,
  units: readonly LineUnits[],
  reason: string | null = null,
): Promise<OrderRow> {
  return cancelUnitsAs(ctx, order, { units, reason })
}

type Cancelled = {
  units: readonly LineUnits[]
  reason: string | null
  id?: Id<'order_change'> | undefined
}

/** The same as a change with an id of the caller's, by which a retry finds it. */
export async function cancelUnitsAs(
  ctx: Context,
  order: OrderRow,
  { units, reason, id }: Cancelled,
): Promise<OrderRow> {
  requireEditable(order)
  const wanted = byLine(units)
  if (wanted.length === 0) return order
  const effects = [{ kind: 'cancel_units' as const, units: wanted }]
  const change = { kind: 'cancel', effects, reason, id } as const
  if (await isWhole(ctx, order, wanted)) {
    await recordChange(ctx, order, change)
    return moveOrder(ctx, order, 'cancel', { reason })
  }
  const tell = (changed: Changed) => {
    const { cancelled_amount } = changed.order
    const told = { order_id: order.id, order_change_id: changed.change.id, units: wanted }
    emit(ctx, orderEvents.units_cancelled({ ...told, cancelled_amount, reason }))
  }
  return (await commitChange(ctx, order, change, tell)).order
}

/** Whether nothing of the order is left without these units, and nothing has left. */
async function isWhole(
  ctx: Context,
  order: OrderRow,
  wanted: readonly LineUnits[],
): Promise<boolean> {
  const lines = (await linesOf(ctx, [order.id])).get(order.id) ?? []
  const units = new Map(wanted.map((one) => [one.order_line_id, one.quantity]))
  const isOpen = wanted.every(({ order_line_id, quantity }) => {
    const line = lines.find(({ id }) => id === order_line_id)
    return line !== undefined && quantity <= line.open_quantity
  })
  if (!isOpen) throw orderErrors.units_not_there({ action: 'cancel', order_id: order.id })
  return lines.every(
    (line) => line.quantity - line.cancelled_quantity === (units.get(line.id) ?? 0),
  )
}
