import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money } from '#kit/money'
import { Nullable } from '#kit/schemas'

// What tools tell: the members of operations' answers that an assistant has a use for.

export const idempotency_key = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 255,
    description: 'Any text of your own; the same call with it again changes nothing more.',
  }),
)
export const session_id = Type.Optional(
  Type.String({ minLength: 16, maxLength: 200, description: 'Of a cart without a login.' }),
)
export const page = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 10 })),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'next_cursor from before.' })),
}
export const listOf = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    total: Type.Integer(),
    next_cursor: Nullable(Type.String()),
  })

const Variant = Type.Object({
  id: Type.String(),
  sku: Type.String(),
  name: Type.String(),
  price: Money,
  currency: Currency,
  options: Type.Record(Type.String(), Type.String()),
  in_stock: Type.Boolean(),
  available_quantity: Nullable(Type.Integer()),
})
export const Product = Type.Object({
  id: Type.String(),
  sku: Type.String(),
  name: Type.String(),
  description: Nullable(Type.String()),
  brand: Nullable(Type.String()),
  price: Money,
  currency: Currency,
  image_url: Nullable(Type.String()),
  in_stock: Type.Boolean(),
  variants: Type.Array(Variant),
})
export const Recommended = Type.Object({
  products: Type.Array(
    Type.Object({ ...Product.properties, reason: Type.String(), explanation: Type.String() }),
  ),
  total: Type.Integer(),
})

const totals = {
  subtotal: Money,
  discount_total: Money,
  shipping_total: Money,
  tax_total: Money,
  total: Money,
  currency: Currency,
}
const CartItem = Type.Object({
  id: Type.String(),
  variant_id: Type.String(),
  sku: Nullable(Type.String()),
  name: Nullable(Type.String()),
  quantity: Type.Integer(),
  unit_price: Money,
  line_total: Money,
  is_available: Type.Boolean(),
})
export const Cart = Type.Object({
  id: Type.String(),
  status: Type.String(),
  session_id: Type.Optional(
    Nullable(Type.String({ description: 'Told once: keep it, a cart without a login needs it.' })),
  ),
  ...totals,
  estimated: Type.Boolean({ description: 'Tax and shipping are a guess as yet.' }),
  items: Type.Array(CartItem),
  shipping_options: Type.Array(
    Type.Object({ code: Type.String(), name: Type.String(), amount: Money }),
  ),
  notices: Type.Array(Type.Object({ code: Type.String(), message: Type.String() })),
})

export const Checkout = Type.Object({
  id: Type.String(),
  cart_id: Type.String(),
  status: Type.String(),
  step: Type.String({ description: 'What is missing first, or Payment.' }),
  ...totals,
  shipping_options: Type.Array(
    Type.Object({ code: Type.String(), name: Type.String(), amount: Money }),
  ),
  expires_at: Type.String(),
})
export const Completed = Type.Object({
  order_id: Type.String(),
  order_number: Type.String(),
  total: Money,
  currency: Currency,
  payment: Nullable(
    Type.Object({
      status: Type.String(),
      next_action: Nullable(Type.Object({ type: Type.String(), url: Type.String() })),
    }),
  ),
})

const OrderItem = Type.Object({
  id: Type.String(),
  sku: Type.String(),
  quantity: Type.Integer(),
  fulfilled_quantity: Type.Integer(),
  returned_quantity: Type.Integer(),
  unit_price: Money,
})
const order = {
  id: Type.String(),
  order_number: Type.String(),
  status: Type.String(),
  status_reason: Nullable(Type.String()),
  payment_status: Type.String(),
  fulfillment_status: Type.String(),
  return_status: Type.String(),
  order_date: Type.String(),
  total_amount: Money,
  currency: Currency,
}
export const OrderSummary = Type.Object({ ...order, customer_id: Type.String() })
export const Order = Type.Object({ ...order, items: Type.Array(OrderItem) })

export const Return = Type.Object({
  id: Type.String(),
  rma_number: Type.String(),
  order_id: Type.String(),
  status: Type.String(),
  preferred_resolution: Type.String(),
  refund_status: Type.String(),
  refund_amount: Money,
  currency: Currency,
  items: Type.Array(
    Type.Object({ order_item_id: Type.String(), sku: Type.String(), quantity: Type.Integer() }),
  ),
})

export const Shipment = Type.Object({
  id: Type.String(),
  number: Type.String(),
  order_id: Type.String(),
  status: Type.String(),
  carrier: Nullable(Type.String()),
  tracking_number: Nullable(Type.String()),
  tracking_url: Nullable(Type.String()),
  estimated_delivery: Nullable(Type.String()),
  shipped_at: Nullable(Type.String()),
  delivered_at: Nullable(Type.String()),
  exception: Nullable(Type.String({ description: 'What is wrong, while it has failed.' })),
})

const Quantities = Type.Object({
  on_hand: Type.String(),
  allocated: Type.String(),
  available: Type.String(),
})
export const Stock = Type.Object({
  id: Type.String(),
  item_number: Type.String({ description: 'The SKU.' }),
  reorder_point: Nullable(Type.Integer()),
  backordered: Type.Integer(),
  quantities: Quantities,
  locations: Type.Array(Type.Object({ location_name: Type.String(), quantities: Quantities })),
})

const Hold = Type.Object({
  code: Type.String(),
  note: Nullable(Type.String()),
  held_by: Type.String(),
  held_at: Type.String(),
})
export const Holds = Type.Object({
  is_on_hold: Type.Boolean(),
  returns_to: Nullable(Type.String({ description: 'Its state once nothing holds it.' })),
  open: Type.Array(Hold),
})

export const CartId = IdSchema('cart')
export const CheckoutId = IdSchema('checkout')
