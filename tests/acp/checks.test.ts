import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { checks, type Shop } from './checks.ts'
import { made, openShop, speaker } from './speaking.ts'

onEveryEngine('acceptance checks of ACP', (engine) => {
  let shop: Shop

  before(async () => {
    const house = await openHouse(engine)
    await openShop(house, { MUG: 10_000, TEA: 10_000 })
    for (const [sku, quantity_on_hand] of Object.entries({ RARE: 4, NONE: 0 })) {
      await made(house, 'POST /api/v1/products', { name: `A ${sku}`, sku, price: '20.00' })
      const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand }
      await made(house, 'POST /api/v1/inventory', stock)
    }
    const offers = { TENOFF: '10', FIVEOFF: '5', OVER: '5' }
    for (const [code, percent] of Object.entries(offers)) {
      const ended = code === 'OVER' && { ends_at: '2020-01-01T00:00:00Z' }
      const offer = {
        name: code,
        label: `${percent} % off`,
        code,
        kind: 'percent',
        percent,
        ...ended,
      }
      await made(house, 'POST /api/v1/promotions', { ...offer, status: 'active' })
    }
    shop = { house, ask: speaker(house) }
  })

  after(async () => {
    assert.deepEqual(await shop.house.violations(), [])
    await shop.house.close()
  })

  for (const [id, promise, run] of checks) test(`${id} ${promise}`, () => run(shop))
})
