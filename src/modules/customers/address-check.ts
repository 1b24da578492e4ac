import { requestErrors } from '#platform/operations'
import { addressFormat } from './address-formats.ts'
import { findCountry } from './countries.ts'
import type { PostalAddress } from './postal-address.ts'

type Part = 'address_line_1' | 'city' | 'province' | 'postal_code' | 'country_code'
export type AddressProblem = { field: string; problem: string }
/** What the caller calls a part, where that is not our word: `{ province: 'state' }`. */
export type PartNames = { readonly [K in Part]?: string }

/**
 * What is wrong with an address by the format of its country, the country first; nothing if it can
 * be delivered to. Of a country whose format is not known only street and town are asked for.
 */
export function addressProblems(address: PostalAddress, names: PartNames = {}): AddressProblem[] {
  const problems: AddressProblem[] = []
  const say = (part: Part, problem: string) =>
    problems.push({ field: names[part] ?? part, problem })
  const country = address.country_code ? findCountry(address.country_code) : undefined
  if (!country) say('country_code', address.country ? NO_COUNTRY : 'is required')
  if (!address.address_line_1) say('address_line_1', 'is required')
  if (!address.city) say('city', 'is required')
  if (!country) return problems
  const format = addressFormat(country.code)
  if (format.province_required && !address.province) {
    say('province', `is required in ${country.name} (${format.province_word})`)
  }
  const { postal_code_pattern: pattern, postal_code_example: example } = format
  if (!address.postal_code) {
    if (format.postal_code_required) say('postal_code', `is required in ${country.name}`)
  } else if (pattern && !isCode(pattern, address.postal_code)) {
    say('postal_code', `must look like ${example} in ${country.name}`)
  }
  return problems
}

const NO_COUNTRY = 'must be a country (ISO 3166-1)'

const isCode = (pattern: string, code: string): boolean =>
  new RegExp(`^(?:${pattern})$`).test(code.trim().toUpperCase())

/** Throws VALIDATION_FAILED (400) with every problem of an address and the field of the first. */
export function checkAddress(address: PostalAddress, names: PartNames = {}): void {
  const problems = addressProblems(address, names)
  const [first] = problems
  if (first) throw requestErrors.invalid({ ...first, problems })
}
