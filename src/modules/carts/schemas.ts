import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { Email } from '#modules/access'
import { GiftCardRecipient, RecipientInput } from '#modules/credit'
import { TAX_REASONS } from '#modules/pricing'
import { CHANNELS } from './channel-names.ts'
import { cartLifecycle } from './lifecycle.ts'
import { CODES_MAX, LINES_MAX, QUANTITY_MAX, SESSION_MIN } from './limits.ts'
import { Destination, Metadata } from './tables.ts'

const SessionId = Type.String({
  minLength: SESSION_MIN,
  maxLength: 200,
  pattern: '^[\\x21-\\x7e]+$',
  description: "A guest's secret. It may be sent as the header `X-Cart-Session` instead.",
})
const session_id = Type.Optional(SessionId)
const Quantity = Type.Integer({ minimum: 1, maximum: QUANTITY_MAX })

const totals = {
  subtotal: Money,
  discount_total: Money,
  shipping_total: Money,
  tax_total: Money,
  total: Money,
}

/** A cart in a list: amounts are those of its last change. */
export const CartSummary = Type.Object({
  id: IdSchema('cart'),
  customer_id: Nullable(IdSchema('customer')),
  channel: Nullable(
    Type.Enum([...CHANNELS], {
      description: 'The storefront it is filled in, which has taxes and shipping of its own.',
    }),
  ),
  email: Nullable(Type.String()),
  currency: Currency,
  status: cartLifecycle.schema,
  ...totals,
  item_count: Type.Integer({ description: 'Lines.' }),
  unit_count: Type.Integer({ description: 'Units on all lines.' }),
  order_id: Nullable(IdSchema('order')),
  merged_into: Nullable(IdSchema('cart')),
  version: Type.Integer(),
  expires_at: Instant,
  created_at: Instant,
  updated_at: Instant,
})
export type CartSummary = Static<typeof CartSummary>

/** Why a line's price is what it is. */
export const PRICE_SOURCES = ['regular', 'quantity_break', 'sale'] as const

export const CartItem = Type.Object({
  id: IdSchema('cart_line'),
  variant_id: IdSchema('variant'),
  product_id: Nullable(IdSchema('product')),
  sku: Nullable(Type.String()),
  name: Nullable(Type.String()),
  image_url: Nullable(Type.String()),
  quantity: Type.Integer(),
  unit_price: Money,
  regular_price: Money,
  price_source: Type.Enum([...PRICE_SOURCES]),
  line_total: Type.String({ description: 'Units times unit price, before discounts.' }),
  discount_total: Money,
  net_total: Type.String({ description: 'After discounts, without tax.' }),
  tax_total: Money,
  gross_total: Type.String({ description: 'After discounts, with tax: what is paid for it.' }),
  available_quantity: Nullable(Type.Integer({ description: 'Null where stock is not tracked.' })),
  is_available: Type.Boolean({ description: 'Whether it can be ordered as it stands.' }),
  gift_card_recipient: Nullable(GiftCardRecipient),
  metadata: Nullable(Metadata),
  created_at: Instant,
  updated_at: Instant,
})
export type CartItem = Static<typeof CartItem>

export const NOTICES = [
  'out_of_stock',
  'insufficient_stock',
  'quantity_lowered',
  'price_changed',
  'not_sold',
  'no_price',
  'no_shipping_method',
  'shipping_method_gone',
] as const

const Notice = Type.Object({
  code: Type.Enum([...NOTICES]),
  item_id: Nullable(IdSchema('cart_line')),
  sku: Nullable(Type.String()),
  message: Type.String(),
  requested: Nullable(Type.Integer()),
  available: Nullable(Type.Integer()),
  old_price: Nullable(Money),
  new_price: Nullable(Money),
})
export type Notice = Static<typeof Notice>

const Adjustment = Type.Object({
  code: Nullable(Type.String({ description: 'The coupon code; null for what applies by itself.' })),
  label: Nullable(Type.String()),
  applied: Type.Boolean(),
  amount: Type.String({ description: 'What it takes off.' }),
  reason: Nullable(Type.String({ description: 'Why it does not apply, in one word.' })),
  explanation: Type.String(),
})
export type Adjustment = Static<typeof Adjustment>

const CartTax = Type.Object({
  name: Type.String(),
  jurisdiction: Type.String(),
  rate: Type.String({ description: 'A share: 0.08 is 8 %.' }),
  reason: Type.Enum([...TAX_REASONS]),
  taxable_amount: Money,
  amount: Money,
})
export type CartTax = Static<typeof CartTax>

const ShippingOption = Type.Object({
  id: Type.String(),
  code: Type.String(),
  name: Type.String(),
  amount: Money,
  estimated_days_min: Nullable(Type.Integer()),
  estimated_days_max: Nullable(Type.Integer()),
})
export type ShippingOption = Static<typeof ShippingOption>

const told = {
  ...CartSummary.properties,
  session_id: Nullable(
    Type.String({ description: "A guest's secret: told once, by the call that opens the cart." }),
  ),
  estimated: Type.Boolean({
    description: 'No address or shipping method yet: tax and shipping are a guess.',
  }),
  ready: Type.Boolean({ description: 'Nothing stands in the way of a checkout.' }),
  prices_include_tax: Type.Boolean(),
  coupon_codes: Type.Array(Type.String()),
  adjustments: Type.Array(Adjustment),
  taxes: Type.Array(CartTax),
  shipping_address: Nullable(Destination),
  shipping_method: Nullable(ShippingOption),
  shipping_options: Type.Array(ShippingOption),
  notices: Type.Array(Notice),
  metadata: Nullable(Metadata),
}

/** A cart as changes of it answer. */
export const Cart = Type.Object({ ...told, items: Type.Array(CartItem) })
export type Cart = Static<typeof Cart>
/** A cart as it is read: the published shape keeps the items beside it. */
export const CartWithItems = Type.Object({
  cart: Type.Object(told),
  items: Type.Array(CartItem),
  version: Type.Integer(),
})
export type CartWithItems = Static<typeof CartWithItems>
export const Carts = PageOf(CartSummary)
export const Cleared = Type.Object({ message: Type.String(), cart: Cart })
export type Cleared = Static<typeof Cleared>

const recipient = Type.Optional(Nullable(RecipientInput))
const Ref = Text(100, { description: "A variant's or product's id, or a SKU in any case." })
const price = Type.Optional(
  Nullable(
    Type.Unsafe<string | number>({
      ...MoneyInput,
      description: 'What the buyer was shown. Never charged: another one is told as a notice.',
    }),
  ),
)
const wanted = {
  variant_id: Type.Optional(Nullable(Ref)),
  product_id: Type.Optional(Nullable(Ref)),
  sku: Type.Optional(Nullable(Ref)),
  quantity: Quantity,
  price,
  unit_price: price,
  name: Type.Optional(Nullable(Text(300, { description: 'Not used: the catalogue names it.' }))),
  gift_card_recipient: recipient,
  metadata: Type.Optional(Nullable(Metadata)),
}
const NewItem = Type.Object(wanted)
export type NewItem = Static<typeof NewItem>

const id = IdSchema('cart')
const Code = Text(64)

export const ListCarts = Type.Object({
  ...pageQuery,
  session_id,
  status: Type.Optional(cartLifecycle.schema),
  customer_id: Type.Optional(
    Type.Unsafe<Static<typeof CartSummary>['id']>({
      ...IdSchema('customer'),
      description: 'For staff; everyone else sees their own.',
    }),
  ),
})
export type ListCarts = Static<typeof ListCarts>

export const CreateCart = Type.Object({
  session_id,
  customer_id: Type.Optional(Nullable(IdSchema('customer'))),
  currency: Type.Optional(Nullable(CurrencyInput)),
  email: Type.Optional(Nullable(Email)),
  items: Type.Optional(Type.Array(NewItem, { maxItems: LINES_MAX })),
  coupon_codes: Type.Optional(Type.Array(Code, { maxItems: CODES_MAX })),
  shipping_address: Type.Optional(Nullable(Destination)),
  metadata: Type.Optional(Nullable(Metadata)),
})
export type CreateCart = Static<typeof CreateCart>

export const GetCart = Type.Object({ id, session_id })
export type GetCart = Static<typeof GetCart>

export const UpdateCart = Type.Object({
  id,
  session_id,
  currency: Type.Optional(CurrencyInput),
  email: Type.Optional(Nullable(Email)),
  metadata: Type.Optional(Nullable(Metadata)),
})
export type UpdateCart = Static<typeof UpdateCart>

export const AddItem = Type.Object({ id, session_id, ...wanted })
export type AddItem = Static<typeof AddItem>

const item_id = IdSchema('cart_line')
export const SetItem = Type.Object({
  id,
  session_id,
  item_id,
  quantity: Type.Integer({ minimum: 0, maximum: QUANTITY_MAX, description: '0 takes it out.' }),
  gift_card_recipient: recipient,
})
export type SetItem = Static<typeof SetItem>
export const RemoveItem = Type.Object({ id, session_id, item_id })
export type RemoveItem = Static<typeof RemoveItem>

export const AddCoupon = Type.Object({ id, session_id, code: Code })
export type AddCoupon = Static<typeof AddCoupon>

export const SetShippingAddress = Type.Object({ id, session_id, ...Destination.properties })
export type SetShippingAddress = Static<typeof SetShippingAddress>

export const SetShippingMethod = Type.Object({
  id,
  session_id,
  method: Nullable(Text(100, { description: 'Its code or id; null for none.' })),
})
export type SetShippingMethod = Static<typeof SetShippingMethod>

export const MergeCarts = Type.Object({
  id: Type.Optional(
    Type.Unsafe<Static<typeof id>>({
      ...id,
      description: 'The cart of yours to merge into; your newest unless said.',
    }),
  ),
  session_id,
})
export type MergeCarts = Static<typeof MergeCarts>
