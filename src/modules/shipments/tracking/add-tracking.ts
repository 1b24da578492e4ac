import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { invalidField } from '#platform/operations'
import { shipmentErrors } from '../errors.ts'
import { lockShipment, parcelsOfShipments } from '../find.ts'
import type { ShipmentStatus } from '../lifecycle.ts'
import type { Shipment } from '../schemas.ts'
import { withDetails } from '../wire.ts'
import { statusIn } from '../words.ts'
import { recordTracking } from './record.ts'
import type { AddTracking } from './schemas.ts'
import { TRACKING_KINDS, type TrackingKind } from './tables.ts'

/** What the published states of a shipment say of its parcels. */
const KIND_OF: Partial<Record<ShipmentStatus, TrackingKind>> = {
  pending: 'info',
  processing: 'info',
  ready_to_ship: 'announced',
  shipped: 'accepted',
  failed: 'exception',
}

/**
 * Adds what happened to a parcel, in any order and as often as one likes: the shipment is what all
 * of it says together. Before it has left the event is only kept.
 */
export async function addTracking(ctx: Context, input: AddTracking): Promise<Shipment> {
  const kind = kindIn(input.status)
  const occurred_at = input.timestamp === undefined ? ctx.now : toInstant(input.timestamp)
  const inFuture = Date.parse(occurred_at) > Date.parse(ctx.now) + CLOCKS_DIFFER_MS
  if (inFuture) throw invalidField('timestamp', 'must not lie in the future')
  const locked = await lockShipment(ctx, input.id)
  const parcels = await parcelsOfShipments(ctx, { shipments: [locked.shipment.id] })
  const told = parcels.filter(({ id }) => !input.parcel_id || id === input.parcel_id)
  if (told.length === 0) {
    throw shipmentErrors.parcel_not_found({ parcel_id: input.parcel_id ?? 'at all' })
  }
  const news = {
    kind,
    code: input.carrier_status_code ?? null,
    description: input.description ?? null,
    location: input.location ?? null,
    signed_by: input.signed_by ?? null,
    proof_urls: input.proof_urls ?? [],
    estimated_delivery_at: input.estimated_delivery ? toInstant(input.estimated_delivery) : null,
    occurred_at,
  }
  const settled = await recordTracking(
    ctx,
    locked,
    told.map(({ id }) => ({ parcel_id: id, source: 'staff', news: [news] })),
  )
  return withDetails(ctx, settled.shipment)
}

/** Carriers' clocks may run ahead of ours. */
const CLOCKS_DIFFER_MS = 24 * 60 * 60 * 1000

function kindIn(text: string): TrackingKind {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
  const kind = TRACKING_KINDS.find((known) => known === plain)
  if (kind) return kind
  const status = statusIn(text)
  const said = status && (KIND_OF[status] ?? TRACKING_KINDS.find((known) => known === status))
  if (!said) throw invalidField('status', `must be one of ${TRACKING_KINDS.join(', ')}`)
  return said
}
