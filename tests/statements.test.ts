import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, it } from 'node:test'
import type { Operation } from '#platform/operations'
import { type House, onEveryEngine, openHouse } from '#testing'
import { openShop, orderOf, pay, place, type Shop, withKey } from './races/shop.ts'
import { counted } from './statements/count.ts'

const ROWS = 25

// How much a request asks of the database does not grow with what it shows or buys. Vendure lists
// products with 66 statements and buys with 271; these are the numbers that keep us from there.
onEveryEngine('the database is asked', (engine) => {
  let house: House
  let shop: Shop
  before(async () => {
    house = await openHouse(engine)
    shop = await openShop(house, { MUG: 10_000, TEA: 10_000 })
    await fill(house, shop)
  })
  after(() => house.close())

  /** Counts a request that was made once before: caches are warm and statements prepared. */
  async function cost(route: string, body?: () => object, keyed = false) {
    const ask = async () => {
      const answer = await house.ask(route, body?.(), keyed ? withKey(randomUUID()) : {})
      assert.ok(answer.status < 300, JSON.stringify(answer.body))
    }
    await ask()
    return counted(engine, ask)
  }

  it('at most 4 times for a list of 20 products with variants, prices and availability', async () => {
    const { statements } = await cost('GET /api/v1/products?limit=20')
    assert.ok(statements.length <= 4, statements.join('\n\n'))
  })

  it('at most 6 round trips to create an order of two lines with its key', async () => {
    const { statements, waits } = await cost(
      'POST /api/v1/orders',
      () => orderOf(shop, ['MUG', 1], ['TEA', 2]),
      true,
    )
    if (engine === 'postgres') assert.ok(waits <= 6, `${waits}:\n${statements.join('\n\n')}`)
    else assert.ok(statements.length <= 18, statements.join('\n\n'))
  })

  it('by the same statements for an order of twelve lines as for one of two', async () => {
    const lines = (count: number) =>
      orderOf(
        shop,
        ...Array.from(
          { length: count },
          (_, nth) => [nth % 2 ? 'MUG' : 'TEA', 1] as [string, number],
        ),
      )
    const one = await cost('POST /api/v1/orders', () => lines(2), true)
    const twelve = await cost('POST /api/v1/orders', () => lines(12), true)
    assert.equal(twelve.waits, one.waits)
    assert.deepEqual(new Set(twelve.statements), new Set(one.statements))
  })

  it('as often for a page of 20 as for a page of 1, in every list there is', async () => {
    const differ: Record<string, string> = {}
    const lists = house.app.operations.filter(isList)
    assert.ok(lists.length >= 8)
    for (const { name, rest } of lists) {
      const one = await cost(`${rest}?limit=1`)
      const twenty = await cost(`${rest}?limit=20`)
      const [few, many] = [one.statements.length, twenty.statements.length]
      if (few !== many) differ[name] = `${few} → ${many}:\n${twenty.statements.join('\n')}`
    }
    assert.deepEqual(differ, {})
  })

  it('as often for orders with their items, however many they are', async () => {
    const one = await cost('GET /api/v1/orders?include_items=true&limit=1')
    const twenty = await cost('GET /api/v1/orders?include_items=true&limit=20')
    assert.equal(twenty.statements.length, one.statements.length)
  })
})

/** Lists of one's own (keys, logins) need a row, which the administrator of these tests lacks. */
const isList = ({ kind, rest, input, permission }: Operation): boolean =>
  kind === 'query' &&
  permission !== 'signed_in' &&
  !rest.includes('/auth/') &&
  !rest.includes(':') &&
  'limit' in input.properties &&
  ((input as { required?: string[] }).required ?? []).length === 0

/** More rows of everything than a page shows. */
async function fill(house: House, shop: Shop): Promise<void> {
  const made = async (route: string, body: object) => {
    const answer = await house.ask(route, body)
    assert.ok(answer.status < 300, JSON.stringify(answer.body))
  }
  for (let nth = 0; nth < ROWS; nth++) {
    const sku = `ARTICLE-${nth}`
    await made('POST /api/v1/products', { name: `Article ${nth}`, sku, price: '5.00' })
    const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand: 5 }
    await made('POST /api/v1/inventory', stock)
    const person = { email: `c${nth}@example.com`, first_name: 'Cy', last_name: 'Dent' }
    await made('POST /api/v1/customers', person)
    await made('POST /api/v1/locations', { code: `PLACE-${nth}`, name: `Place ${nth}` })
    const fixed = { kind: 'fixed', amounts: [{ currency: 'USD', amount: '5' }] }
    await made('POST /api/v1/promotions', { name: `Promotion ${nth}`, code: `P${nth}`, ...fixed })
    const order = await place(shop, nth % 2 === 0 ? 'MUG' : 'TEA')
    if (nth % 2 === 0) await pay(house, order)
    await made('POST /api/v1/carts', { items: [{ sku, quantity: 1 }] })
  }
}
