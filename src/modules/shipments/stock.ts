import type { Id } from '#kit/ids'
import { confirmReservations, type Movement, postMovements, reserveStock } from '#modules/inventory'
import type { OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import type { LineRow, LotUnits } from './tables.ts'

/** Units of a line that come back onto shelves. */
export type UnitsBack = {
  line: LineRow
  quantity: number
  lots: readonly LotUnits[] | null
}
type Where = {
  location_id: Id<'location'>
  state: NonNullable<Movement['state_to']>
  reason: string
  shipment_id: Id<'shipment'>
}

/** Puts units onto the shelves again, in a state, with rows of the ledger. The lock is held. */
export async function putBack(
  ctx: Context,
  units: readonly UnitsBack[],
  { location_id, state, reason, shipment_id }: Where,
): Promise<void> {
  const movements = units.flatMap(({ line, quantity, lots }): Movement[] => {
    if (line.item_id === null) return []
    return [
      {
        item_id: line.item_id,
        sku: line.sku,
        location_id,
        quantity_delta: quantity,
        kind: 'returned',
        reason,
        state_to: state,
        ...(lots && { lots }),
        reference_type: 'shipment',
        reference_id: shipment_id,
      },
    ]
  })
  if (movements.length > 0) await postMovements(ctx, movements)
}

/**
 * Promises units to the order again: at the location if one is named, else wherever they are.
 * Throws `insufficient_stock` where nobody has them.
 */
export async function promiseAgain(
  ctx: Context,
  order: OrderRow,
  { units, location_id }: { units: readonly UnitsBack[]; location_id?: Id<'location'> },
): Promise<void> {
  const demands = units.flatMap(({ line, quantity }) =>
    line.item_id === null
      ? []
      : [{ item_id: line.item_id, sku: line.sku, quantity, ...(location_id && { location_id }) }],
  )
  if (demands.length === 0) return
  const reference = { reference_type: 'order', reference_id: order.id }
  await reserveStock(ctx, demands, reference)
  // What had left was certain; it is so again.
  await confirmReservations(ctx, reference)
}
