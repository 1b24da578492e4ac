import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { lockShipment, parcelsOfShipments } from '../find.ts'
import type { TrackingNews } from '../labels/carriers.ts'
import { shipmentLifecycle } from '../lifecycle.ts'
import type { DeliverShipment, Shipment } from '../schemas.ts'
import { recordTracking } from '../tracking/record.ts'
import { withDetails } from '../wire.ts'

/**
 * Confirms that a shipment has arrived, with who signed and what proves it. It is one more event of
 * its parcels, so a carrier that tells the same later changes nothing. Harmless if it is known.
 */
export async function deliverShipment(ctx: Context, input: DeliverShipment): Promise<Shipment> {
  const { shipment, order } = await lockShipment(ctx, input.id)
  if (shipment.status === 'delivered') return withDetails(ctx, shipment)
  shipmentLifecycle.next(shipment.status, 'deliver')
  const occurred_at = arrivedAt(ctx, input.delivered_at, shipment.shipped_at)
  const parcels = await parcelsOfShipments(ctx, { shipments: [shipment.id] })
  const news: TrackingNews = {
    kind: 'delivered',
    code: null,
    description: input.notes ?? null,
    location: null,
    signed_by: input.signed_by ?? null,
    proof_urls: [
      ...(input.signature_url ? [input.signature_url] : []),
      ...(input.proof_urls ?? []),
    ],
    estimated_delivery_at: null,
    occurred_at,
  }
  const missing = parcels.filter(({ status }) => status !== 'delivered')
  const told = missing.map(({ id }) => ({ parcel_id: id, source: 'staff', news: [news] }))
  const settled = await recordTracking(ctx, { shipment, order }, told)
  return withDetails(ctx, settled.shipment)
}

function arrivedAt(ctx: Context, sent: string | undefined, shipped_at: string | null): string {
  const at = sent === undefined ? ctx.now : toInstant(sent)
  if (at > ctx.now) throw invalidField('delivered_at', 'must not lie in the future')
  if (shipped_at !== null && at < shipped_at) {
    throw invalidField('delivered_at', 'must not lie before it was shipped')
  }
  return at
}
