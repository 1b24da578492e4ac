import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { invalidField } from '#platform/operations'

/** A place as callers name it. */
export type GivenPlace = {
  country: string
  region?: string | null | undefined
  postal_code?: string | null | undefined
}

/** A place in one spelling, so that it can be compared; what is not known is empty. */
export type Place = { country: string; region: string; postal_code: string }

/**
 * One spelling of a place: capital letters, `US-CA` and `ca` are `CA`, postal codes without spaces
 * and hyphens. Names of regions are not looked up: `California` is another word than `CA`.
 */
export function placeOf({ country, region, postal_code }: GivenPlace): Place {
  const land = country.trim().toUpperCase()
  return { country: land, region: regionOf(region, land), postal_code: postalOf(postal_code) }
}

function regionOf(region: string | null | undefined, country: string): string {
  const name = (region ?? '').trim().toUpperCase()
  return name.startsWith(`${country}-`) ? name.slice(country.length + 1).trim() : name
}

const postalOf = (code: string | null | undefined): string =>
  (code ?? '').toUpperCase().replace(/[\s-]/g, '')

/** An area that rates and zones are for: a country, a region of it, postal codes with a prefix. */
export type Area = { country: string; region: string; postal_prefix: string }
type GivenArea = {
  country: string
  region?: string | null | undefined
  postal_prefix?: string | null | undefined
}

/** Reads an area from a request; throws VALIDATION_FAILED where a name says nothing. */
export function areaOf({ country, region, postal_prefix }: GivenArea, at = ''): Area {
  const place = placeOf({ country, region, postal_code: postal_prefix })
  if (region != null && place.region === '') throw invalidField(`${at}region`, 'says nothing')
  if (postal_prefix != null && place.postal_code === '') {
    throw invalidField(`${at}postal_prefix`, 'says nothing')
  }
  return { country: place.country, region: place.region, postal_prefix: place.postal_code }
}

type Named = Record<keyof Place, unknown>

/** Whether the area in the columns of `table` contains a place; its members may be placeholders. */
export const areaContains = (table: string, place: Named): RawBuilder<SqlBool> => {
  const column = (name: keyof Area) => sql.ref(`${table}.${name}`)
  const prefix = column('postal_prefix')
  const code = sql`cast(${place.postal_code} as text)`
  return sql`(${column('country')} = ${place.country}
    and ${column('region')} in ('', ${place.region})
    and substr(${code}, 1, length(${prefix})) = ${prefix})`
}
