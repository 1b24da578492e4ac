import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openShop, type Shop } from './shop.ts'

const SYNC = 'POST /api/v1/woocommerce/inventory-syncs'
const mugIn = (shop: Shop) => [...shop.books.products.values()][0] as any

onEveryEngine('stock in WooCommerce', (engine) => {
  it('is told as it is: many changes are one call, the same again is none', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const told = shop.woo.times('PUT products/:id')
    for (const on_hand of [9, 8, 7]) {
      await shop.made('PUT /api/v1/inventory/MUG', {
        location_id: 'MAIN',
        on_hand,
        reason: 'count',
      })
      await shop.settle()
    }
    await shop.drain()
    assert.equal(mugIn(shop).stock_quantity, 7)
    assert.equal(shop.woo.times('PUT products/:id'), told + 1)
    await shop.order(2, { paid: false })
    await shop.drain()
    assert.equal(mugIn(shop).stock_quantity, 5)
  })

  it('goes the way that is asked for, absolute in every direction', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    shop.woo.pass(60)
    shop.books.updateProduct(mugIn(shop).id, { stock_quantity: 4 })
    const taken = await shop.made(SYNC, { variant_id: 'MUG', direction: 'from_woocommerce' })
    assert.deepEqual(
      [taken.outcome, taken.platform_quantity, taken.woocommerce_quantity],
      ['pulled', 4, 4],
    )
    assert.equal(await shop.available(), 4)
    const again = await shop.made(SYNC, { variant_id: 'MUG', direction: 'from_woocommerce' })
    assert.deepEqual([again.outcome, again.platform_quantity], ['skipped', 4])

    const sent = await shop.made(SYNC, { variant_id: 'MUG', quantity: 12 })
    assert.deepEqual([sent.platform_quantity, sent.woocommerce_quantity], [12, 12])
    assert.equal(mugIn(shop).stock_quantity, 12)

    await shop.drain()
    shop.woo.pass(600)
    shop.books.updateProduct(mugIn(shop).id, { stock_quantity: 6 })
    const both = await shop.made(SYNC, { variant_id: 'MUG', direction: 'bidirectional' })
    assert.deepEqual([both.outcome, both.platform_quantity], ['pulled', 6])
    const wrong = { variant_id: 'MUG', direction: 'from_woocommerce', quantity: 3 }
    assert.equal((await shop.ask(SYNC, wrong)).status, 400)
  })

  it('told by a call whose answer was lost is right after the next one', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    shop.woo.fail('PUT products/:id', 'lost after')
    const asked = await shop.ask(SYNC, { variant_id: 'MUG', quantity: 3 })
    assert.equal(asked.error.code, 'WOOCOMMERCE_SYNC_FAILED')
    await shop.drain()
    assert.deepEqual([mugIn(shop).stock_quantity, await shop.available()], [3, 3])
  })

  it('of what has none, or is not there, is refused', async () => {
    await using shop = await openShop(engine)
    await shop.made('POST /api/v1/products', {
      name: 'Song',
      sku: 'SONG',
      price: '1',
      is_digital: true,
    })
    const none = await shop.ask(SYNC, { variant_id: 'SONG' })
    assert.deepEqual([none.status, none.error.code], [422, 'WOOCOMMERCE_NO_STOCK_KEPT'])
    const missing = await shop.ask(SYNC, { variant_id: 'MUG' })
    assert.deepEqual([missing.status, missing.error.code], [422, 'WOOCOMMERCE_PRODUCT_MISSING'])
  })
})
