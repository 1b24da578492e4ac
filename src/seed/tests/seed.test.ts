import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { seedShop } from '../index.ts'

const NOW = new Date('2026-11-21T12:00:00.000Z')

onEveryEngine('the demo shop', (engine) => {
  it('is a year of trade that breaks no invariant, and is made only once', async () => {
    await using house = await openHouse(engine, { clock: () => NOW })
    const told: string[] = []
    const print = (line: string) => void told.push(line)

    const made = await seedShop(house.app, { print })
    const again = await seedShop(house.app, { print })

    assert.match(made ?? '', /200 products .* 50 customers and 500 orders/)
    assert.equal(again, undefined)
    assert.deepEqual(await house.violations(), [])
    const total = async (path: string) => (await house.ask(`GET /api/v1/${path}`)).data.total
    assert.equal(await total('orders?limit=1'), 500)
    assert.equal(await total('locations?limit=1'), 3)
    assert.equal(await total('customers?limit=1'), 50)
    assert.ok((await total('orders?limit=1&payment_status=paid')) > 300)
    assert.ok((await total('orders?limit=1&status=cancelled')) > 10)
    const { data } = await house.ask('GET /api/v1/orders?limit=1&sort_order=asc')
    assert.ok(data.items[0].order_date < '2026-01-01', 'the first order is a year old')
  })

  it('has any number of generated products instead, with stock and prices', async () => {
    await using house = await openHouse(engine)

    await seedShop(house.app, { products: 25, print: () => {} })

    const { data } = await house.ask('GET /api/v1/products?limit=25')
    assert.equal(data.total, 25)
    assert.deepEqual(await house.violations(), [])
  })
})
