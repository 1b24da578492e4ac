import type { Id } from '#kit/ids'
import { parcelsOfShipments, shipmentsOfOrders } from '#modules/shipments'
import type { Context } from '#platform/context'

/** Where an order's parcel is, as meta of WooCommerce: that of the newest shipment. */
export async function trackingOf(
  ctx: Context,
  order_id: Id<'order'>,
): Promise<{ key: string; value: string }[]> {
  const shipments = await shipmentsOfOrders(ctx, { orders: [order_id] })
  const sent = shipments.filter(({ shipped_at, cancelled_at }) => shipped_at && !cancelled_at)
  const newest = sent.at(-1)
  if (!newest) return []
  const parcels = await parcelsOfShipments(ctx, { shipments: [newest.id] })
  const tracked = parcels.find(({ tracking_number }) => tracking_number !== null)
  if (!tracked?.tracking_number) return []
  return [
    { key: '_tracking_number', value: tracked.tracking_number },
    { key: '_tracking_carrier', value: newest.carrier ?? '' },
  ]
}
