import { type Static, Type } from 'typebox'
import { Currency, Money } from '#kit/money'
import { Instant, Nullable, Text } from '#kit/schemas'
import { Email } from '#modules/access'

/** What every request of a storefront caller may carry: the secret of their cart. */
const session_id = Type.Optional(Type.String({ minLength: 8, maxLength: 200 }))
const PublicId = Type.String({ maxLength: 200 })

export const Product = Type.Object({
  id: PublicId,
  sku: Type.String(),
  name: Type.String(),
  price: Money,
  currency: Currency,
  stock: Type.Integer({ minimum: 0 }),
})
export type Product = Static<typeof Product>
export const Products = Type.Object({
  items: Type.Array(Product),
  /** Whether there are more that match. */
  cut: Type.Boolean(),
})

const Decimal = Type.String({ pattern: '^\\d+(\\.\\d+)?$', maxLength: 60 })
export const SearchProducts = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 120 })),
  min_price: Type.Optional(Decimal),
  max_price: Type.Optional(Decimal),
  in_stock: Type.Optional(Type.Boolean()),
})
export type SearchProducts = Static<typeof SearchProducts>
export const GetProduct = Type.Object({ product_id: PublicId })

export const CreateProduct = Type.Object({
  sku: Text(40),
  name: Text(120),
  price: Decimal,
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  stock: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
})
export type CreateProduct = Static<typeof CreateProduct>

export const CartItem = Type.Object({
  product_id: PublicId,
  sku: Type.String(),
  name: Type.String(),
  quantity: Type.Integer(),
  unit_price: Money,
  line_total: Money,
})
export const Cart = Type.Object({
  items: Type.Array(CartItem),
  item_count: Type.Integer(),
  subtotal: Money,
  currency: Currency,
})
export type Cart = Static<typeof Cart>
export const OfCaller = Type.Object({ session_id })
export type OfCaller = Static<typeof OfCaller>
export const AddToCart = Type.Object({
  session_id,
  product_id: PublicId,
  quantity: Type.Integer({ minimum: 1, maximum: 100 }),
})
export type AddToCart = Static<typeof AddToCart>

export const CheckOut = Type.Object({ session_id, customer_email: Email })
export type CheckOut = Static<typeof CheckOut>

export const STATUSES = ['confirmed', 'paid', 'payment_failed', 'cancelled', 'refunded'] as const
export const Order = Type.Object({
  id: PublicId,
  created_at: Instant,
  customer_email: Type.String(),
  items: Type.Array(CartItem),
  total: Money,
  currency: Currency,
  status: Type.Enum([...STATUSES]),
})
export type Order = Static<typeof Order>
export const GetOrder = Type.Object({ order_id: PublicId })

export const Intent = Type.Object({
  id: PublicId,
  order_id: PublicId,
  amount: Money,
  currency: Currency,
  provider: Type.String(),
  status: Type.String(),
  client_secret: Type.String(),
  created_at: Instant,
  gateway_reference: Nullable(Type.String()),
})
export type Intent = Static<typeof Intent>
export const CreateIntent = Type.Object({ order_id: PublicId, provider: Text(40) })
export type CreateIntent = Static<typeof CreateIntent>
export const ConfirmIntent = Type.Object({
  intent_id: PublicId,
  gateway_reference: Nullable(Text(120)),
})
export type ConfirmIntent = Static<typeof ConfirmIntent>

export const PaymentEvent = Type.Object({
  event_type: Type.String({ maxLength: 80 }),
  payment_intent_id: PublicId,
  order_id: PublicId,
  status: Text(40),
})
export type PaymentEvent = Static<typeof PaymentEvent>
export const Acknowledged = Type.Object({
  accepted: Type.Boolean(),
  event_type: Type.String(),
  order_id: PublicId,
  order_status: Type.Enum([...STATUSES]),
})
