import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Engine } from '#platform/database/database'
import { type House, openHouse } from '#testing'

export const PASSWORD = 'weaves-patterns'
/** Real Argon2id at a cost that tests can pay a hundred times. */
export const CHEAP = { password_hash_memory_kib: 64, password_hash_passes: 1 }
export const NAMES = { first_name: 'Ada', last_name: 'King' }
export const ADDRESS = {
  ...NAMES,
  address_line_1: '12 St James’s Square',
  city: 'London',
  province: 'Greater London',
  country_code: 'gb',
  postal_code: 'SW1Y 4JH',
}

export type Shop = Awaited<ReturnType<typeof openShop>>
export type Buyer = Awaited<ReturnType<Shop['newBuyer']>>

/** One house for all tests of a suite, audited at the end. */
export function shareShop(
  engine: Engine,
  options: { background?: boolean } = {},
): { readonly shop: Shop; readonly house: House } {
  const shared = {} as { shop: Shop; house: House }
  before(async () => {
    shared.house = await openHouse(engine, { settings: CHEAP, ...options })
    shared.shop = openShop(shared.house)
  })
  after(async () => {
    const violations = await shared.house.violations()
    await shared.house.close()
    assert.deepEqual(violations, [])
  })
  return shared
}

/** Buyers who register and log in for real. */
export function openShop(house: House) {
  let people = 0
  const ask = (route: string, body?: unknown, headers: Record<string, string> = {}) =>
    house.ask(route, body, { as: 'nobody', headers })
  const logIn = (email: string, password = PASSWORD) =>
    ask('POST /api/v1/customers/login', { email, password })
  const newEmail = () => `buyer-${++people}@example.com`
  return {
    ask,
    logIn,
    newEmail,
    async newBuyer(more: object = {}) {
      const body = { ...NAMES, email: newEmail(), password: PASSWORD, ...more }
      const made = await ask('POST /api/v1/customers/register', body)
      assert.equal(made.status, 201, JSON.stringify(made.error))
      const { data } = await logIn(body.email)
      const headers = { authorization: `Bearer ${data.tokens.access_token}` }
      const me = (route: string, sent?: unknown) => {
        const [method, path = ''] = route.split(' ')
        return ask(`${method} /api/v1/customers/me${path}`, sent, headers)
      }
      return { email: body.email, id: made.data.id as string, headers, me, tokens: data.tokens }
    },
    /** A product with one variant; answers the variant's id. */
    async newVariant(sku: string): Promise<string> {
      const product = {
        name: `Mug ${sku}`,
        sku: `P-${sku}`,
        variants: [{ sku, name: 'Blue', price: '9', inventory_tracking: false }],
      }
      const { data, error } = await house.ask('POST /api/v1/products', product)
      assert.ok(data, JSON.stringify(error))
      return data.variants[0].id
    },
  }
}
