import {
  email,
  type Fields,
  optional,
  orNull,
  positiveDecimal,
  required,
  text,
  whole,
  yesOrNo,
} from './validation.ts'

/** One path of this face: what it reads, and the operation that answers it. */
export type Route = {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  operation: string
  query?: Fields
  body?: Fields
  /** A list of products: printed as an array, with a header when it is cut. */
  list?: true
  /** Which cart is meant is part of the question. */
  withCart?: true
}

/** A name of this face; what nobody was ever told is not found, so anything may be asked for. */
const name = text(0, 200)

/** Every path below `/api/v1/ecommerce`, with the limits of ecommerce-api.md, section 3. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/products', operation: 'listProducts', list: true },
  {
    method: 'GET',
    path: '/products/search',
    operation: 'searchProducts',
    list: true,
    query: {
      q: optional(text(0, 120)),
      min_price: optional(positiveDecimal),
      max_price: optional(positiveDecimal),
      in_stock: optional(yesOrNo),
    },
  },
  {
    method: 'POST',
    path: '/products',
    operation: 'createProduct',
    body: {
      sku: required(text(3, 40)),
      name: required(text(2, 120)),
      price: required(positiveDecimal),
      currency: optional(text(3, 3), 'USD'),
      stock: optional(whole({ min: 0, max: 1_000_000_000 }), 0),
    },
  },
  { method: 'POST', path: '/products/seed', operation: 'seedProducts', list: true },
  { method: 'GET', path: '/products/:product_id', operation: 'getProduct' },
  {
    method: 'POST',
    path: '/cart/items',
    operation: 'addToCart',
    withCart: true,
    body: {
      product_id: required(name),
      quantity: optional(whole({ min: 1, max: 100 }), 1),
    },
  },
  { method: 'GET', path: '/cart', operation: 'getCart', withCart: true },
  { method: 'DELETE', path: '/cart', operation: 'clearCart', withCart: true },
  {
    method: 'POST',
    path: '/checkout',
    operation: 'checkOut',
    withCart: true,
    body: { customer_email: required(email) },
  },
  { method: 'GET', path: '/orders/:order_id', operation: 'getOrder' },
  {
    method: 'POST',
    path: '/payments/intents',
    operation: 'createIntent',
    body: { order_id: required(name), provider: optional(text(3, 40), 'mockpay') },
  },
  {
    method: 'POST',
    path: '/payments/intents/:intent_id/confirm',
    operation: 'confirmIntent',
    body: { gateway_reference: optional(orNull(text(0, 120)), null) },
  },
]

/** What a provider's event says; `signature` is looked at before. */
export const eventFields: Fields = {
  event_type: required(text(5, 80)),
  payment_intent_id: required(name),
  order_id: required(name),
  status: required(text(2, 40)),
  signature: optional(orNull(text(0, 500))),
}
