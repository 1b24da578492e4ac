import { toInstant } from '#kit/schemas'
import { shippedUnits } from '#modules/fulfilment'
import { consumeUnits } from '#modules/inventory'
import { fulfilUnits, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { invalidField } from '#platform/operations'
import { shipmentErrors } from './errors.ts'
import { shipmentEvents } from './events.ts'
import {
  linesOfShipments,
  numberedBy,
  parcelsOfShipments,
  storeParcel,
  storeShipment,
  unitsOf,
} from './find.ts'
import { shipmentLifecycle } from './lifecycle.ts'
import { lotsToShip } from './lots.ts'
import type { MadeShipment } from './new-shipment.ts'
import type { ShipShipment } from './schemas.ts'
import type { LineRow, ParcelRow, ShipmentRow } from './tables.ts'
import { arrivalsOf, settleShipment } from './tracking/settle.ts'
import { carrierIn } from './words.ts'

export type Shipped = { shipment: ShipmentRow; order: OrderRow }
type How = Omit<ShipShipment, 'id'>

/** What is written of a shipment, read under its order's lock. */
export async function contentsOf(ctx: Context, shipment: ShipmentRow): Promise<MadeShipment> {
  const [lines, parcels] = await Promise.all([
    linesOfShipments(ctx, { shipments: [shipment.id] }),
    parcelsOfShipments(ctx, { shipments: [shipment.id] }),
  ])
  return { shipment, lines, parcels }
}

/**
 * A shipment leaves: its units are counted at its location, come off the shelves out of what is
 * promised to the order, and are counted as fulfilled, all in the caller's transaction, which holds
 * the order's lock. The order is shipped with its last unit. Refuses (409) what has left already,
 * what is held, and what is not promised any more.
 */
export async function shipOut(
  ctx: Context,
  order: OrderRow,
  made: MadeShipment,
  how: How = {},
): Promise<Shipped> {
  const { shipment } = made
  const status = shipmentLifecycle.next(shipment.status, 'ship')
  const shipped_at = leftAt(ctx, how.shipped_at)
  const lines = await lotsToShip(ctx, made, how.items)
  const units = unitsOf(lines)
  const { fulfilment_order_id, location_id } = shipment
  if (fulfilment_order_id) await shippedUnits(ctx, { fulfilment_order_id, units })
  await takeStock(ctx, order, { lines, location_id })
  const changed = await fulfilUnits(ctx, order, units)
  const parcels = await withTracking(ctx, made.parcels, how)
  const stored = await storeShipment(ctx, shipment, {
    status,
    shipped_at,
    ...(how.carrier && { carrier: carrierIn(how.carrier) }),
  })
  const { id: shipment_id, order_id } = shipment
  const tracking_numbers = parcels.flatMap(({ tracking_number }) => tracking_number ?? [])
  emit(ctx, shipmentEvents.shipped({ shipment_id, order_id, units, tracking_numbers }))
  emit(
    ctx,
    shipmentEvents.status_changed({
      shipment_id,
      order_id,
      old_status: shipment.status,
      new_status: status,
      reason: null,
    }),
  )
  // A carrier may have scanned it before we said that it left.
  if (parcels.every((parcel) => parcel.status === 'unknown'))
    return { shipment: stored, order: changed }
  return settleShipment(ctx, {
    shipment: stored,
    order: changed,
    ...(await arrivalsOf(ctx, parcels)),
  })
}

function leftAt(ctx: Context, sent: string | undefined): string {
  const at = sent === undefined ? ctx.now : toInstant(sent)
  if (at > ctx.now) throw invalidField('shipped_at', 'must not lie in the future')
  return at
}

type Stock = { lines: readonly LineRow[]; location_id: ShipmentRow['location_id'] }

/** Takes the units of tracked items out of what is promised to the order at the location. */
async function takeStock(ctx: Context, order: OrderRow, { lines, location_id }: Stock) {
  const tracked = lines.filter(({ item_id }) => item_id !== null)
  if (tracked.length === 0) return
  if (!location_id) throw new Error('a shipment of stock leaves from nowhere')
  const reference = { reference_type: 'order', reference_id: order.id }
  const byItem = Map.groupBy(tracked, ({ item_id }) => item_id as NonNullable<typeof item_id>)
  const units = [...byItem].map(([item_id, same]) => {
    const lots = same.flatMap((line) => line.lots ?? [])
    const quantity = same.reduce((sum, line) => sum + line.quantity, 0)
    return { item_id, location_id, quantity, ...(lots.length > 0 && { lots }) }
  })
  await consumeUnits(ctx, reference, units)
}

async function withTracking(
  ctx: Context,
  parcels: readonly ParcelRow[],
  { tracking_number, tracking_url }: How,
): Promise<ParcelRow[]> {
  const [first, ...others] = parcels
  if (!first) throw shipmentErrors.parcel_not_found({ parcel_id: 'at all' })
  if (!tracking_number?.trim() && !tracking_url) return [...parcels]
  const changed = {
    ...(tracking_number?.trim() && numberedBy(first, tracking_number)),
    ...(tracking_url && { tracking_url }),
  }
  return [await storeParcel(ctx, first, changed), ...others]
}
