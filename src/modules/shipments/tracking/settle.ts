import { deliverOrder, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { emit } from '#platform/events'
import { shipmentEvents } from '../events.ts'
import { linesOfShipments, shipmentsOfOrders, storeShipment, unitsOf } from '../find.ts'
import { hasLeft, type ShipmentStatus } from '../lifecycle.ts'
import type { LineRow, ParcelRow, ShipmentRow } from '../tables.ts'
import { byAge, type ParcelState, parcelState, shipmentProgress } from './fold.ts'
import { db, type TrackingEventRow } from './tables.ts'

export const eventsOfParcels = prepared(db, (open, p: { parcels: readonly string[] }, engine) =>
  open
    .selectFrom('tracking_events')
    .selectAll()
    .where('parcel_id', 'in', listOf(engine, p.parcels, 'uuid'))
    .orderBy('parcel_id')
    .orderBy('occurred_at'),
)

/** Parcels with all that was told of them. */
export type Arrivals = { parcels: readonly ParcelRow[]; events: readonly TrackingEventRow[] }

/** All that was told of these parcels so far. */
export async function arrivalsOf(ctx: Context, parcels: readonly ParcelRow[]): Promise<Arrivals> {
  const events = await eventsOfParcels(ctx, { parcels: parcels.map(({ id }) => id) })
  return { parcels, events }
}

export type Settled = { shipment: ShipmentRow; order: OrderRow }

/**
 * Makes a shipment what its tracking events say, under its order's lock: one function of all that
 * was told, so the order of the news does not matter. Until it has left, only what was told is
 * kept. Delivered with its last parcel; and its order with its last shipment.
 */
export async function settleShipment(
  ctx: Context,
  { shipment, order, parcels, events }: Settled & Arrivals,
): Promise<Settled> {
  const states = statesOf(parcels, events)
  const after = afterEvents(shipment, states)
  if (isSame(shipment, after)) return { shipment, order }
  const stored = await storeShipment(ctx, shipment, after)
  const told = await tell(ctx, shipment, stored)
  return { shipment: stored, order: told ? await arrive(ctx, order) : order }
}

/** How each parcel stands, in the order of the parcels. */
export function statesOf(
  parcels: readonly ParcelRow[],
  events: readonly TrackingEventRow[],
): ParcelState[] {
  const byParcel = Map.groupBy(events, ({ parcel_id }) => parcel_id)
  return parcels.map(({ id }) => parcelState(byParcel.get(id)?.toSorted(byAge) ?? []))
}

type Changed = Pick<
  ShipmentRow,
  'status' | 'delivered_at' | 'signed_by' | 'proof_urls' | 'estimated_delivery_at' | 'exception'
>

function afterEvents(shipment: ShipmentRow, states: readonly ParcelState[]): Changed {
  const latest = (values: (string | null)[]) =>
    values.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)
  const estimated_delivery_at =
    latest(states.map((state) => state.estimated_delivery_at)) ?? shipment.estimated_delivery_at
  const { status, delivered_at, signed_by, proof_urls, exception } = shipment
  const now = { status, delivered_at, signed_by, proof_urls, exception, estimated_delivery_at }
  if (!hasLeft(status)) return now
  const progress: ShipmentStatus = shipmentProgress(states.map((state) => state.status))
  return {
    ...now,
    status: progress,
    delivered_at:
      progress === 'delivered' ? latest(states.map((state) => state.delivered_at)) : null,
    signed_by: states.findLast((state) => state.signed_by)?.signed_by ?? null,
    proof_urls: [...new Set(states.flatMap((state) => state.proof_urls))],
    exception: states.find((state) => state.exception)?.exception ?? null,
  }
}

const isSame = (shipment: ShipmentRow, after: Changed): boolean =>
  (Object.keys(after) as (keyof Changed)[]).every((member) =>
    member === 'proof_urls'
      ? after.proof_urls.join() === shipment.proof_urls.join()
      : after[member] === shipment[member],
  )

/** States what changed; answers whether it has just arrived. */
async function tell(ctx: Context, before: ShipmentRow, after: ShipmentRow): Promise<boolean> {
  const { id: shipment_id, order_id, estimated_delivery_at } = after
  const of = { shipment_id, order_id }
  const changed = before.status !== after.status
  if (changed || before.estimated_delivery_at !== estimated_delivery_at) {
    const moved = { old_status: before.status, new_status: after.status }
    emit(ctx, shipmentEvents.progressed({ ...of, ...moved, estimated_delivery_at }))
  }
  if (changed && after.status === 'failed') {
    emit(ctx, shipmentEvents.exception({ ...of, reason: after.exception }))
  }
  if (!changed || after.status !== 'delivered') return false
  const lines = await linesOfShipments(ctx, { shipments: [shipment_id] })
  emit(
    ctx,
    shipmentEvents.delivered({
      ...of,
      units: unitsOf(lines),
      serial_numbers: serialsOf(lines),
      delivered_at: after.delivered_at ?? ctx.now,
    }),
  )
  return true
}

const serialsOf = (lines: readonly LineRow[]) =>
  lines.flatMap(({ order_line_id, item_id, lots }) => {
    const serial_numbers = (lots ?? []).flatMap((lot) => lot.serial_numbers ?? [])
    return serial_numbers.length > 0 ? [{ order_line_id, item_id, serial_numbers }] : []
  })

/**
 * The order has arrived when all of it has left and its last shipment is there, or is back and put
 * away. One that staff has put on hold, or moved by hand, stays where it is.
 */
export async function arrive(ctx: Context, order: OrderRow): Promise<OrderRow> {
  if (order.status !== 'shipped' || order.fulfillment_status !== 'fulfilled') return order
  const shipments = await shipmentsOfOrders(ctx, { orders: [order.id] })
  const arrived = shipments.some(({ status }) => status === 'delivered')
  return arrived && shipments.every(isOver) ? deliverOrder(ctx, order) : order
}

/** Arrived, withdrawn, or back and put away. */
const isOver = ({ status, returned_at }: ShipmentRow): boolean =>
  status === 'delivered' ||
  status === 'cancelled' ||
  (status === 'returned' && returned_at !== null)
