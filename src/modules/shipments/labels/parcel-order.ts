import type { Id } from '#kit/ids'
import { postalAddress, streetAddress } from '#modules/customers'
import { findLocation } from '#modules/inventory'
import type { Context } from '#platform/context'
import { shipmentErrors } from '../errors.ts'
import { linesOfShipments, parcelsOfShipments } from '../find.ts'
import type { LineRow, ParcelRow, ShipAddress, ShipmentRow } from '../tables.ts'
import type { CustomsItem, ParcelOrder } from './carriers.ts'

/** What carriers are told of each parcel of a shipment. */
export type Order = { parcel_id: ParcelRow['id']; order: ParcelOrder }

/** Throws `no_weight` where a parcel was not weighed, `no_rates` where an address is missing. */
export async function parcelOrders(ctx: Context, shipment: ShipmentRow): Promise<Order[]> {
  const shipments = [shipment.id]
  const [lines, parcels, from] = await Promise.all([
    linesOfShipments(ctx, { shipments }),
    parcelsOfShipments(ctx, { shipments }),
    senderOf(ctx, shipment.location_id),
  ])
  const to = { ...shipment.ship_to, name: shipment.recipient_name }
  refuseNowhere(to)
  const customs = crossesBorder(from, to) ? customsOf(lines) : []
  const shares = customsByParcel(customs, parcels)
  return parcels.map((parcel, index) => {
    const { position, weight_grams, length_mm, width_mm, height_mm } = parcel
    if (weight_grams === null) throw shipmentErrors.no_weight({ position })
    const order = {
      reference: shipment.number,
      position,
      of: parcels.length,
      from,
      to,
      weight_grams,
      length_mm,
      width_mm,
      height_mm,
      signature_required: shipment.signature_required,
      is_return: false,
      customs: shares[index] ?? [],
      currency: lines[0]?.currency ?? ctx.settings.default_currency,
      asked_at: ctx.now,
    }
    return { parcel_id: parcel.id, order }
  })
}

/** Refuses an address that no carrier could find. */
export function refuseNowhere(to: ShipAddress): void {
  const missing = (['street', 'city', 'country'] as const).filter((part) => !to[part])
  if (missing.length === 0) return
  throw shipmentErrors.no_rates({ problem: `its address has no ${missing.join(', no ')}` })
}

/** The address of a location, in the words of shipments; the shop's country where it has none. */
export async function senderOf(ctx: Context, id: Id<'location'> | null): Promise<ShipAddress> {
  const location = id ? await findLocation(ctx, id) : undefined
  const address = streetAddress(postalAddress(location?.address ?? {}))
  return {
    name: location?.name ?? 'Warehouse',
    ...address,
    country: address.country ?? ctx.settings.shop_country,
  }
}

const crossesBorder = (from: ShipAddress, to: ShipAddress): boolean =>
  from.country?.toUpperCase() !== to.country?.toUpperCase()

const customsOf = (lines: readonly LineRow[]): CustomsItem[] =>
  lines.map((line) => ({
    sku: line.sku,
    description: line.name,
    quantity: line.quantity,
    value_amount: line.unit_value_amount * line.quantity,
    currency: line.currency,
    weight_grams: (line.unit_weight_grams ?? 0) * line.quantity,
    hs_code: line.hs_code,
    origin_country: line.origin_country,
  }))

/**
 * Each line is declared once, with the first parcel: what is in which parcel nobody says for sure,
 * and customs look at a shipment as a whole.
 */
const customsByParcel = (customs: CustomsItem[], parcels: readonly ParcelRow[]) =>
  parcels.map((_, index) => (index === 0 ? customs : []))
