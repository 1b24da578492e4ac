import assert from 'node:assert/strict'
import type { Actor } from '#platform/context'
import { systemProcess } from '#platform/execute'
import { type House, openHouse } from '#testing'
import { endDueDrafts } from '../schedules.ts'

export const ADDRESS = {
  name: 'Ada Brook',
  street: '12 Harbour Street',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}

/** A shop with mugs at 12.50 and tea at 4.00, a customer, and a clock that tests may turn. */
export async function openShop(engine: 'sqlite' | 'postgres', settings: object = {}) {
  let now = Date.parse('2026-11-21T12:00:00.000Z')
  const house = await openHouse(engine, { clock: () => new Date(now), settings })
  const shop = await stocked(house)
  return Object.assign(shop, {
    wait: (minutes: number) => {
      now += minutes * 60_000
    },
    inMinutes,
  })
}

/** The same shop in a house that is open and empty, on its own clock. */
export async function stocked(house: House) {
  const made = makerOf(house)
  await made('POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  for (const [sku, price, units] of [
    ['MUG', '12.50', 10],
    ['TEA', '4.00', 100],
  ] as const) {
    await made('POST /api/v1/products', { name: `The ${sku}`, sku, price })
    const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand: units }
    await made('POST /api/v1/inventory', stock)
  }
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id } = await made('POST /api/v1/customers', person)
  return shopOf(house, id)
}

/** Puts gift cards over 25.00 on sale. */
export const sellGiftCards = (house: House) =>
  makerOf(house)('POST /api/v1/products', {
    name: 'Gift card',
    sku: 'GIFT-25',
    price: '25.00',
    is_gift_card: true,
  })

/** The gift cards that there are. */
export const giftCards = async (house: House): Promise<any[]> =>
  (await house.ask('GET /api/v1/gift-cards?limit=100')).data.items

/** What tests ask of a shop, on a house that has one already too. */
export function shopOf(house: House, customer_id: string) {
  const made = makerOf(house)
  return Object.assign(house, {
    customer_id,
    draft: (more: object = {}) =>
      made('POST /api/v1/drafts', {
        customer_id,
        lines: [
          { product_id: 'MUG', quantity: 2 },
          { product_id: 'tea', quantity: 3, unit_price: '3.50' },
        ],
        shipping_address: ADDRESS,
        ...more,
      }),
    offer: async (id: string) => {
      const { status, data, error } = await house.ask(`POST /api/v1/drafts/${id}/send`)
      assert.equal(status, 200, JSON.stringify(error))
      return data as { token: string; draft: any }
    },
    pay: (
      token: string,
      payment_token = 'tok_visa',
      as: Actor | 'nobody' = 'nobody',
      headers: Record<string, string> = {},
    ) =>
      house.ask(
        'POST /api/v1/draft-offers/pay',
        { token, payment_method: 'credit_card', payment_token },
        { as, headers },
      ),
    see: (token: string) =>
      house.ask('POST /api/v1/draft-offers/view', { token }, { as: 'nobody' }),
    order: async (id: string) => (await house.ask(`GET /api/v1/orders/${id}`)).data,
    available: async (sku: string) =>
      Number((await house.ask(`GET /api/v1/inventory/${sku}`)).data.quantities.available),
    endDue: () => endDueDrafts(systemProcess(house.app)),
  })
}

/** Asks for what must work; answers what came of it. */
const makerOf = (house: House) => async (route: string, body: object) => {
  const { status, data, error } = await house.ask(route, body)
  assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
  return data
}

export const inMinutes = (minutes: number): string =>
  new Date(Date.parse('2026-11-21T12:00:00.000Z') + minutes * 60_000).toISOString()
