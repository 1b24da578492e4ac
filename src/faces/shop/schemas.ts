import { Type } from 'typebox'
import { Nullable, Text } from '#kit/schemas'
import { CartMetadata } from '#modules/carts'

// The bodies of this face, as its document shows them. Money in carts is a number with cents, and
// whole minor units wherever Stripe is spoken of.

const Money = Type.Number()
const Metadata = Type.Record(Type.String(), Type.Unknown())

const Item = Type.Object({
  item_id: Type.String(),
  product_id: Nullable(Type.String()),
  variant_id: Type.String(),
  name: Nullable(Type.String()),
  price: Money,
  quantity: Type.Integer(),
  image_url: Nullable(Type.String()),
  metadata: Metadata,
})

/** The document's cart, with `item_id`, which its examples lack, and `discount`. */
export const ShopCart = Type.Object({
  cart_id: Type.String(),
  user_id: Nullable(Type.String()),
  session_id: Nullable(Type.String()),
  items: Type.Array(Item),
  subtotal: Money,
  discount: Money,
  tax: Money,
  shipping: Money,
  total: Money,
  currency: Type.String(),
  created_at: Type.String(),
  updated_at: Type.String(),
})

const changed = { success: Type.Literal(true), cart: ShopCart }
const ofItem = { product_id: Nullable(Type.String()), quantity: Type.Integer() }
export const Added = Type.Object({
  ...changed,
  added_item: Type.Object({ item_id: Type.String(), ...ofItem, price: Money }),
})
export const Updated = Type.Object({
  ...changed,
  updated_item: Type.Object({ item_id: Type.String(), ...ofItem }),
})
export const Removed = Type.Object({ ...changed, removed_item_id: Type.String() })
export const Cleared = Type.Object({ ...changed, message: Type.String() })

/** A guest's secret: they may choose it themselves, so it is theirs to make it hard to guess. */
export const session_id = Type.Optional(
  Type.String({ minLength: 8, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' }),
)
const Name = Text(200)
const Quantity = (minimum: number) => Type.Integer({ minimum, maximum: 1_000_000 })

export const CartQuestion = Type.Object({ session_id })
export const AddItem = Type.Object({
  session_id,
  product_id: Name,
  variant_id: Type.Optional(Nullable(Name)),
  quantity: Type.Optional(Quantity(1)),
  metadata: Type.Optional(Nullable(CartMetadata)),
})
export const ItemQuestion = Type.Object({ session_id, item_id: Name })
export const SetItem = Type.Object({ session_id, item_id: Name, quantity: Quantity(0) })

const Url = Type.String({ minLength: 8, maxLength: 2000, pattern: '^https?://[\\x21-\\x7e]+$' })
/** Anything short that a client keeps beside a session; kept and told back as text. */
const Kept = Type.Record(
  Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,40}$' }),
  Type.Union([Type.String({ maxLength: 500 }), Type.Number(), Type.Boolean()]),
  { maxProperties: 20 },
)
const Address = Type.Object({
  first_name: Text(100),
  last_name: Text(100),
  address_1: Text(200),
  address_2: Type.Optional(Nullable(Text(200))),
  city: Text(100),
  state: Text(100),
  postcode: Text(20),
  country: Type.String({ pattern: '^[A-Za-z]{2}$' }),
  phone: Type.Optional(Nullable(Text(40))),
})

const buyer = {
  session_id,
  customer_email: Type.Optional(Nullable(Text(254))),
  shipping: Type.Optional(Nullable(Address)),
  metadata: Type.Optional(Nullable(Kept)),
}
export const OpenSession = Type.Object({
  ...buyer,
  mode: Type.Enum(['embedded', 'redirect']),
  success_url: Url,
  cancel_url: Type.Optional(Nullable(Url)),
})
export const OpenIntent = Type.Object({
  ...buyer,
  amount: Type.Integer({ minimum: 1, description: 'Minor units.' }),
  currency: Type.String({ pattern: '^[A-Za-z]{3}$' }),
  payment_method_types: Type.Optional(
    Type.Array(Text(50), { minItems: 1, maxItems: 10, uniqueItems: true }),
  ),
})
export const SessionQuestion = Type.Object({ session_id, checkout_session_id: Text(255) })

/** How a session stands; `customer_email`, `order_id` are null until they are known. */
export const SessionStatus = Type.Object({
  session_id: Type.String(),
  status: Type.Enum(['open', 'complete', 'expired']),
  payment_status: Type.Enum(['paid', 'unpaid', 'no_payment_required']),
  amount_total: Type.Integer(),
  currency: Type.String(),
  customer_email: Nullable(Type.String()),
  order_id: Nullable(Type.String()),
  order_number: Nullable(Type.String()),
  metadata: Type.Record(Type.String(), Type.String()),
})

const opened = { session_id: Type.String(), expires_at: Type.String() }
/** What is told of a session by the call that opens it: at the provider, or within a page. */
export const OpenedSession = Type.Union([
  Type.Object({ ...opened, url: Type.String() }),
  Type.Object({ ...opened, client_secret: Type.String(), publishable_key: Type.String() }),
])
export const OpenedIntent = Type.Object({
  payment_intent_id: Type.String(),
  client_secret: Type.String(),
  amount: Type.Integer({ description: 'Minor units.' }),
  currency: Type.String(),
  status: Type.Enum(['requires_payment_method', 'succeeded']),
})
export const Tokens = Type.Object({
  access_token: Type.String(),
  refresh_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds.' }),
})
