import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { lockShipment, parcelsOfShipments } from '../find.ts'
import { hasLeft, type ShipmentStatus, shipmentLifecycle } from '../lifecycle.ts'
import { moveShipment } from '../move.ts'
import type { SetShipmentStatus, Shipment } from '../schemas.ts'
import { recordTracking } from '../tracking/record.ts'
import type { TrackingKind } from '../tracking/tables.ts'
import { withDetails } from '../wire.ts'
import { statusIn } from '../words.ts'
import { cancelShipment } from './cancel-shipment.ts'
import { deliverShipment } from './deliver-shipment.ts'
import { holdShipment, releaseShipment } from './hold-shipment.ts'
import { shipShipment } from './ship-shipment.ts'

/** What staff says of a shipment that has left is one more event of its parcels. */
const SAID: Partial<Record<ShipmentStatus, TrackingKind>> = {
  in_transit: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  failed: 'exception',
  returned: 'returned',
}

/**
 * Moves a shipment to a state, by the same steps as the operation of its own. A move that is not
 * open is refused (409) with those that are.
 */
export async function setShipmentStatus(ctx: Context, input: SetShipmentStatus): Promise<Shipment> {
  const status = statusIn(input.status)
  if (!status) throw invalidField('status', 'is no status of a shipment')
  const { id } = input
  const reason = input.reason ?? input.notes ?? null
  if (status === 'shipped') return shipShipment(ctx, { id })
  if (status === 'delivered') return deliverShipment(ctx, { id, notes: reason })
  if (status === 'cancelled') return cancelShipment(ctx, { id, reason })
  if (status === 'on_hold') return holdShipment(ctx, { id, reason })
  const { shipment, order } = await lockShipment(ctx, id)
  if (shipment.status === 'on_hold' && status === 'pending') {
    return releaseShipment(ctx, { id, reason })
  }
  const move = shipmentLifecycle.moveTo(shipment.status, status)
  const kind = SAID[status]
  if (!kind || !hasLeft(shipment.status)) {
    return withDetails(ctx, await moveShipment(ctx, shipment, move as 'process', reason))
  }
  const parcels = await parcelsOfShipments(ctx, { shipments: [shipment.id] })
  const news = {
    kind,
    code: null,
    description: reason,
    location: null,
    signed_by: null,
    proof_urls: [],
    estimated_delivery_at: null,
    occurred_at: ctx.now,
  }
  const open = parcels.filter((parcel) => parcel.status !== 'delivered')
  const told = open.map((parcel) => ({ parcel_id: parcel.id, source: 'staff', news: [news] }))
  const settled = await recordTracking(ctx, { shipment, order }, told)
  return withDetails(ctx, settled.shipment)
}
