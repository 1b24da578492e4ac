import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { openClient } from '../../src/faces/mcp/tests/client.ts'
import type { Actor } from '../../src/platform/context.ts'
import { completion, creation, LATEST, speaker, totalOf } from '../acp/speaking.ts'
import { someoneWho } from '../testing.ts'
import { BUYER, pay, way } from '../ucp/platform.ts'
import { type Buy, decimal, made, SKU, type Stage } from './stage.ts'

const KEYS = {
  acp: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e11',
  platform: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e12',
  dialect: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e13',
} as const

/** An agent that may do nothing but buy, with a key of its own. */
export const agentCalled = (name: keyof typeof KEYS): Actor => ({
  ...someoneWho('agentic:use'),
  id: `api_key:${KEYS[name]}`,
  kind: 'api_key',
})
export const ADDRESS = {
  first_name: 'Ada',
  last_name: 'Brook',
  address_line_1: '12 Harbour Street',
  city: 'Portland',
  province: 'ME',
  postal_code: '04101',
  country_code: 'US',
}

/** A platform's agent asks the face of UCP. */
export const askUcp =
  ({ house, profile_url }: Pick<Stage, 'house' | 'profile_url'>, key: string = randomUUID()) =>
  (route: string, body?: object) =>
    house.send(route.replace(' ', ' /ucp'), {
      as: agentCalled('platform'),
      headers: {
        'ucp-agent': `profile="${profile_url}"`,
        'request-id': randomUUID(),
        ...(!route.startsWith('GET') && { 'idempotency-key': key }),
      },
      ...(body && { body }),
    })

const ucpTotal = ({ totals }: any): number =>
  totals.find(({ type }: { type: string }) => type === 'total').amount

/** Through the protocols of agents somebody buys, as their clients do, and pays. */
export const agentBuyers: Record<string, Buy> = {
  async acp({ house }) {
    const ask = speaker(house, { as: agentCalled('acp') })
    const items = [{ id: SKU, quantity: 2 }]
    const session = made(await ask('POST /checkout_sessions', creation(LATEST, items)))
    const { id } = session
    const done = made(await ask(`POST /checkout_sessions/${id}/complete`, completion(LATEST)))
    assert.equal(done.status, 'completed', JSON.stringify(done.messages))
    const again = async (): Promise<[string, string]> => {
      const { body } = await ask(`GET /checkout_sessions/${id}`)
      return [decimal(totalOf(body, 'total')), body.status]
    }
    const total = decimal(totalOf(session, 'total'))
    return { order_id: done.order.id, total, units: 2, again }
  },

  async ucp(stage) {
    const ask = askUcp(stage)
    const line_items = [{ item: { id: SKU }, quantity: 3 }]
    const body = { line_items, buyer: BUYER, fulfillment: way([]) }
    const checkout = made(await ask('POST /checkout-sessions', body))
    const done = made(await ask(`POST /checkout-sessions/${checkout.id}/complete`, pay()))
    assert.equal(done.status, 'completed', JSON.stringify(done.messages))
    const again = async (): Promise<[string, string]> => {
      const { body: order } = await ask(`GET /orders/${done.order.id}`)
      return [decimal(ucpTotal(order)), order.line_items[0].status]
    }
    return { order_id: done.order.id, total: decimal(ucpTotal(checkout)), units: 3, again }
  },

  async mcp({ house }) {
    await using guest = await openClient(house)
    const cart = await guest.told('open_cart', { items: [{ product: SKU, quantity: 1 }] })
    const checkout = await guest.told('start_checkout', {
      cart_id: cart.id,
      session_id: cart.session_id,
      email: 'mcp@example.com',
      shipping_address: ADDRESS,
      shipping_method: 'Standard',
    })
    const done = await guest.told('complete_checkout', {
      checkout_id: checkout.id,
      session_id: cart.session_id,
      payment_method: 'CreditCard',
      payment_token: 'pm_test_success',
      expected_total: checkout.total,
    })
    return { order_id: done.order_id, total: checkout.total, units: 1 }
  },

  async dialect({ house }) {
    const root = '/api/v1/agentic-checkout/sessions'
    const as = agentCalled('dialect')
    const ask = (route: string, body?: object) => house.send(route, { as, ...(body && { body }) })
    const customer = {
      shipping_address: {
        name: 'Ada Brook',
        line1: '12 Harbour Street',
        city: 'Portland',
        region: 'ME',
        postal_code: '04101',
        country: 'US',
        email: 'dialect@example.com',
      },
    }
    const session = made(await ask(`POST ${root}`, { items: [{ id: SKU, quantity: 1 }], customer }))
    const payment = { delegated_token: 'pm_test_success' }
    const done = made(await ask(`POST ${root}/${session.id}/complete`, { payment }))
    const again = async (): Promise<[string, string]> => {
      const { body } = await ask(`GET ${root}/${session.id}`)
      return [decimal(body.totals.grand_total.amount), body.status]
    }
    const total = decimal(session.totals.grand_total.amount)
    return { order_id: done.order.id, total, units: 1, again }
  },
}
