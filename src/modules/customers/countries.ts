const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
/** What people write that is no official short name. */
const OTHER_NAMES = {
  usa: 'US',
  'united states of america': 'US',
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  holland: 'NL',
  'czech republic': 'CZ',
}

// Made at the first question: the names cost 20 ms and some megabytes that a start can do without.
let byName: Map<string, string> | undefined

/** The two letters (ISO 3166-1) of a country named by them or in English; undefined if unknown. */
export function countryCode(country: string): string | undefined {
  byName ??= countriesByName()
  const named = byName.get(country.trim().toLowerCase())
  if (named) return named
  return /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : undefined
}

function countriesByName(): Map<string, string> {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  const codes = LETTERS.flatMap((a) => LETTERS.map((b) => a + b))
  return new Map([
    ...Object.entries(OTHER_NAMES),
    ...codes.flatMap((code) => {
      const name = names.of(code)
      return name ? [[name.toLowerCase(), code] as const] : []
    }),
  ])
}
