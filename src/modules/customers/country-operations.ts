import { type Static, Type } from 'typebox'
import { Nullable } from '#kit/schemas'
import { query } from '#platform/operations'
import { addressFormat, COUNTRIES_WITH_FORMAT } from './address-formats.ts'
import { countries, findCountry } from './countries.ts'
import { customerErrors } from './errors.ts'

const CountryRow = Type.Object({
  code: Type.String({ description: 'ISO 3166-1, two letters.' }),
  alpha_3: Type.String({ description: 'ISO 3166-1, three letters.' }),
  name: Type.String({ description: 'In English.' }),
  has_address_format: Type.Boolean(),
})

const Field = Type.Object({
  name: Type.String({ description: 'The member of an address.' }),
  label: Type.String(),
  is_required: Type.Boolean(),
})

const AddressFormatShown = Type.Object({
  country_code: Type.String(),
  country: Type.String(),
  is_known: Type.Boolean({ description: 'False: nobody told us, and little is asked for.' }),
  fields: Type.Array(Field, { description: 'In the order in which people there write them.' }),
  label_lines: Type.Array(Type.String(), {
    description: 'What a label says below name and company.',
    examples: [['{street}', '{postal_code} {city}']],
  }),
  postal_code_pattern: Nullable(Type.String({ description: 'Of the upper-case text.' })),
  postal_code_example: Nullable(Type.String()),
})

/** What a shop needs to render an address form: public, and the same for everybody. */
export const countryOperations = [
  query('customers.list_countries', {
    rest: 'GET /api/v1/countries',
    permission: 'public',
    summary: 'List the countries of the world',
    input: Type.Object({}),
    output: Type.Array(CountryRow),
    example: {},
    run: async () => {
      const known = new Set(COUNTRIES_WITH_FORMAT)
      return countries().map((c) => ({ ...c, has_address_format: known.has(c.code) }))
    },
  }),
  query('customers.get_address_format', {
    rest: 'GET /api/v1/countries/:code/address-format',
    permission: 'public',
    summary: 'Read how addresses of a country look',
    description: 'Which fields a form should have, which are required, and how a label is printed.',
    input: Type.Object({
      code: Type.String({ pattern: '^[A-Za-z]{2,3}$', description: 'Two or three letters.' }),
    }),
    output: AddressFormatShown,
    errors: [customerErrors.country_not_found],
    example: { code: 'DE' },
    run: async (_, { code }) => addressFormatOf(code),
  }),
]

function addressFormatOf(text: string): Static<typeof AddressFormatShown> {
  const country = findCountry(text)
  if (!country) throw customerErrors.country_not_found({ code: text.toUpperCase() })
  const format = addressFormat(country.code)
  const required = new Set(['first_name', 'last_name', 'address_line_1', 'city'])
  if (format.province_required) required.add('province')
  if (format.postal_code_required) required.add('postal_code')
  const labels: Record<string, string> = {
    ...LABELS,
    province: format.province_word,
    postal_code: format.postal_code_word,
  }
  const placed = format.lines.join().matchAll(/\{(\w+)\}/g)
  const below = [...placed].flatMap(([, name = '']) =>
    name === 'street' ? ['address_line_1', 'address_line_2'] : [name],
  )
  return {
    country_code: country.code,
    country: country.name,
    is_known: COUNTRIES_WITH_FORMAT.includes(country.code),
    fields: ['first_name', 'last_name', 'company', ...below, 'phone'].map((name) => ({
      name,
      label: labels[name] ?? name,
      is_required: required.has(name),
    })),
    label_lines: [...format.lines],
    postal_code_pattern: format.postal_code_pattern ?? null,
    postal_code_example: format.postal_code_example ?? null,
  }
}

const LABELS: Readonly<Record<string, string>> = {
  first_name: 'first name',
  last_name: 'last name',
  company: 'company',
  address_line_1: 'street and number',
  address_line_2: 'apartment, floor',
  city: 'town',
  phone: 'phone',
}
