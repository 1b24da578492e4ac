import { formatMoney } from '#kit/money'
import type { Context } from '#platform/context'
import { linesOfShipments, parcelsOfShipments } from './find.ts'
import type { Shipment, ShipmentSummary } from './schemas.ts'
import type { LineRow, ParcelRow, ShipmentRow } from './tables.ts'
import { printCarrier, printMethod, printStatus } from './words.ts'

/** A shipment as it is listed. */
export function summaryOf(row: ShipmentRow, parcels: readonly ParcelRow[]): ShipmentSummary {
  const first = parcels.find(({ tracking_number }) => tracking_number !== null)
  return {
    id: row.id,
    number: row.number,
    order_id: row.order_id,
    fulfilment_order_id: row.fulfilment_order_id,
    location_id: row.location_id,
    tracking_number: first?.tracking_number ?? null,
    tracking_url: first?.tracking_url ?? null,
    status: printStatus(row.status),
    status_reason: row.status_reason,
    shipping_method: printMethod(row.method),
    carrier: row.carrier && printCarrier(row.carrier),
    service_level: row.service,
    shipping_address: row.shipping_address,
    recipient_name: row.recipient_name,
    signature_required: row.signature_required,
    notes: row.notes,
    estimated_delivery: row.estimated_delivery_at,
    shipped_at: row.shipped_at,
    delivered_at: row.delivered_at,
    cancelled_at: row.cancelled_at,
    returned_at: row.returned_at,
    signed_by: row.signed_by,
    proof_urls: row.proof_urls,
    exception: row.exception,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

const itemOf = (line: LineRow): Shipment['items'][number] => ({
  id: line.id,
  order_item_id: line.order_line_id,
  item_id: line.item_id,
  sku: line.sku,
  name: line.name,
  quantity: line.quantity,
  returned_quantity: line.returned_quantity,
  lots: line.lots,
  hs_code: line.hs_code,
  origin_country: line.origin_country,
  unit_value: formatMoney(line.unit_value_amount, line.currency),
  currency: line.currency,
  unit_weight_grams: line.unit_weight_grams,
})

const parcelOf = (parcel: ParcelRow): Shipment['parcels'][number] => ({
  id: parcel.id,
  position: parcel.position,
  carton_id: parcel.carton_id,
  weight_grams: parcel.weight_grams,
  length_mm: parcel.length_mm,
  width_mm: parcel.width_mm,
  height_mm: parcel.height_mm,
  tracking_number: parcel.tracking_number,
  tracking_url: parcel.tracking_url,
  status: parcel.status,
})

/** A shipment as it is answered, with its items and parcels. */
export async function withDetails(ctx: Context, row: ShipmentRow): Promise<Shipment> {
  const [lines, parcels] = await Promise.all([
    linesOfShipments(ctx, { shipments: [row.id] }),
    parcelsOfShipments(ctx, { shipments: [row.id] }),
  ])
  return {
    ...summaryOf(row, parcels),
    ship_to: row.ship_to,
    items: lines.map(itemOf),
    parcels: parcels.map(parcelOf),
  }
}
