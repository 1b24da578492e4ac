import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import {
  asking,
  goOn,
  newShopper,
  providerOf,
  SESSION,
} from '../../src/faces/shop/tests/shopping.ts'
import { agentBuyers } from './agent-buyers.ts'
import { type Buy, decimal, made, SKU } from './stage.ts'

const HOME = {
  first_name: 'Ada',
  last_name: 'Brook',
  address_line_1: '12 Harbour Street',
  city: 'Portland',
  province: 'ME',
  postal_code: '04101',
  country_code: 'US',
}
const CARD = { payment_method: 'CreditCard', payment_token: 'pm_test_success' }
const WOO_BILLING = {
  first_name: 'Bo',
  last_name: 'Lee',
  email: 'bo@example.com',
  address_1: '5 Low Road',
  city: 'Bangor',
  state: 'ME',
  postcode: '04401',
  country: 'US',
}

/** Through each face somebody buys, as its clients do, and pays. */
export const buyers: Record<string, Buy> = {
  ...agentBuyers,

  async canonical({ house }) {
    const { data: customer } = await house.ask('POST /api/v1/customers', {
      email: 'canonical@example.com',
      first_name: 'Cy',
      last_name: 'Non',
    })
    const items = [{ sku: SKU, quantity: 1 }]
    const order = { customer_id: customer.id, items }
    const { id, total_amount } = made(await house.send('POST /api/v1/orders', { body: order })).data
    const payment = {
      order_id: id,
      amount: total_amount,
      currency: 'USD',
      payment_method: 'credit_card',
      payment_method_id: 'pm_test_success',
    }
    made(await house.send('POST /api/v1/payments', { body: payment }))
    return { order_id: id, total: total_amount, units: 1 }
  },

  async ecommerce({ house, product_id }) {
    const ask = (route: string, body: object) =>
      house.send(route.replace(' ', ' /api/v1/ecommerce'), { body })
    made(await ask('POST /cart/items', { product_id, quantity: 2 }))
    const order = made(await ask('POST /checkout', { customer_email: 'rk@example.com' }))
    const intent = made(await ask('POST /payments/intents', { order_id: order.id }))
    made(await ask(`POST /payments/intents/${intent.id}/confirm`, {}))
    const named = { face: 'ecommerce', kind: 'order', public_ids: [order.id] }
    const { data } = await house.ask('POST /api/v1/external-ids/resolve', named)
    return { order_id: data.items[0].entity_id, total: order.total, units: 2 }
  },

  async shop({ house }) {
    const ada = asking(house, await newShopper(house, 'shop@example.com'))
    const { cart } = made(await ada('POST /api/cart/items', { product_id: SKU, quantity: 3 }))
    const { session_id } = made(await ada('POST /api/checkout/session', SESSION))
    await providerOf(house).completeHosted(session_id, 'paid')
    await goOn(house)
    const session = made(await ada(`GET /api/checkout/session/${session_id}`))
    assert.equal(session.amount_total, Math.round(cart.total * 100))
    const named = { face: 'shop', kind: 'order', public_ids: [session.order_id] }
    const { data } = await house.ask('POST /api/v1/external-ids/resolve', named)
    const order_id = data.items[0].entity_id
    return { order_id, total: decimal(session.amount_total), units: 3 }
  },

  async checkout({ house }) {
    const cart = made(
      await house.send('POST /api/v1/carts', {
        as: 'nobody',
        body: { items: [{ sku: SKU, quantity: 1 }] },
      }),
    ).data
    const mine = { as: 'nobody' as const, headers: { 'x-cart-session': cart.session_id } }
    const started = { cart_id: cart.id, email: 'guest@example.com', shipping_address: HOME }
    const body = { ...started, shipping_method: 'Standard' }
    const checkout = made(await house.send('POST /api/v1/checkout', { body, ...mine })).data
    const done = made(
      await house.send(`POST /api/v1/checkout/${checkout.id}/complete`, { body: CARD, ...mine }),
    ).data
    assert.equal(done.total, checkout.total)
    return { order_id: done.order_id, total: done.total, units: 1 }
  },

  async woocommerce(stage) {
    const { woo, kit, house } = stage
    await kit.drain()
    const product_id = [...woo.books.products.keys()][0]
    const total = '165.00'
    const there = woo.books.createOrder({
      set_paid: true,
      currency: 'USD',
      billing: WOO_BILLING,
      line_items: [{ product_id, quantity: 2, subtotal: '160.00', total: '160.00' }],
      shipping_lines: [{ method_id: 'flat', method_title: 'Post', total: '5.00' }],
    })
    assert.equal(await kit.deliver('order.created', there), 200)
    await kit.drain()
    const { data } = await house.ask('GET /api/v1/orders?limit=1')
    const again = async () => [there.total, there.status] as [string, string]
    return { order_id: data.items[0].id, total, units: 2, again }
  },

  async agents({ house }) {
    const session = made(
      await house.send('POST /api/v1/agentic/sessions', {
        body: {
          items: [{ id: SKU, quantity: 2 }],
          buyer: { email: 'agent@example.com', first_name: 'Ada', last_name: 'Brook' },
          fulfillment_details: {
            address: {
              name: 'Ada Brook',
              line_one: '12 Harbour Street',
              city: 'Portland',
              state: 'ME',
              postal_code: '04101',
              country: 'US',
            },
          },
          protocol: 'rest',
        },
      }),
    ).data
    const done = made(
      await house.send(`POST /api/v1/agentic/sessions/${session.id}/complete`, {
        body: { payment: { token: 'pm_test_success' } },
        headers: { 'idempotency-key': randomUUID() },
      }),
    ).data
    assert.equal(done.status, 'completed', JSON.stringify(done.messages))
    const { total: charged } = done.totals
    assert.equal(charged, session.totals.total)
    return { order_id: done.order.id, total: decimal(charged), units: 2 }
  },
}
