import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Actor } from '#platform/context'
import { type Answer, admin, type House, someoneWho } from '#testing'
import { assertValid } from './schemas.ts'

export const VERSIONS = [
  '2025-09-29',
  '2025-12-12',
  '2026-01-16',
  '2026-01-30',
  '2026-04-17',
] as const
export type Version = (typeof VERSIONS)[number]
export const LATEST: Version = '2026-04-17'
export const isLate = (version: string) => version >= '2026-01-30'

/** An agent that may do nothing but buy. */
export const agent: Actor = {
  ...someoneWho('agentic:use'),
  id: 'api_key:01937b5e-9c00-7a3b-8f11-2f6f3c9d4e01',
  kind: 'api_key',
}
export const otherAgent: Actor = { ...agent, id: 'api_key:01937b5e-9c00-7a3b-8f11-2f6f3c9d4e02' }

export const ADDRESS = {
  name: 'Ada Brook',
  line_one: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  country: 'US',
  postal_code: '04101',
}
export const BUYER = { first_name: 'Ada', last_name: 'Brook', email: 'ada@example.com' }

export async function made(house: House, route: string, body: object) {
  const answer = await house.ask(route, body, { as: admin })
  assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
  return answer.data
}

/** Mugs at 12.50 and tea at 4.00 on the shelf, and a download at 9.00. */
export async function openShop(house: House, units: Record<string, number> = {}): Promise<void> {
  await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  for (const [sku, price] of Object.entries({ MUG: '12.50', TEA: '4.00' })) {
    await made(house, 'POST /api/v1/products', { name: `A ${sku}`, sku, price })
    const quantity_on_hand = units[sku] ?? 100
    const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand }
    await made(house, 'POST /api/v1/inventory', stock)
  }
  const book = { name: 'A BOOK', sku: 'BOOK', price: '9.00', is_digital: true }
  await made(house, 'POST /api/v1/products', { ...book, inventory_tracking: false })
}

export const available = async (house: House, sku: string): Promise<number> =>
  Number((await house.ask(`GET /api/v1/inventory/${sku}`)).data.quantities.available)

type More = { version?: string | null; key?: string | null; as?: Actor; headers?: object }

/** Speaks ACP; every answer is held against the schema of the version that was asked for. */
export function speaker(house: House, defaults: More = {}) {
  return async (route: string, body?: object, more: More = {}): Promise<Answer> => {
    const { version = LATEST, key, as = agent, headers } = { ...defaults, ...more }
    const [method, path = ''] = route.split(' ')
    const sent = {
      ...(version !== null && { 'api-version': version }),
      ...(key !== null && method !== 'GET' && { 'idempotency-key': key ?? randomUUID() }),
      ...headers,
    }
    const answer = await house.send(`${method} ${path}`, {
      as,
      headers: sent as Record<string, string>,
      ...(body !== undefined && { body }),
    })
    const known = VERSIONS.find((one) => one === version) ?? LATEST
    const isCart = path.startsWith('/carts')
    const name = answer.status >= 400 ? 'Error' : isCart ? 'Cart' : 'CheckoutSession'
    assertValid(known, name, answer.body)
    return answer
  }
}

/** A create of so many mugs, as a version says it. */
export function creation(version: string, items = [{ id: 'MUG', quantity: 2 }], more: object = {}) {
  if (isLate(version)) {
    return {
      line_items: items,
      currency: 'usd',
      capabilities: { interventions: { supported: ['3ds'] } },
      buyer: BUYER,
      fulfillment_details: { address: ADDRESS },
      ...more,
    }
  }
  const to =
    version === '2025-09-29'
      ? { fulfillment_address: ADDRESS }
      : { fulfillment_details: { address: ADDRESS } }
  return { items, buyer: BUYER, ...to, ...more }
}

/** A completion with a token, as a version says it. */
export const completion = (version: string, token = 'pm_test_success', more: object = {}) =>
  isLate(version)
    ? {
        payment_data: {
          handler_id: 'card_tokenized',
          instrument: { type: 'card', credential: { type: 'spt', token } },
        },
        ...more,
      }
    : { payment_data: { token, provider: 'stripe' }, ...more }

/** A choice of how it goes, as a version says it. */
export function choice(version: string, option_id: string, item_ids: string[]) {
  if (version === '2025-09-29') return { fulfillment_option_id: option_id }
  const type = 'shipping'
  const chosen = isLate(version)
    ? { type, option_id, item_ids }
    : { type, shipping: { option_id, item_ids } }
  return { selected_fulfillment_options: [chosen] }
}

export const totalOf = (session: { totals: { type: string; amount: number }[] }, type: string) =>
  session.totals.find((total) => total.type === type)?.amount ?? 0

export const PROOF = {
  outcome: 'authenticated',
  outcome_details: {
    three_ds_cryptogram: 'AbCdEfGhIjKlMnOpQrStUvWxY0=',
    electronic_commerce_indicator: '05',
    transaction_id: 'ds-1',
    version: '2.2.0',
  },
}
