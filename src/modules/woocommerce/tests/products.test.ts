import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openShop } from './shop.ts'

onEveryEngine('products in WooCommerce', (engine) => {
  it('are made once, with price and stock, and told again only what changed', async () => {
    await using shop = await openShop(engine)
    const path = 'POST /api/v1/woocommerce/product-syncs'
    const made = await shop.made(path, { product_id: 'MUG' })
    assert.equal(made.outcome, 'created')
    assert.ok(made.synced_fields.includes('regular_price'))
    const there = shop.books.product(made.woocommerce_product_id)
    assert.deepEqual(
      [there.sku, there.name, there.regular_price, there.stock_quantity, there.status],
      ['MUG', 'Mug', '12.50', 10, 'publish'],
    )
    assert.deepEqual(there.meta_data[0], { key: '_tradepost_product_id', value: shop.mug.id })
    await shop.drain()
    assert.equal(shop.woo.times('POST products'), 1)
    assert.equal(shop.woo.times('PUT products/:id'), 0)

    await shop.made('PUT /api/v1/products/MUG', { price: '13.00' })
    await shop.drain()
    assert.equal(there.regular_price, '13.00')
    assert.equal(shop.woo.times('PUT products/:id'), 1)
    const { items } = await shop.made(`GET /api/v1/woocommerce/links?id=${shop.mug.id}`)
    assert.equal(items[0].woocommerce_id, String(there.id))
  })

  it('are found by SKU where they are there already', async () => {
    await using shop = await openShop(engine)
    const there = shop.books.createProduct({ sku: 'mug', name: 'Old mug', regular_price: '9' })
    const body = { product_id: 'MUG', direction: 'to_woocommerce', sync_inventory: false }
    const synced = await shop.made('POST /api/v1/woocommerce/product-syncs', body)
    assert.deepEqual([synced.woocommerce_product_id, synced.outcome], [there.id, 'updated'])
    assert.deepEqual(
      [there.name, there.regular_price, there.stock_quantity],
      ['Mug', '12.50', null],
    )
  })

  it('with choices have variations, each with its own price and stock', async () => {
    await using shop = await openShop(engine)
    const variant = (colour: string, price: string) => ({
      sku: `CUP-${colour}`,
      name: colour,
      price,
      options: { colour },
    })
    await shop.made('POST /api/v1/products', {
      name: 'Cup',
      sku: 'CUP',
      variants: [variant('blue', '5.00'), variant('red', '6.00')],
    })
    await shop.drain()
    const cup = [...shop.books.products.values()].find(({ sku }) => sku === 'CUP') as any
    assert.equal(cup.type, 'variable')
    assert.deepEqual(cup.attributes[0].options, ['blue', 'red'])
    const variations = () => cup.variations.map((id: number) => shop.books.product(id))
    assert.deepEqual(
      variations().map((one: any) => [one.sku, one.regular_price, one.stock_quantity]),
      [
        ['CUP-blue', '5.00', 0],
        ['CUP-red', '6.00', 0],
      ],
    )
    await shop.made('POST /api/v1/inventory', {
      item_number: 'CUP-red',
      location_id: 'MAIN',
      quantity_on_hand: 4,
    })
    await shop.made('PUT /api/v1/products/variants/CUP-blue/price', { price: '5.50' })
    await shop.drain()
    assert.deepEqual(
      variations().map((one: any) => [one.regular_price, one.stock_quantity]),
      [
        ['5.50', 0],
        ['6.00', 4],
      ],
    )
  })

  const FAULTS = ['lost after', 'lost before', 'half', 'busy', 'broken', 'html', 'slow'] as const
  for (const fault of FAULTS) {
    it(`are there once, although WooCommerce fails (${fault})`, async () => {
      await using shop = await openShop(engine)
      shop.woo.fail('POST products', fault)
      const asked = await shop.ask('POST /api/v1/woocommerce/product-syncs', { product_id: 'MUG' })
      assert.deepEqual([asked.status, asked.error.code], [502, 'WOOCOMMERCE_SYNC_FAILED'])
      const [waiting] = await shop.syncs('product')
      assert.equal(waiting.status, 'waiting')
      assert.match(waiting.error, /WooCommerce/)
      await shop.drain()
      assert.equal(shop.books.products.size, 1)
      assert.equal((await shop.syncs('product'))[0].status, 'done')
    })
  }

  it('wait as long as WooCommerce wants to be left alone', async () => {
    await using shop = await openShop(engine)
    shop.woo.fail('GET products', 'busy')
    await shop.ask('POST /api/v1/woocommerce/product-syncs', { product_id: 'MUG' })
    const [{ due_at }] = await shop.syncs('product')
    assert.ok(Date.parse(due_at) - Date.now() > 100_000, due_at)
  })

  it('that WooCommerce refuses are given up, and tried again when staff says so', async () => {
    await using shop = await openShop(engine)
    // Something of another kind has the SKU, out of sight of the search for it.
    shop.books.createProduct({ sku: 'MUG' })
    const list = shop.books.list
    shop.books.list = () => ({ rows: [], total: 0, pages: 0 })
    const asked = await shop.ask('POST /api/v1/woocommerce/product-syncs', { product_id: 'MUG' })
    assert.equal(asked.status, 502)
    const [failed] = await shop.syncs('product')
    assert.equal(failed.status, 'failed')
    assert.match(failed.error, /SKU/)
    assert.ok((await shop.house.events()).includes('woocommerce.sync_failed'))

    shop.books.list = list
    const retried = await shop.made(`POST /api/v1/woocommerce/syncs/${failed.id}/retry`, {})
    assert.equal(retried.status, 'waiting')
    await shop.drain()
    assert.equal((await shop.made(`GET /api/v1/woocommerce/syncs/${failed.id}`)).status, 'done')
  })

  it('deleted in WooCommerce come back only if somebody asks for them', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const [there] = [...shop.books.products.values()]
    shop.books.deleteProduct(there?.id as number)
    await shop.made('PUT /api/v1/products/MUG', { name: 'Big mug' })
    await shop.drain()
    assert.equal(shop.books.products.size, 0)
    assert.match((await shop.syncs('product')).at(-1).note, /deleted/)
    const again = await shop.made('POST /api/v1/woocommerce/product-syncs', { product_id: 'MUG' })
    assert.equal(again.outcome, 'created')
    assert.equal(shop.books.product(again.woocommerce_product_id).name, 'Big mug')
  })

  it('without numbers are in stock, and a sale that is over leaves no date behind', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const [there] = [...shop.books.products.values()] as any[]
    // Somebody has planned a sale there for next year, and set the word by hand.
    shop.books.updateProduct(there.id, {
      date_on_sale_from_gmt: '2099-01-01T00:00:00',
      date_on_sale_to_gmt: '2099-02-01T00:00:00',
    })
    const ends_at = new Date(Date.now() + 86_400_000).toISOString()
    const sales = [{ price: '9.00', ends_at }]
    const priced = { prices: [{ currency: 'USD', price: '12.50', sales }] }
    await shop.made('PUT /api/v1/products/variants/MUG/prices', priced)
    await shop.drain()
    assert.deepEqual(
      [there.sale_price, there.price, there.date_on_sale_to_gmt, there.date_on_sale_from_gmt],
      ['9.00', '9.00', ends_at.slice(0, 19), ''],
    )
    const over = { prices: [{ currency: 'USD', price: '12.50', sales: [] }] }
    await shop.made('PUT /api/v1/products/variants/MUG/prices', over)
    const gift = { name: 'Gift card', sku: 'GIFT', price: '5.00', inventory_tracking: false }
    await shop.made('POST /api/v1/products', gift)
    await shop.drain()
    assert.deepEqual([there.sale_price, there.price, there.date_on_sale_to_gmt], ['', '12.50', ''])
    const card = [...shop.books.products.values()].find(({ sku }) => sku === 'GIFT') as any
    shop.books.updateProduct(card.id, { stock_status: 'outofstock' })
    await shop.made('POST /api/v1/woocommerce/product-syncs', { product_id: 'GIFT' })
    assert.deepEqual([card.manage_stock, card.stock_status], [false, 'instock'])
  })

  it('that are deleted there between a look and a write are looked for anew', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const [there] = [...shop.books.products.values()] as any[]
    const update = shop.books.updateProduct
    shop.books.updateProduct = (...asked) => {
      shop.books.deleteProduct(there.id)
      return update.apply(shop.books, asked)
    }
    await shop.made('PUT /api/v1/products/MUG', { name: 'Big mug' })
    await shop.drain()
    const last = (await shop.syncs('product')).at(-1)
    assert.deepEqual([last.status, last.attempts], ['done', 2])
    assert.match(last.note, /deleted/)
  })

  it('archived here are drafts there', async () => {
    await using shop = await openShop(engine)
    await shop.drain()
    const [there] = [...shop.books.products.values()]
    assert.equal((await shop.ask('DELETE /api/v1/products/MUG')).status, 204)
    await shop.drain()
    assert.equal(there?.status, 'draft')
    assert.equal(shop.books.products.size, 1)
  })

  it('of many variants keep their sync as long as it takes', async () => {
    await using shop = await openShop(engine)
    const variants = Array.from({ length: 20 }, (_, nth) => ({
      sku: `SHIRT-${nth}`,
      name: `Size ${nth}`,
      price: '20.00',
      options: { size: String(nth) },
    }))
    await shop.made('POST /api/v1/products', { name: 'Shirt', sku: 'SHIRT', variants })
    await shop.drain()
    const shirt = [...shop.books.products.values()].find(({ sku }) => sku === 'SHIRT')
    assert.equal(shirt?.variations.length, 20)
    const syncs = await shop.syncs('product')
    assert.deepEqual(new Set(syncs.map(({ status }) => status)), new Set(['done']))
  })

  it('are nobody’s business while no shop is set', async () => {
    await using shop = await openShop(engine, { settings: { woocommerce_url: '' } })
    await shop.drain()
    const asked = await shop.ask('POST /api/v1/woocommerce/product-syncs', { product_id: 'MUG' })
    assert.deepEqual([asked.status, asked.error.code], [409, 'WOOCOMMERCE_NOT_CONFIGURED'])
    assert.deepEqual(await shop.syncs('product'), [])
    assert.equal((await shop.made('GET /api/v1/woocommerce')).configured, false)
  })
})
