import type { AgentAddress, AgentBuyer } from '#modules/agentic'
import { filled } from './answers.ts'

/** An address in the protocol's words, which are those of schema.org. */
export type PostalAddress = {
  first_name?: string
  last_name?: string
  street_address?: string
  extended_address?: string
  address_locality?: string
  address_region?: string
  address_country?: string
  postal_code?: string
  phone_number?: string
}

/** The house's address; undefined while something is missing that every parcel needs. */
export function addressFrom(
  told: PostalAddress,
  buyer: AgentBuyer | null,
): AgentAddress | undefined {
  const { street_address, address_locality, postal_code, address_country } = told
  if (!street_address || !address_locality || !postal_code || !address_country) return undefined
  const first = told.first_name ?? buyer?.first_name
  const last = told.last_name ?? buyer?.last_name
  return {
    name: [first, last].filter(Boolean).join(' ') || 'Recipient',
    line_one: street_address,
    line_two: told.extended_address ?? null,
    city: address_locality,
    state: told.address_region ?? '',
    postal_code,
    country: address_country,
  }
}

/** What an address still lacks. */
export const missingOf = (told: PostalAddress): string[] =>
  (['street_address', 'address_locality', 'postal_code', 'address_country'] as const).filter(
    (member) => !told[member],
  )

/** The buyer as the protocol tells them. */
export function printedBuyer({ email, first_name, last_name, phone_number }: AgentBuyer) {
  return filled({ email, first_name, last_name, phone_number })
}
