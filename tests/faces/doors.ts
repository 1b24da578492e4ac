import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { openClient } from '../../src/faces/mcp/tests/client.ts'
import {
  complete as completeCheckout,
  newGuest,
  ready,
} from '../../src/modules/checkout/tests/shopping.ts'
import { completion, creation, LATEST, speaker } from '../acp/speaking.ts'
import type { House } from '../testing.ts'
import { BUYER, pay, way } from '../ucp/platform.ts'
import { ADDRESS, agentCalled, askUcp } from './agent-buyers.ts'
import { made } from './stage.ts'

/** A purchase that is ready to be paid, through one face. */
export type Purchase = {
  /** Pays with what a token of the test provider does; a new key each time unless one is given. */
  complete: (token: string, key?: string) => Promise<unknown>
  /** Whether the face says that it is bought. */
  isBought: () => Promise<boolean>
}
type Scene = { house: House; profile_url: string }
type Door = (scene: Scene) => Promise<Purchase>

/** One mug, up to the payment, through every face that takes money itself. */
export const doors: Record<string, Door> = {
  async checkout({ house }) {
    const guest = await newGuest(house, { MUG: 1 })
    const checkout = await ready(guest)
    return {
      complete: (payment_token, key) => completeCheckout(guest, checkout, { payment_token }, key),
      async isBought() {
        const { data } = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
        return data.status === 'complete'
      },
    }
  },

  async acp({ house }) {
    const ask = speaker(house, { as: agentCalled('acp') })
    const items = [{ id: 'MUG', quantity: 1 }]
    const { id } = made(await ask('POST /checkout_sessions', creation(LATEST, items)))
    return {
      complete: (token, key = randomUUID()) =>
        ask(`POST /checkout_sessions/${id}/complete`, completion(LATEST, token), { key }),
      isBought: async () => (await ask(`GET /checkout_sessions/${id}`)).body.status === 'completed',
    }
  },

  async ucp(scene) {
    const line_items = [{ item: { id: 'MUG' }, quantity: 1 }]
    const body = { line_items, buyer: BUYER, fulfillment: way([]) }
    const { id } = made(await askUcp(scene)('POST /checkout-sessions', body))
    return {
      complete: (token, key) =>
        askUcp(scene, key)(`POST /checkout-sessions/${id}/complete`, pay(token)),
      async isBought() {
        const { body } = await askUcp(scene)(`GET /checkout-sessions/${id}`)
        return body.status === 'completed'
      },
    }
  },

  async dialect({ house }) {
    const root = '/api/v1/agentic-checkout/sessions'
    const ask = (route: string, body?: object, headers = {}) =>
      house.send(route, { as: agentCalled('dialect'), headers, ...(body && { body }) })
    const address = {
      name: 'Ada Brook',
      line1: '12 Harbour Street',
      city: 'Portland',
      region: 'ME',
      postal_code: '04101',
      country: 'US',
      email: 'dialect@example.com',
    }
    const items = [{ id: 'MUG', quantity: 1 }]
    const body = { items, customer: { shipping_address: address } }
    const { id } = made(await ask(`POST ${root}`, body))
    return {
      complete: (delegated_token, key = randomUUID()) =>
        ask(
          `POST ${root}/${id}/complete`,
          { payment: { delegated_token } },
          { 'idempotency-key': key },
        ),
      isBought: async () => (await ask(`GET ${root}/${id}`)).body.status === 'completed',
    }
  },

  async mcp({ house }) {
    const guest = await openClient(house)
    const { id, session_id } = await guest.told('open_cart', {
      items: [{ product: 'MUG', quantity: 1 }],
    })
    const checkout = await guest.told('start_checkout', {
      cart_id: id,
      session_id,
      email: 'mcp@example.com',
      shipping_address: ADDRESS,
      shipping_method: 'Standard',
    })
    return {
      complete: (payment_token, idempotency_key = randomUUID()) =>
        guest.call('complete_checkout', {
          checkout_id: checkout.id,
          session_id,
          payment_method: 'CreditCard',
          payment_token,
          expected_total: checkout.total,
          idempotency_key,
        }),
      async isBought() {
        const headers = { 'x-cart-session': session_id }
        const path = `GET /api/v1/checkout/${checkout.id}`
        const { data } = await house.ask(path, undefined, { as: 'nobody', headers })
        assert.ok(data, 'a guest sees what they began')
        return data.status === 'complete'
      },
    }
  },
}
