const NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
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

let byName: Map<string, string> | undefined

/** The two letters (ISO 3166-1) of a country named by them or in English; undefined if unknown. */
export function countryCode(country: string): string | undefined {
  byName ??= new Map([
    ...Object.entries(OTHER_NAMES),
    ...LETTERS.flatMap((a) => LETTERS.map((b) => a + b)).flatMap((code) => {
      const name = NAMES.of(code)
      return name ? [[name.toLowerCase(), code] as const] : []
    }),
  ])
  const named = byName.get(country.trim().toLowerCase())
  if (named) return named
  return /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : undefined
}
