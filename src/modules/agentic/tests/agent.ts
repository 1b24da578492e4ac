import assert from 'node:assert/strict'
import type { Actor } from '#platform/context'
import { admin, type House, someoneWho } from '#testing'

export const ADDRESS = {
  name: 'Ada Brook',
  line_one: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}
export const BUYER = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }

/** An agent that may do nothing but buy. */
export const agent: Actor = {
  ...someoneWho('agentic:use'),
  id: 'api_key:01937b5e-9c00-7a3b-8f11-2f6f3c9d4e01',
  kind: 'api_key',
}
export const otherAgent: Actor = { ...agent, id: 'api_key:01937b5e-9c00-7a3b-8f11-2f6f3c9d4e02' }

export async function made(house: House, route: string, body: object) {
  const answer = await house.ask(route, body, { as: admin })
  assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
  return answer.data
}

/** Mugs at 12.50 and tea at 4.00 on the shelf, and a download. */
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

/** Asks as an agent. */
export const asAgent =
  (house: House, as: Actor = agent) =>
  (route: string, body?: object, headers: Record<string, string> = {}) => {
    const [method, path] = route.split(' ')
    return house.ask(`${method} /api/v1/agentic/sessions${path ?? ''}`, body, { as, headers })
  }

export const ready = (items: object[] = [{ id: 'MUG', quantity: 2 }]) => ({
  items,
  buyer: BUYER,
  fulfillment_details: { address: ADDRESS },
  protocol: 'rest',
})

/** All orders with all their payments. */
export async function books(house: House): Promise<any[]> {
  const { data } = await house.ask('GET /api/v1/orders?limit=100')
  return Promise.all(
    data.items.map(async (order: { id: string }) => ({
      ...order,
      payments: (await house.ask(`GET /api/v1/payments/order/${order.id}`)).data,
    })),
  )
}

/** A clock that a test may put forward. */
export function movableClock() {
  let ahead_ms = 0
  return {
    clock: () => new Date(Date.now() + ahead_ms),
    pass: (minutes: number) => {
      ahead_ms += minutes * 60_000
    },
  }
}
