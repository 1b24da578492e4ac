import type { CarrierWord } from './words.ts'

// The carriers' own public pages; the number goes in as it is printed, without spaces.
const PAGES: Record<Exclude<CarrierWord, 'other'>, string> = {
  ups: 'https://www.ups.com/track?tracknum=',
  fedex: 'https://www.fedex.com/fedextrack/?trknbr=',
  usps: 'https://tools.usps.com/go/TrackConfirmAction?tLabels=',
  dhl: 'https://www.dhl.com/en/express/tracking.html?AWB=',
}

type Tracked = {
  carrier: CarrierWord | null
  tracking_number: string | null
  tracking_url: string | null
}

/** Where a buyer can follow a parcel: the link that was given, else the carrier's page of it. */
export function trackingLink({ carrier, tracking_number, tracking_url }: Tracked): string | null {
  if (tracking_url !== null) return tracking_url
  if (tracking_number === null || carrier === null || carrier === 'other') return null
  return PAGES[carrier] + encodeURIComponent(tracking_number.replaceAll(' ', ''))
}
