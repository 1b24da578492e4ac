import { unshippedUnits } from '#modules/fulfilment'
import { type OrderRow, unfulfilUnits } from '#modules/orders'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { shipmentErrors } from '../errors.ts'
import { shipmentEvents } from '../events.ts'
import { lockShipment, storeShipment, unitsOf } from '../find.ts'
import { isManifested, withdrawLabels } from '../labels/withdraw.ts'
import { shipmentLifecycle } from '../lifecycle.ts'
import type { MadeShipment } from '../new-shipment.ts'
import type { GiveReason, Shipment } from '../schemas.ts'
import { contentsOf } from '../ship.ts'
import { promiseAgain, putBack } from '../stock.ts'
import type { ParcelRow, ShipmentRow } from '../tables.ts'
import { withDetails } from '../wire.ts'

/**
 * Withdraws a shipment that its carrier does not have yet. If its units had left the shelves they
 * are put back where they were, promised to the order again, and open; its labels are given back
 * right after the commit. Cancelling twice is harmless.
 */
export async function cancelShipment(ctx: Context, input: GiveReason): Promise<Shipment> {
  const { shipment, order } = await lockShipment(ctx, input.id)
  if (shipment.status === 'cancelled') return withDetails(ctx, shipment)
  const made = await contentsOf(ctx, shipment)
  const { parcels } = made
  if (!parcels.every(isHere)) throw shipmentErrors.handed_over({ shipment_id: shipment.id })
  const withdrawn = await withdrawShipment(ctx, made, { reason: input.reason ?? null, order })
  // Looked at last: a manifest takes labels without the order's lock.
  const manifest_id = await isManifested(ctx, { shipment_id: shipment.id })
  if (manifest_id) throw shipmentErrors.on_manifest({ shipment_id: shipment.id, manifest_id })
  return withDetails(ctx, withdrawn)
}

const isHere = ({ status }: ParcelRow) => status === 'unknown' || status === 'announced'

type Why = { reason: string | null; order?: OrderRow }

/**
 * The same for whoever holds the lock and knows that nobody has it: units that have left need their
 * order to come back.
 */
export async function withdrawShipment(
  ctx: Context,
  made: MadeShipment,
  { reason, order }: Why,
): Promise<ShipmentRow> {
  const { shipment, lines } = made
  const status = shipmentLifecycle.next(shipment.status, 'cancel')
  const { id: shipment_id, order_id } = shipment
  await withdrawLabels(ctx, { shipment_id })
  const had_left = shipment.status === 'shipped'
  if (had_left) {
    if (!order) throw new Error(`shipment ${shipment_id} has left, and nobody brought its order`)
    await callBack(ctx, order, made)
  }
  const stored = await storeShipment(ctx, shipment, {
    status,
    status_reason: reason,
    cancelled_at: ctx.now,
  })
  const of = { shipment_id, order_id }
  emit(ctx, shipmentEvents.cancelled({ ...of, units: unitsOf(lines), reason, had_left }))
  const moved = { old_status: shipment.status, new_status: status, reason }
  emit(ctx, shipmentEvents.status_changed({ ...of, ...moved }))
  return stored
}

/** The inverse of shipping out, step by step. */
async function callBack(
  ctx: Context,
  order: OrderRow,
  { shipment, lines }: MadeShipment,
): Promise<void> {
  const { fulfilment_order_id, location_id } = shipment
  const back = lines.map((line) => ({ line, quantity: line.quantity, lots: line.lots }))
  if (location_id) {
    const reason = `shipment ${shipment.number} was cancelled`
    const where = { location_id, state: 'sellable' as const, reason, shipment_id: shipment.id }
    await putBack(ctx, back, where)
    await promiseAgain(ctx, order, { units: back, location_id })
  }
  const units = unitsOf(lines)
  if (fulfilment_order_id) await unshippedUnits(ctx, { fulfilment_order_id, units })
  await unfulfilUnits(ctx, order, units)
}
