import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { ADDS, DESTROYS, READS, SETS, tool } from '../tool.ts'
import * as told from './shapes.ts'

const { idempotency_key, session_id, page } = told
const text = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description && { description }) })
const Quantity = Type.Integer({ minimum: 1, maximum: 10_000 })
const Ref = text(100, 'SKU, or id of a product or variant.')

const Address = Type.Object({
  first_name: text(100),
  last_name: text(100),
  address_line_1: text(200),
  address_line_2: Type.Optional(text(200)),
  city: text(100),
  province: Type.Optional(text(100, 'State or province, such as ME.')),
  postal_code: text(20),
  country_code: Type.String({ pattern: '^[A-Za-z]{2}$' }),
  phone: Type.Optional(text(40)),
})

/** A SKU or an id, as the operations of carts ask for either. */
const named = (product: string) => ({ sku: product })

const products = [
  tool({
    name: 'search_products',
    title: 'Search products',
    description: 'Finds products on sale by words; without words, the newest.',
    operations: ['catalogue.search_products'],
    input: Type.Object({ query: Type.Optional(text(200)), ...page }),
    output: told.listOf(told.Product),
    annotations: READS,
    run: ({ ask }, { query: search, limit = 10, cursor }) =>
      ask('catalogue.search_products', { search, limit, cursor }),
  }),
  tool({
    name: 'get_product',
    title: 'Read a product',
    description: 'One product with its variants, prices and stock.',
    operations: ['catalogue.get_product'],
    input: Type.Object({ product: Ref }),
    output: told.Product,
    annotations: READS,
    run: ({ ask }, { product: id }) => ask('catalogue.get_product', { id }),
  }),
  tool({
    name: 'recommend_products',
    title: 'Recommend products',
    description: 'What goes with products or a cart, or is bought often; each with its reason.',
    operations: ['agents.recommend'],
    input: Type.Object({
      product_ids: Type.Optional(Type.Array(IdSchema('product'), { maxItems: 20 })),
      cart_id: Type.Optional(told.CartId),
      limit: page.limit,
    }),
    output: told.Recommended,
    annotations: READS,
    run: ({ ask }, { product_ids: product_id, cart_id, limit: per_page = 10 }) =>
      ask('agents.recommend', { product_id, cart_id, per_page }),
  }),
]

const cart = { cart_id: told.CartId, session_id, idempotency_key }
const carts = [
  tool({
    name: 'open_cart',
    title: 'Open a cart',
    description: 'A new cart, with items if they are named.',
    operations: ['carts.create'],
    input: Type.Object({
      items: Type.Optional(
        Type.Array(Type.Object({ product: Ref, quantity: Quantity }), { maxItems: 100 }),
      ),
      currency: Type.Optional(Type.String({ pattern: '^[A-Za-z]{3}$' })),
      idempotency_key,
    }),
    output: told.Cart,
    annotations: ADDS,
    run: ({ ask }, { items = [], currency }) =>
      ask('carts.create', {
        items: items.map(({ product, quantity }) => ({ ...named(product), quantity })),
        currency,
      }),
  }),
  tool({
    name: 'get_cart',
    title: 'Read a cart',
    description: 'What is in a cart and what it comes to now.',
    operations: ['carts.get'],
    input: Type.Object({ cart_id: told.CartId, session_id }),
    output: told.Cart,
    annotations: READS,
    async run({ ask }, { cart_id: id, session_id }) {
      const { cart, items } = (await ask('carts.get', { id, session_id })) as {
        cart: object
        items: object[]
      }
      return { ...cart, items }
    },
  }),
  tool({
    name: 'put_in_cart',
    title: 'Put into a cart',
    description: 'Adds units of a product to a cart; more than is in stock is refused.',
    operations: ['carts.add_item'],
    input: Type.Object({ ...cart, product: Ref, quantity: Quantity }),
    output: told.Cart,
    annotations: ADDS,
    run: ({ ask }, { cart_id: id, session_id, product, quantity }) =>
      ask('carts.add_item', { id, session_id, ...named(product), quantity }),
  }),
  tool({
    name: 'set_cart_item',
    title: 'Change an item of a cart',
    description: 'Sets how many units of an item a cart has; 0 takes it out.',
    operations: ['carts.set_item'],
    input: Type.Object({
      ...cart,
      item_id: IdSchema('cart_line'),
      quantity: Type.Integer({ minimum: 0, maximum: 10_000 }),
    }),
    output: told.Cart,
    annotations: SETS,
    run: ({ ask }, { cart_id: id, session_id, item_id, quantity }) =>
      ask('carts.set_item', { id, session_id, item_id, quantity }),
  }),
]

const checkouts = [
  tool({
    name: 'start_checkout',
    title: 'Check a cart out',
    description: 'Holds what is in a cart and says what is missing. Charges nothing.',
    operations: ['checkout.start'],
    input: Type.Object({
      ...cart,
      email: Type.Optional(Type.String({ format: 'email', maxLength: 254 })),
      shipping_address: Type.Optional(Address),
      shipping_method: Type.Optional(text(100, 'The code of a shipping option.')),
    }),
    output: told.Checkout,
    annotations: SETS,
    run: ({ ask }, { idempotency_key: _, ...input }) => ask('checkout.start', input),
  }),
  tool({
    name: 'complete_checkout',
    title: 'Pay and order',
    description: 'Places the order and charges the payment token. Ask the buyer before.',
    operations: ['checkout.complete'],
    input: Type.Object({
      checkout_id: told.CheckoutId,
      session_id,
      payment_method: text(40, 'Such as CreditCard or PayPal.'),
      payment_token: text(255, 'A token of the payment provider, never a card number.'),
      expected_total: text(40, 'The total that the buyer has seen; another one is refused.'),
      idempotency_key,
    }),
    output: told.Completed,
    annotations: DESTROYS,
    run: ({ ask }, { checkout_id: id, idempotency_key: _, ...input }) =>
      ask('checkout.complete', { id, ...input }),
  }),
]

const orders = [
  tool({
    name: 'get_order',
    title: 'Read an order',
    description: 'Where an order stands: state, payment, what was sent. Customers see their own.',
    operations: ['orders.get'],
    input: Type.Object({ order: text(64, 'Id or number, such as ORD-1000001.') }),
    output: told.Order,
    annotations: READS,
    run: ({ ask }, { order: id }) => ask('orders.get', { id }),
  }),
  tool({
    name: 'request_return',
    title: 'Ask to send goods back',
    description: 'Asks for a return of an order, or of some of its items. Staff decides.',
    operations: ['returns.create'],
    input: Type.Object({
      order: text(64, 'Id or number of the order.'),
      reason: text(500),
      items: Type.Optional(
        Type.Array(Type.Object({ order_item_id: IdSchema('order_line'), quantity: Quantity }), {
          minItems: 1,
          maxItems: 100,
          description: 'Without it, all that can come back.',
        }),
      ),
      idempotency_key,
    }),
    output: told.Return,
    annotations: ADDS,
    run: ({ ask }, { order: order_id, reason, items }) =>
      ask('returns.create', { order_id, reason, items }),
  }),
]

/** What shoppers, and assistants for them, do here. */
export const shopperTools = [...products, ...carts, ...checkouts, ...orders]
