import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import {
  asking,
  goOn,
  newShopper,
  providerOf,
  SESSION,
} from '../../src/faces/shop/tests/shopping.ts'
import type { House } from '../testing.ts'

export const SKU = 'KEYBOARD-1'
export const PRICE = '79.99'
export const UNITS = 20

/** An order that is paid: its id in the house, and what its buyer was told that it costs. */
export type Bought = { order_id: string; total: string; units: number }
type Buy = (house: House, product_id: string) => Promise<Bought>

const decimal = (minor: number) => (minor / 100).toFixed(2)
const made = (answer: { status: number; body: any }) => {
  assert.ok(answer.status < 300, JSON.stringify(answer.body))
  return answer.body
}

/** Through each face somebody buys, as its clients do, and pays. */
export const buyers: Record<string, Buy> = {
  async canonical(house) {
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

  async ecommerce(house, product_id) {
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

  async shop(house) {
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

  async agents(house) {
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
