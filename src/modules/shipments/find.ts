import type { Static } from 'typebox'
import { type Id, isUuid } from '#kit/ids'
import { lockOrder, type OrderRow } from '#modules/orders'
import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { listOf } from '#platform/database/rowset'
import { insertRows } from '#platform/tables'
import { requireVersion } from '#platform/versions'
import { shipmentErrors } from './errors.ts'
import { shipmentNumberIn } from './numbers.ts'
import { db, type LineRow, type ParcelRow, type ShipmentRow } from './tables.ts'

const byId = prepared(db, (open, p: { id: string }) =>
  open
    .selectFrom('shipments')
    .selectAll()
    .where('id', '=', p.id as Id<'shipment'>),
)
const byNumber = prepared(db, (open, p: { number: string }) =>
  open.selectFrom('shipments').selectAll().where('number', '=', p.number),
)

/** The shipment of this id or number. Throws `not_found`, also for another customer's. */
export async function findShipment(ctx: Context, ref: string): Promise<ShipmentRow> {
  const number = shipmentNumberIn(ref)
  const found = isUuid(ref)
    ? await byId.first(ctx, { id: ref })
    : number === undefined
      ? undefined
      : await byNumber.first(ctx, { number })
  const { own_only, customer_id } = ctx.actor
  if (!found || (own_only && found.customer_id !== customer_id)) {
    throw shipmentErrors.not_found({ shipment_id: ref })
  }
  return found
}

export type LockedShipment = { shipment: ShipmentRow; order: OrderRow }

/**
 * The shipment as it is once its order's lock is held, at the version that the caller means: who
 * writes a shipment holds its order.
 */
export async function lockShipment(ctx: Context, ref: string): Promise<LockedShipment> {
  const { id, order_id } = await findShipment(ctx, ref)
  const order = await lockOrder(ctx, order_id)
  const shipment = await findShipment(ctx, id)
  requireVersion(ctx, shipment.version)
  return { shipment, order }
}

/** The shipments of these orders, oldest first; one statement. */
export const shipmentsOfOrders = prepared(db, (open, p: { orders: readonly string[] }, engine) =>
  open
    .selectFrom('shipments')
    .selectAll()
    .where('order_id', 'in', listOf(engine, p.orders, 'uuid'))
    .orderBy('order_id')
    .orderBy('position'),
)

/** The lines of these shipments, in their order. */
export const linesOfShipments = prepared(db, (open, p: { shipments: readonly string[] }, engine) =>
  open
    .selectFrom('shipment_lines')
    .selectAll()
    .where('shipment_id', 'in', listOf(engine, p.shipments, 'uuid'))
    .orderBy('shipment_id')
    .orderBy('position'),
)

/** The parcels of these shipments, in their order. */
export const parcelsOfShipments = prepared(
  db,
  (open, p: { shipments: readonly string[] }, engine) =>
    open
      .selectFrom('parcels')
      .selectAll()
      .where('shipment_id', 'in', listOf(engine, p.shipments, 'uuid'))
      .orderBy('shipment_id')
      .orderBy('position'),
)

export const insertShipments = insertRows(db, 'shipments')
export const insertLines = insertRows(db, 'shipment_lines')
export const insertParcels = insertRows(db, 'parcels')

const change = prepared(db, (open, p: ShipmentRow & { known_version: number }) =>
  open
    .updateTable('shipments')
    .set({
      status: p.status,
      status_reason: p.status_reason,
      method: p.method,
      carrier: p.carrier,
      service: p.service,
      recipient_name: p.recipient_name,
      shipping_address: p.shipping_address,
      ship_to: p.ship_to,
      signature_required: p.signature_required,
      notes: p.notes,
      estimated_delivery_at: p.estimated_delivery_at,
      shipped_at: p.shipped_at,
      delivered_at: p.delivered_at,
      cancelled_at: p.cancelled_at,
      returned_at: p.returned_at,
      signed_by: p.signed_by,
      proof_urls: p.proof_urls,
      exception: p.exception,
      version: p.version,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.known_version),
)

/** Stores what changed of a shipment; its order's lock is held, so nobody else has changed it. */
export async function storeShipment(
  ctx: Context,
  known: ShipmentRow,
  changed: Partial<ShipmentRow>,
): Promise<ShipmentRow> {
  const next = { ...known, ...changed, version: known.version + 1, updated_at: ctx.now }
  const { affected } = await change.run(ctx, { ...next, known_version: known.version })
  if (affected !== 1) throw new Error(`shipment ${known.id} changed without its order's lock`)
  return next
}

const changeParcel = prepared(db, (open, p: ParcelRow) =>
  open
    .updateTable('parcels')
    .set({
      carton_id: p.carton_id,
      weight_grams: p.weight_grams,
      length_mm: p.length_mm,
      width_mm: p.width_mm,
      height_mm: p.height_mm,
      tracking_number: p.tracking_number,
      tracking_key: p.tracking_key,
      tracking_url: p.tracking_url,
      tracked_by: p.tracked_by,
      carrier_ref: p.carrier_ref,
      status: p.status,
      poll_at: p.poll_at,
    })
    .where('id', '=', p.id),
)

/** Stores a parcel; its order's lock is held. */
export async function storeParcel(
  ctx: Context,
  known: ParcelRow,
  changed: Partial<ParcelRow>,
): Promise<ParcelRow> {
  const next = { ...known, ...changed }
  await changeParcel.run(ctx, next)
  return next
}

/** A tracking number as it is compared: upper case, without spaces. */
export const trackingKey = (number: string): string => number.replace(/\s/g, '').toUpperCase()

/** The columns of a parcel that name its tracking number. */
export const trackingOf = (number: string | null | undefined) => ({
  tracking_number: number?.trim() || null,
  tracking_key: number?.trim() ? trackingKey(number) : null,
})

/**
 * The columns of a parcel that is given a number by hand. Throws `label_exists` where a label of
 * another number is stuck on it.
 */
export function numberedBy(parcel: ParcelRow, number: string | null) {
  const next = trackingOf(number)
  const labelled = parcel.tracked_by !== null && next.tracking_key !== parcel.tracking_key
  if (labelled) throw shipmentErrors.label_exists({ parcel_id: parcel.id })
  return next
}

/** The units of lines, as orders count them. */
export const unitsOf = (lines: readonly Pick<LineRow, 'order_line_id' | 'quantity'>[]) =>
  lines.map(({ order_line_id, quantity }) => ({ order_line_id, quantity }))

export type NewLine = Static<(typeof db.tables)['shipment_lines']>
