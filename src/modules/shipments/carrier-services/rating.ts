import type { ShipAddress } from '../tables.ts'
import type { ServiceRow, StoredZone } from './tables.ts'

/** What a service takes for a parcel. */
export type TableRate = { amount: number; delivery_days: number; zone: string }

type Parcel = { to: ShipAddress; weight_grams: number }
type Service = Pick<ServiceRow, 'zones'>

/**
 * What a service takes for a parcel to a place: of its zones the one whose area says most about the
 * place, of its bands the lightest that holds the parcel. Undefined if it does not go there, or the
 * parcel is too heavy.
 */
export function rateIn({ zones }: Service, { to, weight_grams }: Parcel): TableRate | undefined {
  const [best] = zones
    .map((zone, index) => ({ zone, index, fit: fitOf(zone, to) }))
    .filter(({ fit }) => fit >= 0)
    .toSorted((a, b) => b.fit - a.fit || a.index - b.index)
  if (!best) return undefined
  const { name, bands, delivery_days } = best.zone
  const band = bands
    .toSorted((a, b) => a.up_to_grams - b.up_to_grams)
    .find(({ up_to_grams }) => weight_grams <= up_to_grams)
  return band && { amount: band.amount, delivery_days, zone: name }
}

/** How much a zone says about a place; below 0 if it is not in it. */
function fitOf({ areas }: StoredZone, to: ShipAddress): number {
  if (areas.length === 0) return 0
  return Math.max(...areas.map((area) => fitOfArea(area, to)))
}

function fitOfArea(area: StoredZone['areas'][number], to: ShipAddress): number {
  const { country, region, postal_prefix } = area
  const plain = (text: string | undefined) => (text ?? '').replace(/\s/g, '').toUpperCase()
  if (plain(to.country) !== country) return -1
  if (postal_prefix !== null) {
    const prefix = plain(postal_prefix)
    return plain(to.postal_code).startsWith(prefix) ? 100 + prefix.length : -1
  }
  if (region !== null) return plain(to.state) === plain(region) ? 10 : -1
  return 1
}
