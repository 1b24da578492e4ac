import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { shipmentEvents } from '../events.ts'
import { parcelsOfShipments, storeParcel, trackingOf } from '../find.ts'
import { moveShipment } from '../move.ts'
import type { ShipmentRow } from '../tables.ts'
import type { LabelRow } from './tables.ts'

/**
 * A label was given back: its number means nothing any more, and a shipment that was ready with it
 * waits for another one. The order's lock is held.
 */
export async function tellVoided(
  ctx: Context,
  shipment: ShipmentRow,
  label: LabelRow,
): Promise<void> {
  const of = { shipment_id: shipment.id, order_id: shipment.order_id, label_id: label.id }
  emit(ctx, shipmentEvents.label_voided(of))
  const parcels = await parcelsOfShipments(ctx, { shipments: [shipment.id] })
  const parcel = parcels.find(({ id }) => id === label.parcel_id)
  if (parcel?.tracking_number === label.tracking_number && parcel.status === 'unknown') {
    await storeParcel(ctx, parcel, {
      ...trackingOf(null),
      tracking_url: null,
      tracked_by: null,
      carrier_ref: null,
      poll_at: null,
    })
  }
  if (shipment.status === 'ready_to_ship') await moveShipment(ctx, shipment, 'reopen')
}
