import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { findShipment } from '../find.ts'
import { findByTracking } from '../queries.ts'
import type { GetShipment } from '../schemas.ts'
import type { ShipmentRow } from '../tables.ts'
import { withDetails } from '../wire.ts'
import type { GetByTracking, Tracked } from './schemas.ts'
import { db } from './tables.ts'

const EVENTS_MAX = 500

const newest = prepared(db, (open, p: { shipment_id: ShipmentRow['id']; most: number }) =>
  open
    .selectFrom('tracking_events')
    .selectAll()
    .where('shipment_id', '=', p.shipment_id)
    .orderBy('occurred_at', 'desc')
    .orderBy('id', 'desc')
    .limit(p.most),
)

/** Where a shipment is and what happened to it. */
export async function trackShipment(ctx: Context, { id }: GetShipment): Promise<Tracked> {
  return tracked(ctx, await findShipment(ctx, id))
}

/** The same, by a tracking number of one of its parcels. */
export async function trackByNumber(
  ctx: Context,
  { tracking_number }: GetByTracking,
): Promise<Tracked & Awaited<ReturnType<typeof withDetails>>> {
  const shipment = await findByTracking(ctx, tracking_number)
  return { ...(await withDetails(ctx, shipment)), ...(await tracked(ctx, shipment)) }
}

async function tracked(ctx: Context, shipment: ShipmentRow): Promise<Tracked> {
  const rows = await newest(ctx, { shipment_id: shipment.id, most: EVENTS_MAX + 1 })
  const { parcels, ...summary } = await withDetails(ctx, shipment)
  return {
    shipment_id: shipment.id,
    number: summary.number,
    status: summary.status,
    carrier: summary.carrier,
    tracking_number: summary.tracking_number,
    tracking_url: summary.tracking_url,
    estimated_delivery: summary.estimated_delivery,
    shipped_at: summary.shipped_at,
    delivered_at: summary.delivered_at,
    signed_by: summary.signed_by,
    exception: summary.exception,
    parcels,
    events: rows
      .slice(0, EVENTS_MAX)
      .map(
        ({
          shipment_id: _,
          event_key: __,
          recorded_by: ___,
          estimated_delivery_at: ____,
          ...event
        }) => event,
      ),
    events_cut: rows.length > EVENTS_MAX,
  }
}
