import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import { type Count, counted } from '../../../../tests/statements/count.ts'
import { ADDRESS, type Asked, made, newGuest, openShop } from './shopping.ts'

/** Buys so many different articles, and counts what the last three calls ask of the database. */
async function bought(house: House, articles: number): Promise<Record<string, Count>> {
  const skus = Array.from({ length: articles }, (_, nth) => [`ART-${nth}`, 1] as const)
  const guest = await newGuest(house, Object.fromEntries(skus))
  const costs: Record<string, Count> = {}
  const ask = async (route: string, body: object) => {
    let answer: Asked | undefined
    const [name = ''] = route.split('/').slice(-1)
    costs[name] = await counted(house.database.engine, async () => {
      answer = await guest.ask(route, body)
    })
    assert.ok((answer?.status ?? 500) < 300, `${route}: ${JSON.stringify(answer?.body)}`)
    return answer?.data
  }
  const { id } = await ask('POST /api/v1/checkout', {
    cart_id: guest.cart_id,
    email: 'ada@example.com',
    shipping_address: ADDRESS,
  })
  await ask(`PUT /api/v1/checkout/${id}/shipping-method`, { method: 'Standard' })
  const card = { payment_method: 'CreditCard', payment_token: 'pm_test_success' }
  await ask(`POST /api/v1/checkout/${id}/complete`, card)
  return costs
}

onEveryEngine('a checkout asks the database', (engine) => {
  it('by the same statements for one article as for twelve', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    for (let nth = 0; nth < 12; nth++) {
      const article = { name: `Article ${nth}`, sku: `ART-${nth}`, price: '3.00' }
      await made(house, 'POST /api/v1/products', article)
      const stock = { item_number: article.sku, location_id: 'MAIN', quantity_on_hand: 100 }
      await made(house, 'POST /api/v1/inventory', stock)
    }
    await bought(house, 1)
    const one = await bought(house, 1)
    const twelve = await bought(house, 12)
    for (const [call, { statements, waits }] of Object.entries(twelve)) {
      assert.deepEqual(new Set(statements), new Set(one[call]?.statements), call)
      assert.equal(waits, one[call]?.waits, call)
    }
  })
})
