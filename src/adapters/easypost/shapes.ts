import { formatMoney, parseMoney } from '#kit/money'
import type { BoughtLabel, CarrierRate, ParcelOrder, ShipAddress } from '#modules/shipments'

import type { ScanForm } from './client.ts'
import type { Tracker } from './tracking.ts'

// EasyPost speaks ounces, inches and decimal texts; the house grams, millimetres and minor units.

const GRAMS_AN_OUNCE = 28.349523125
const MILLIMETRES_AN_INCH = 25.4

/** Ounces with one decimal, never less than it weighs: a parcel that is heavier costs a fine. */
export const ounces = (grams: number): number => Math.ceil((grams / GRAMS_AN_OUNCE) * 10) / 10
const inches = (mm: number): number => Math.ceil((mm / MILLIMETRES_AN_INCH) * 10) / 10

/** What EasyPost is told of an address. */
export const addressFor = (address: ShipAddress) => ({
  name: address.name ?? null,
  company: address.company ?? null,
  street1: address.street ?? '',
  street2: address.street2 ?? null,
  city: address.city ?? '',
  state: address.state ?? null,
  zip: address.postal_code ?? null,
  country: address.country ?? 'US',
  phone: address.phone ?? null,
})

/** What EasyPost is told of a parcel; `reference` is our own name of it. */
export function shipmentFor(key: string, order: ParcelOrder) {
  const sides = [order.length_mm, order.width_mm, order.height_mm]
  const [length, width, height] = sides.map((side) => side && inches(side))
  const measured = sides.every((side) => side !== null)
  return {
    reference: key,
    from_address: addressFor(order.from),
    to_address: addressFor(order.to),
    is_return: order.is_return,
    parcel: { weight: ounces(order.weight_grams), ...(measured && { length, width, height }) },
    options: {
      label_format: 'PDF',
      label_size: '4x6',
      print_custom_1: `${order.reference} ${order.position}/${order.of}`,
      ...(order.signature_required && { delivery_confirmation: 'SIGNATURE' }),
    },
    ...(order.customs.length > 0 && { customs_info: customsFor(order) }),
  }
}

/** EEL: below 2,500 USD no export filing is needed (EasyPost, Customs Guide). */
const NO_FILING = 'NOEEI 30.37(a)'

const customsFor = ({ customs, from }: ParcelOrder) => ({
  contents_type: 'merchandise',
  restriction_type: 'none',
  non_delivery_option: 'return',
  customs_certify: true,
  customs_signer: from.name ?? 'Shipping',
  eel_pfc: NO_FILING,
  customs_items: customs.map((item) => ({
    description: item.description,
    quantity: item.quantity,
    value: formatMoney(item.value_amount, item.currency),
    currency: item.currency,
    weight: ounces(Math.max(item.weight_grams, 1)),
    code: item.sku,
    origin_country: item.origin_country ?? from.country ?? 'US',
    ...(item.hs_code && { hs_tariff_number: item.hs_code }),
  })),
})

type Rate = {
  id: string
  carrier: string
  service: string
  rate: string
  currency: string
  delivery_days?: number | null
  delivery_date?: string | null
}

/** An offer in the house's words. */
export const rateFrom = (rate: Rate, asked_at: string): CarrierRate => ({
  ref: rate.id,
  carrier_name: rate.carrier,
  service: rate.service,
  service_name: `${rate.carrier} ${spaced(rate.service)}`,
  amount: parseMoney(rate.rate, rate.currency.toUpperCase()),
  currency: rate.currency.toUpperCase(),
  delivery_days: rate.delivery_days ?? null,
  delivery_at: rate.delivery_date
    ? instant(rate.delivery_date)
    : after(asked_at, rate.delivery_days),
})

const DAY_MS = 24 * 60 * 60 * 1000
const after = (asked_at: string, days: number | null | undefined) =>
  days === null || days === undefined
    ? null
    : new Date(Date.parse(asked_at) + days * DAY_MS).toISOString()

/** `GroundAdvantage` and `PRIORITY_OVERNIGHT` as people read them. */
const spaced = (service: string): string =>
  service.replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, '$1 $2')

/** An instant as the house writes it, whatever its offset. */
export const instant = (text: string): string => new Date(text).toISOString()

export type Shipment = {
  id: string
  tracking_code: string | null
  rates: Rate[]
  messages: { carrier?: string; message?: string | { [key: string]: unknown } }[]
  selected_rate: Rate | null
  postage_label: {
    label_url?: string | null
    label_pdf_url?: string | null
    label_file_type?: string | null
  } | null
  refund_status: string | null
  tracker?: Tracker | null
  scan_form?: ScanForm | null
}

/** The label of a shipment that was bought, without its paper; undefined if it was not. */
export function labelFrom(
  shipment: Shipment,
): (BoughtLabel & { paper_url: string | null }) | undefined {
  const { postage_label, selected_rate, tracking_code, tracker } = shipment
  if (!postage_label || !selected_rate || !tracking_code) return undefined
  const currency = selected_rate.currency.toUpperCase()
  return {
    tracking_number: tracking_code,
    tracking_url: tracker?.public_url ?? null,
    carrier_name: selected_rate.carrier,
    service: selected_rate.service,
    cost_amount: parseMoney(selected_rate.rate, currency),
    currency,
    estimated_delivery_at: tracker?.est_delivery_date ? instant(tracker.est_delivery_date) : null,
    paper: null,
    paper_url: postage_label.label_pdf_url ?? postage_label.label_url ?? null,
  }
}
