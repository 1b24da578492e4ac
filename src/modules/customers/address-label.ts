import { addressFormat } from './address-formats.ts'
import { findCountry } from './countries.ts'
import type { PostalAddress } from './postal-address.ts'

const PLACES = /\{(\w+)\}/g

/**
 * An address as the lines of a label, in the order of its country's post. `from` is the country of
 * the sender: the name of another one is the last line, in capitals, as the posts ask for.
 */
export function addressLabel(address: PostalAddress, from?: string): string[] {
  const { country_code } = address
  const { lines } = addressFormat(country_code ?? '')
  const isAbroad = from === undefined || country_code !== from
  const country = (country_code && findCountry(country_code)?.name) ?? address.country
  return [
    address.name,
    address.company,
    ...lines.flatMap((line) =>
      line === '{street}'
        ? [address.address_line_1, address.address_line_2]
        : [filled(line, address)],
    ),
    isAbroad && country ? country.toUpperCase() : null,
  ].filter((line): line is string => Boolean(line))
}

/** What stands between two parts is printed only where both are there. */
function filled(line: string, address: PostalAddress): string {
  let text = ''
  let between = ''
  let end = 0
  for (const { 0: place, 1: name, index } of line.matchAll(PLACES)) {
    between = line.slice(end, index)
    end = index + place.length
    const part = address[name as keyof PostalAddress]
    if (part) text += text === '' ? part : between + part
  }
  return text
}
