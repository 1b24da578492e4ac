import { type Static, type TSchema, Type } from 'typebox'
import { checker } from '#kit/checker'
import { UcpFault } from './fault.ts'

// What platforms send. Members that are not named here are allowed and not read.

const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
const or = <T extends TSchema>(schema: T) => Type.Optional(schema)

const Postal = {
  first_name: text(100),
  last_name: text(100),
  street_address: text(200),
  extended_address: text(200),
  address_locality: text(100),
  address_region: text(100),
  address_country: text(2),
  postal_code: text(20),
  phone_number: text(40),
}
const Buyer = Type.Object({
  first_name: text(100),
  last_name: text(100),
  email: text(254),
  phone_number: text(40),
})
const Context = Type.Object({
  address_country: text(2),
  address_region: text(100),
  postal_code: text(20),
  currency: or(Type.String({ pattern: '^[A-Za-z]{3}$' })),
  language: text(35),
})
const LineItem = Type.Object({
  item: Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) }),
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
})
const Lines = Type.Array(LineItem, { minItems: 1, maxItems: 500 })
const Discounts = Type.Object({
  codes: or(Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 10 })),
})
const Destination = Type.Object({ id: text(100), ...Postal })
export type Destination = Static<typeof Destination>
const Id = Type.Union([Type.String({ maxLength: 200 }), Type.Null()])
const Method = Type.Object({
  id: text(100),
  type: text(20),
  line_item_ids: or(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 500 })),
  destinations: or(Type.Array(Destination, { maxItems: 20 })),
  selected_destination_id: or(Id),
  groups: or(
    Type.Array(Type.Object({ id: text(100), selected_option_id: or(Id) }), { maxItems: 20 }),
  ),
})
export type Method = Static<typeof Method>
const Instrument = Type.Object({
  id: text(200),
  handler_id: text(200),
  type: text(100),
  selected: or(Type.Boolean()),
  credential: or(Type.Object({ type: text(100), token: text(255) })),
  billing_address: or(Type.Object(Postal)),
})
const Payment = Type.Object({ instruments: or(Type.Array(Instrument, { maxItems: 20 })) })
export type Payment = Static<typeof Payment>

const Checkout = Type.Object({
  line_items: or(Lines),
  cart_id: text(300),
  buyer: or(Buyer),
  context: or(Context),
  fulfillment: or(Type.Object({ methods: or(Type.Array(Method, { maxItems: 10 })) })),
  discounts: or(Discounts),
  attribution: or(
    Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 500 }), {
      maxProperties: 20,
    }),
  ),
})
export type Checkout = Static<typeof Checkout>

const Complete = Type.Object({ payment: Payment })
export type Complete = Static<typeof Complete>

const Cart = Type.Object({
  line_items: Lines,
  context: or(Context),
  buyer: or(Buyer),
  discounts: or(Discounts),
})
export type Cart = Static<typeof Cart>

const Filters = Type.Object({
  categories: or(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 20 })),
  price: or(
    Type.Object({
      min: or(Type.Integer({ minimum: 0, maximum: 1e13 })),
      max: or(Type.Integer({ minimum: 0, maximum: 1e13 })),
    }),
  ),
})
const Search = Type.Object({
  query: text(200),
  context: or(Context),
  filters: or(Filters),
  pagination: or(
    Type.Object({ cursor: text(500), limit: or(Type.Integer({ minimum: 1, maximum: 1_000 })) }),
  ),
})
export type Search = Static<typeof Search>
const Lookup = Type.Object({
  ids: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 50 }),
})
export type Lookup = Static<typeof Lookup>
const ProductRequest = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 100 }),
  selected: or(
    Type.Array(
      Type.Object({
        name: Type.String({ maxLength: 100 }),
        label: Type.String({ maxLength: 200 }),
      }),
      { maxItems: 20 },
    ),
  ),
})
export type ProductRequest = Static<typeof ProductRequest>

/** Reads a body; throws a fault that names the first member which is not as the protocol has it. */
function reader<T extends TSchema>(schema: T): (body: unknown) => Static<T> {
  const check = checker(schema)
  return (body) => {
    if (check.Check(body)) return body
    const [first] = check.Errors(body)
    const at = first?.instancePath.split('/').slice(1).join('.')
    const content = `${at || 'body'}: ${first?.message ?? 'is not as the protocol has it'}`
    throw new UcpFault(400, 'invalid_request', content)
  }
}

export const readCheckout = reader(Checkout)
export const readComplete = reader(Complete)
export const readCart = reader(Cart)
export const readSearch = reader(Search)
export const readLookup = reader(Lookup)
export const readProductRequest = reader(ProductRequest)
