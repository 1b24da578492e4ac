import assert from 'node:assert/strict'
import type { Engine } from '#platform/database/database'
import { openHouse } from '#testing'

export const SKUS = ['MUG', 'TEE', 'LAMP'] as const
export const PLACES = ['NEAR', 'FAR'] as const
export type Sku = (typeof SKUS)[number]
export type Place = (typeof PLACES)[number]

const PRICES: Record<Sku, string> = { MUG: '9.99', TEE: '20.01', LAMP: '33.33' }
const OPENING = Date.parse('2026-01-05T09:00:00.000Z')
const ADDRESS = {
  name: 'Ada Brook',
  street: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}

/** A thing of the shop that steps speak of, by its id. */
export type Kind = 'order' | 'shipment' | 'return' | 'exchange' | 'claim' | 'transfer' | 'count'

/** Two places with three articles (one may be backordered), a customer with credit and a card. */
export async function openWarehouse(engine: Engine) {
  const clock = { ms: OPENING }
  const house = await openHouse(engine, { clock: () => new Date(clock.ms) })
  const made = async (route: string, body: object) => {
    const answer = await house.ask(`POST /api/v1/${route}`, body)
    assert.ok(answer.status < 300, `${route}: ${JSON.stringify(answer.body)}`)
    return answer.data
  }
  for (const [nth, code] of PLACES.entries()) {
    await made('locations', { code, name: code, priority: 10 * (nth + 1) })
  }
  for (const sku of SKUS) await made('products', { name: sku, sku, price: PRICES[sku] })
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id: customer_id } = await made('customers', person)
  const credit = { customer_id, currency: 'USD', amount: '300.00', reason: 'for a start' }
  await made('store-credit/grants', credit)
  const card = await made('gift-cards', { initial_amount: '40.00', currency: 'USD' })
  const expected = Object.fromEntries(SKUS.map((sku) => [sku, 0])) as Record<Sku, number>
  const world = {
    house,
    clock,
    customer_id: customer_id as string,
    code: card.code as string,
    address: ADDRESS,
    /** Ids in the order in which things were made. */
    ids: {} as Partial<Record<Kind, string[]>>,
    /** Units that must be in the house or on the road, in whatever state; kept by `play`. */
    expected,
    /** What was asked and how it was answered, for comparing two engines. */
    transcript: [] as string[],
    /** Steps that were answered with success. */
    done: new Map<string, number>(),
  }
  for (const sku of SKUS) {
    for (const code of PLACES) {
      const stock = { item_number: sku, location_id: code, quantity_on_hand: 6 }
      await made('inventory', sku === 'LAMP' ? { ...stock, backorder_limit: 3 } : stock)
      expected[sku] += 6
    }
  }
  return world
}

export type Warehouse = Awaited<ReturnType<typeof openWarehouse>>
