import { type Static, type TSchema, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { pageQuery } from '#kit/pages'
import { InstantInput, Nullable, Text } from '#kit/schemas'
import { Email, LogIn, NewPassword, Phone, RoleName, TokenPair } from '#modules/access'
import { customerLifecycle } from './lifecycle.ts'
import { db } from './tables.ts'

const { customers, customer_addresses } = db.tables

const { number: _, erased_at: __, ...shown } = customers.properties
export const Customer = Type.Object(shown)
export type Customer = Static<typeof Customer>

export const Address = Type.Object({
  ...customer_addresses.properties,
  name: Type.String({ description: 'First and last name in one.' }),
})
export type Address = Static<typeof Address>

const person = { first_name: Text(100), last_name: Text(100) }
const marketing = Type.Boolean({ description: 'Whether they want to hear of offers.' })

export const RegisterCustomer = Type.Object({
  email: Email,
  password: NewPassword,
  ...person,
  phone: Type.Optional(Nullable(Phone)),
  accepts_marketing: Type.Optional(marketing),
})
export type RegisterCustomer = Static<typeof RegisterCustomer>

export const CreateCustomer = Type.Object({
  email: Email,
  ...person,
  phone: Type.Optional(Nullable(Phone)),
  accepts_marketing: Type.Optional(marketing),
})
export type CreateCustomer = Static<typeof CreateCustomer>

const changes = {
  first_name: Type.Optional(person.first_name),
  last_name: Type.Optional(person.last_name),
  phone: Type.Optional(Nullable(Phone)),
  accepts_marketing: Type.Optional(marketing),
}
export const UpdateMe = Type.Object(changes)

export const UpdateCustomer = Type.Object({
  id: IdSchema('customer'),
  ...changes,
  email: Type.Optional(Email),
  status: Type.Optional(Type.Enum(['Active', 'Inactive', 'Suspended'])),
})
export type UpdateCustomer = Static<typeof UpdateCustomer>

export const ListCustomers = Type.Object({
  search: Type.Optional(
    Text(100, {
      description: 'Words of the name, the e-mail or the phone, the last one as far as typed.',
    }),
  ),
  email: Type.Optional(Email),
  status: Type.Optional(customerLifecycle.schema),
  group: Type.Optional(Text(50, { description: 'The id or the code of a group they are in.' })),
  accepts_marketing: Type.Optional(marketing),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
  city: Type.Optional(Text(100, { description: 'Of one of the addresses, whole, any case.' })),
  country_code: Type.Optional(
    Type.String({ pattern: '^[A-Za-z]{2}$', description: 'Of one of the addresses.' }),
  ),
  ...pageQuery,
})
export type ListCustomers = Static<typeof ListCustomers>

export const LoggedIn = Type.Object({ customer: Customer, tokens: TokenPair })
export type LoggedIn = Static<typeof LoggedIn>
export { LogIn }

/** ISO 3166-1, two letters, either case. */
const CountryCode = Type.String({ pattern: '^[A-Za-z]{2}$', examples: ['DE'] })
const PostalCode = Text(20)
/** Needed where the format of the country says so: `GET /countries/{code}/address-format`. */
const wherePosted = <T extends TSchema>(schema: T) =>
  Type.Optional(
    Nullable(Type.Unsafe<Static<T>>({ ...schema, description: 'As the country needs it.' })),
  )

export const newAddress = {
  ...person,
  company: Type.Optional(Nullable(Text(200))),
  address_line_1: Text(200),
  address_line_2: Type.Optional(Nullable(Text(200))),
  city: Text(100),
  province: wherePosted(Text(100)),
  country_code: CountryCode,
  postal_code: wherePosted(PostalCode),
  phone: Type.Optional(Nullable(Phone)),
  is_default_shipping: Type.Optional(Type.Boolean()),
  is_default_billing: Type.Optional(Type.Boolean()),
}
const NewAddress = Type.Object(newAddress)
export type NewAddress = Static<typeof NewAddress>

const ChangedAddress = Type.Partial(NewAddress)
export const changedAddress = ChangedAddress.properties
export type ChangedAddress = Static<typeof ChangedAddress>

/** A user and, unless staff asks for other roles, the customer they are. */
export const RegisterUser = Type.Object({
  email: Email,
  password: NewPassword,
  ...person,
  phone: Type.Optional(Nullable(Phone)),
  accepts_marketing: Type.Optional(marketing),
  roles: Type.Optional(
    Type.Array(RoleName, {
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      description: 'Needs `users:create` and `roles:assign`; `customer` unless said.',
    }),
  ),
  address_line1: Type.Optional(Text(200)),
  address_line2: Type.Optional(Nullable(Text(200))),
  city: Type.Optional(Text(100)),
  state: Type.Optional(Text(100)),
  postal_code: Type.Optional(PostalCode),
  country: Type.Optional(
    Text(100, { description: 'Two letters (ISO 3166-1) or an English name.' }),
  ),
})
export type RegisterUser = Static<typeof RegisterUser>
