import { countryCode } from './countries.ts'

/**
 * An address in the house's words, whatever a client called its parts. What was written is kept as
 * it was; `country_code` is two letters (ISO 3166-1) if the country is known, `country` the text.
 */
export type PostalAddress = {
  /** Who it is for, in one; made of first and last name if it was not sent itself. */
  name: string | null
  first_name: string | null
  last_name: string | null
  company: string | null
  address_line_1: string | null
  address_line_2: string | null
  city: string | null
  province: string | null
  postal_code: string | null
  country_code: string | null
  country: string | null
  phone: string | null
}

/** How the published interfaces call a part; the first that is there counts. */
const SPELLINGS = {
  name: ['name'],
  first_name: ['first_name'],
  last_name: ['last_name'],
  company: ['company'],
  address_line_1: ['address_line_1', 'street', 'address_line1', 'address_1', 'line1'],
  address_line_2: ['address_line_2', 'street2', 'address_line2', 'address_2', 'line2'],
  city: ['city'],
  province: ['province', 'state', 'region'],
  postal_code: ['postal_code', 'postcode', 'zip'],
  phone: ['phone'],
} as const

type Spelling = (typeof SPELLINGS)[keyof typeof SPELLINGS][number] | 'country' | 'country_code'
/** An address as any published interface sends it. */
export type SentAddress = { readonly [K in Spelling]?: string | null | undefined }

/**
 * Reads both published shapes (street, city, state, postal_code, country and address_line_1,
 * province, country_code) and their cousins into one. Pure; refuses nothing: `addressProblems` says
 * what is wrong with it.
 */
export function postalAddress(sent: SentAddress): PostalAddress {
  const part = (of: keyof typeof SPELLINGS) => firstOf(sent, SPELLINGS[of])
  const first_name = part('first_name')
  const last_name = part('last_name')
  const country = firstOf(sent, ['country', 'country_code'])
  const named = firstOf(sent, ['country_code', 'country'])
  return {
    name: part('name') ?? ([first_name, last_name].filter(Boolean).join(' ') || null),
    first_name,
    last_name,
    company: part('company'),
    address_line_1: part('address_line_1'),
    address_line_2: part('address_line_2'),
    city: part('city'),
    province: part('province'),
    postal_code: part('postal_code'),
    country_code: (named && countryCode(named)) ?? null,
    country,
    phone: part('phone'),
  }
}

function firstOf(sent: SentAddress, spellings: readonly Spelling[]): string | null {
  for (const spelling of spellings) {
    const text = sent[spelling]?.trim()
    if (text) return text
  }
  return null
}

/** The orders API's shape: street, city, state, postal_code, country. Empty parts are left out. */
export type StreetAddress = {
  name?: string
  company?: string
  street?: string
  street2?: string
  city?: string
  state?: string
  postal_code?: string
  country?: string
  phone?: string
}

/** An address in the words of the orders API; the country as two letters where it is known. */
export function streetAddress(address: PostalAddress): StreetAddress {
  const { name, company, city, postal_code, phone } = address
  const parts = {
    name,
    company,
    street: address.address_line_1,
    street2: address.address_line_2,
    city,
    state: address.province,
    postal_code,
    country: address.country_code ?? address.country,
    phone,
  }
  return Object.fromEntries(Object.entries(parts).filter(([, text]) => text !== null))
}
