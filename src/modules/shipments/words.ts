import type { ShipmentStatus } from './lifecycle.ts'

// The published words of a shipment (operations API, endpoints/shipments): answers print them as
// published; requests may spell them in any of the ways in which they are written anywhere.

export const METHODS = [
  'standard',
  'express',
  'overnight',
  'two_day',
  'international',
  'custom',
] as const
export type Method = (typeof METHODS)[number]

export const CARRIERS = ['ups', 'fedex', 'usps', 'dhl', 'other'] as const
export type CarrierWord = (typeof CARRIERS)[number]

const METHOD_WORDS: Record<Method, string> = {
  standard: 'Standard',
  express: 'Express',
  overnight: 'Overnight',
  two_day: 'Two-Day',
  international: 'International',
  custom: 'Custom',
}
const STATUS_WORDS: Record<ShipmentStatus, string> = {
  pending: 'Pending',
  processing: 'Processing',
  ready_to_ship: 'Ready to Ship',
  shipped: 'Shipped',
  in_transit: 'In Transit',
  out_for_delivery: 'Out for Delivery',
  delivered: 'Delivered',
  failed: 'Failed',
  returned: 'Returned',
  cancelled: 'Cancelled',
  on_hold: 'On Hold',
}
const CARRIER_WORDS: Record<CarrierWord, string> = {
  ups: 'UPS',
  fedex: 'FedEx',
  usps: 'USPS',
  dhl: 'DHL',
  other: 'Other',
}

export const METHOD_NAMES = Object.values(METHOD_WORDS)
export const STATUS_NAMES = Object.values(STATUS_WORDS)
export const CARRIER_NAMES = Object.values(CARRIER_WORDS)

export const printMethod = (method: Method): string => METHOD_WORDS[method]
export const printStatus = (status: ShipmentStatus): string => STATUS_WORDS[status]
export const printCarrier = (carrier: CarrierWord): string => CARRIER_WORDS[carrier]

/** `In Transit`, `InTransit`, `in_transit` and `in-transit` are one word. */
const plain = (text: string) => text.toLowerCase().replace(/[\s_-]/g, '')
const byPlain = <T extends string>(words: readonly T[]) =>
  new Map(words.map((word) => [plain(word), word]))

const methods = byPlain(METHODS)
const statuses = byPlain(Object.keys(STATUS_WORDS) as ShipmentStatus[])
const carriers = byPlain(CARRIERS)

/** The method that a text names, however it is spelled; undefined if there is none. */
export const methodIn = (text: string): Method | undefined => methods.get(plain(text))
/** The state that a text names, however it is spelled; undefined if there is none. */
export const statusIn = (text: string): ShipmentStatus | undefined => statuses.get(plain(text))
/** The carrier that a text names; a name of no known carrier is `other`. */
export function carrierIn(text: string): CarrierWord {
  const word = plain(text)
  const known = carriers.get(word)
  if (known) return known
  if (word.startsWith('dhl')) return 'dhl'
  if (word.startsWith('fedex')) return 'fedex'
  if (word.startsWith('ups')) return 'ups'
  return 'other'
}
