import type { Id } from '#kit/ids'
import type { Page } from '#kit/pages'
import type { Context } from '#platform/context'
import { pageById } from '#platform/database/list-pages'
import { prepared } from '#platform/database/prepared'
import { invalidField } from '#platform/operations'
import { shipmentErrors } from './errors.ts'
import { findShipment, parcelsOfShipments, trackingKey } from './find.ts'
import type { GetShipment, ListShipments, Shipment, ShipmentSummary } from './schemas.ts'
import { db, type ShipmentRow } from './tables.ts'
import { summaryOf, withDetails } from './wire.ts'
import { carrierIn, statusIn } from './words.ts'

/** One shipment with its items and parcels. */
export async function getShipment(ctx: Context, { id }: GetShipment): Promise<Shipment> {
  return withDetails(ctx, await findShipment(ctx, id))
}

/** Shipments, newest first. Customers see their own. */
export function listShipments(ctx: Context, query: ListShipments): Promise<Page<ShipmentSummary>> {
  return pageById(ctx, query, {
    name: 'shipments',
    rows: filtered(ctx, query).selectAll(),
    async tell(rows) {
      const parcels = await parcelsOfShipments(ctx, { shipments: rows.map(({ id }) => id) })
      const byShipment = Map.groupBy(parcels, ({ shipment_id }) => shipment_id)
      return rows.map((row) => summaryOf(row, byShipment.get(row.id) ?? []))
    },
  })
}

function filtered(ctx: Context, query: ListShipments) {
  const { own_only } = ctx.actor
  const customer_id = own_only ? ctx.actor.customer_id : query.customer_id
  let found = db(ctx).selectFrom('shipments')
  if (own_only && !customer_id) found = found.where((eb) => eb.lit(false))
  else if (customer_id) found = found.where('customer_id', '=', customer_id)
  if (query.status !== undefined) {
    const status = statusIn(query.status)
    if (!status) throw invalidField('status', 'is no status of a shipment')
    found = found.where('status', '=', status)
  }
  if (query.order_id) found = found.where('order_id', '=', query.order_id)
  if (query.location_id) found = found.where('location_id', '=', query.location_id)
  if (query.fulfilment_order_id) {
    found = found.where('fulfilment_order_id', '=', query.fulfilment_order_id)
  }
  if (query.carrier) found = found.where('carrier', '=', carrierIn(query.carrier))
  return found
}

const byTracking = prepared(db, (open, p: { key: string }) =>
  open
    .selectFrom('parcels')
    .innerJoin('shipments', 'shipments.id', 'parcels.shipment_id')
    .selectAll('shipments')
    .where('parcels.tracking_key', '=', p.key)
    .orderBy('parcels.id', 'desc')
    .limit(1),
)
const ownByTracking = prepared(db, (open, p: { key: string; customer_id: Id<'customer'> }) =>
  open
    .selectFrom('parcels')
    .innerJoin('shipments', 'shipments.id', 'parcels.shipment_id')
    .selectAll('shipments')
    .where('parcels.tracking_key', '=', p.key)
    .where('shipments.customer_id', '=', p.customer_id)
    .orderBy('parcels.id', 'desc')
    .limit(1),
)

/**
 * The shipment with this tracking number. Carriers use numbers again after some months: then the
 * newest is meant. Throws `tracking_not_found`, also for another customer's.
 */
export async function findByTracking(ctx: Context, tracking_number: string): Promise<ShipmentRow> {
  const { own_only, customer_id } = ctx.actor
  const key = trackingKey(tracking_number)
  const found = !own_only
    ? await byTracking.first(ctx, { key })
    : customer_id
      ? await ownByTracking.first(ctx, { key, customer_id })
      : undefined
  if (!found) throw shipmentErrors.tracking_not_found({ tracking_number })
  return found
}
