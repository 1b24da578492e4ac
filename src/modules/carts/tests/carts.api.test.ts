import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import {
  asGuest,
  codesOf,
  linesOf,
  made,
  newArticle,
  newCustomer,
  newGuest,
  openShop,
} from './shop.ts'

const SHELVES: Record<string, [string, number]> = { MUG: ['12.50', 5], TEA: ['4.00', 30] }

onEveryEngine('a cart', (engine) => {
  it('is opened by a guest, who is told their secret once, and filled at the prices of now', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house)

    assert.ok(guest.session_id.length >= 32)
    assert.equal(guest.opened.total, '0.00')
    assert.equal(guest.opened.status, 'Active')
    const added = await guest.ask('POST /items', { sku: 'mug', quantity: 2 })

    assert.equal(added.status, 200, JSON.stringify(added.body))
    assert.equal(added.data.session_id, null)
    assert.deepEqual(
      [added.data.subtotal, added.data.shipping_total, added.data.discount_total],
      ['25.00', '10.00', '0.00'],
    )
    const [item] = added.data.items
    assert.deepEqual([item.unit_price, item.line_total, item.quantity], ['12.50', '25.00', 2])
    const read = await guest.ask('GET ')
    const { items, ...cart } = added.data
    assert.deepEqual(read.data, { cart, items, version: cart.version })
    assert.deepEqual(
      (await house.events()).filter((name) => name.startsWith('cart.')),
      ['cart.created', 'cart.item_added'],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('takes an item by variant, by SKU and by product, and keeps a variant on one line', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const product = await newArticle(house, 'CAP', { price: '9.00', units: 10 })
    const guest = await newGuest(house)

    await guest.ask('POST /items', { variant_id: product.variants[0].id, quantity: 1 })
    await guest.ask('POST /items', { sku: 'cap', quantity: 2 })
    const published = { product_id: product.id, sku: 'CAP', quantity: 3, price: 9, name: 'Cap' }
    const { data } = await guest.ask('POST /items', published)

    assert.deepEqual(linesOf(data), { CAP: 6 })
    assert.equal(data.item_count, 1)
    assert.equal(data.unit_count, 6)
    assert.deepEqual(data.notices, [])
    assert.deepEqual(await house.violations(), [])
  })

  it('never believes a price that a client sends: it charges its own and says so', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house)

    const { data } = await guest.ask('POST /items', { sku: 'MUG', quantity: 1, price: '0.01' })

    assert.equal(data.items[0].unit_price, '12.50')
    assert.deepEqual(codesOf(data), ['price_changed'])
    assert.deepEqual([data.notices[0].old_price, data.notices[0].new_price], ['0.01', '12.50'])
    const negative = await guest.ask('POST /items', { sku: 'MUG', quantity: 1, price: '-1' })
    assert.deepEqual([negative.status, negative.error.code], [400, 'AMOUNT_INVALID'])
  })

  it('refuses what is not sold, has no price, or is named by nothing, and names the member', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house)
    const add = (item: object) => guest.ask('POST /items', { quantity: 1, ...item })

    const unknown = await add({ sku: 'NOPE' })
    const nothing = await add({})
    await guest.ask('PUT ', { currency: 'eur' })
    const unpriced = await add({ sku: 'MUG' })

    assert.deepEqual([unknown.status, unknown.error.code], [400, 'CART_PRODUCT_UNKNOWN'])
    assert.equal(unknown.error.details.field, 'sku')
    assert.deepEqual([nothing.status, nothing.error.details.field], [400, 'variant_id'])
    assert.deepEqual([unpriced.status, unpriced.error.code], [400, 'CART_PRODUCT_WITHOUT_PRICE'])
    assert.equal((await add({ sku: 'TEA', quantity: 0 })).status, 400)
    assert.equal((await guest.ask('GET ')).data.cart.item_count, 0)
    const first = {
      items: [
        { sku: 'TEA', quantity: 1 },
        { sku: 'NOPE', quantity: 1 },
      ],
    }
    const opened = await house.ask('POST /api/v1/carts', first, asGuest())
    assert.equal(opened.error.details.field, 'items.1.sku')
  })

  it('refuses more than is in stock, counted over what is in the cart already', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house)
    const { data } = await guest.ask('POST /items', { sku: 'MUG', quantity: 4 })
    const item = `/items/${data.items[0].id}`

    const added = await guest.ask('POST /items', { sku: 'MUG', quantity: 2 })
    const set = await guest.ask(`PUT ${item}`, { quantity: 6 })

    assert.deepEqual([added.status, added.error.code], [422, 'INSUFFICIENT_STOCK'])
    const [short] = added.error.details.shortages
    assert.deepEqual([short.sku, short.requested, short.available], ['MUG', 6, 5])
    assert.equal(set.status, 422)
    assert.equal((await guest.ask(`PATCH ${item}`, { quantity: 5 })).status, 200)
    assert.deepEqual(await house.violations(), [])
  })

  it('sets a quantity, takes out by zero or by DELETE, and is cleared', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const items = [
      { sku: 'MUG', quantity: 1 },
      { sku: 'TEA', quantity: 2 },
      { sku: 'tea', quantity: 1 },
    ]
    const guest = await newGuest(house, { items })
    assert.deepEqual(linesOf(guest.opened), { MUG: 1, TEA: 3 })
    const [mug, tea] = guest.opened.items

    const set = await guest.ask(`PUT /items/${tea.id}`, { quantity: 7 })
    assert.deepEqual(linesOf(set.data), { MUG: 1, TEA: 7 })
    assert.deepEqual(linesOf((await guest.ask(`PUT /items/${mug.id}`, { quantity: 0 })).data), {
      TEA: 7,
    })
    assert.equal((await guest.ask(`DELETE /items/${mug.id}`)).error.code, 'CART_ITEM_NOT_FOUND')
    assert.equal((await guest.ask(`DELETE /items/${tea.id}`)).status, 204)
    await guest.ask('POST /items', { sku: 'MUG', quantity: 1 })
    const cleared = await guest.ask('POST /clear')

    assert.deepEqual([cleared.status, typeof cleared.data.message], [200, 'string'])
    assert.deepEqual([cleared.data.cart.items, cleared.data.cart.total], [[], '0.00'])
    const names = (await house.events()).filter(
      (name) => name.startsWith('cart.item_') || name === 'cart.cleared',
    )
    assert.deepEqual(names, [
      'cart.item_added',
      'cart.item_added',
      'cart.item_updated',
      'cart.item_removed',
      'cart.item_removed',
      'cart.item_added',
      'cart.cleared',
    ])
    assert.deepEqual(await house.violations(), [])
  })

  it('given up is Abandoned, readable, and never changes again', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house, { items: [{ sku: 'TEA', quantity: 2 }] })

    assert.equal((await guest.ask('DELETE ')).status, 204)

    const { data } = await guest.ask('GET ')
    assert.equal(data.cart.status, 'Abandoned')
    assert.deepEqual([data.items[0].quantity, data.items[0].unit_price], [2, '4.00'])
    for (const [route, body] of [
      ['POST /items', { sku: 'TEA', quantity: 1 }],
      [`PUT /items/${data.items[0].id}`, { quantity: 1 }],
      ['PUT ', { email: 'x@example.com' }],
      ['POST /clear', {}],
      ['DELETE ', undefined],
    ] as const) {
      const { status, error } = await guest.ask(route, body)
      assert.deepEqual([status, error.code], [409, 'CART_NOT_OPEN'], route)
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('tells when a price changed, an article ran out or is no longer sold', async () => {
    await using house = await openHouse(engine)
    const variants = await openShop(house, SHELVES)
    const cap = await newArticle(house, 'CAP', { price: '9.00', units: 10 })
    const guest = await newGuest(house, {
      items: [
        { sku: 'MUG', quantity: 3 },
        { sku: 'TEA', quantity: 20 },
        { sku: 'CAP', quantity: 1 },
      ],
    })
    assert.deepEqual([codesOf(guest.opened), guest.opened.ready], [[], true])

    const change = { price: '5.00' }
    await made(house, `PUT /api/v1/products/variants/${variants.TEA}/price`, change)
    const fewer = { item_number: 'MUG', location_id: 'MAIN', quantity_delta: -4 }
    await made(house, 'POST /api/v1/inventory/bulk-adjust', { adjustments: [fewer] })
    assert.ok((await house.ask(`DELETE /api/v1/products/${cap.id}`)).status < 300)
    const { data } = await guest.ask('GET ')

    const told = data.cart.notices.map(({ code, sku }: any) => `${sku} ${code}`)
    assert.deepEqual(told, ['MUG insufficient_stock', 'TEA price_changed', 'CAP not_sold'])
    assert.equal(data.cart.ready, false)
    const byName = Object.fromEntries(data.items.map((item: any) => [item.sku, item]))
    assert.equal(byName.TEA.line_total, '100.00')
    assert.deepEqual([byName.CAP.line_total, byName.CAP.is_available], ['0.00', false])
    assert.equal(data.cart.subtotal, '137.50')
    const seen = await guest.ask(`PUT /items/${byName.TEA.id}`, { quantity: 20 })
    assert.ok(!codesOf(seen.data).includes('price_changed'), 'the buyer has seen it now')
    assert.deepEqual(await house.violations(), [])
  })

  it('is for customers only where guests are not wanted', async () => {
    await using house = await openHouse(engine, { settings: { guest_carts: false } })
    const { as } = await newCustomer(house)
    const refused = await house.ask('POST /api/v1/carts', {}, asGuest())
    assert.deepEqual([refused.status, refused.error.code], [401, 'CART_GUESTS_NOT_ALLOWED'])
    assert.equal((await house.ask('POST /api/v1/carts', {}, { as })).status, 201)
  })

  it('keeps e-mail, metadata and address, within their limits', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house, { items: [{ sku: 'TEA', quantity: 1 }] })
    assert.equal(guest.opened.estimated, true)

    await guest.ask('PUT ', { email: 'Ada@example.com', metadata: { gift: { wrap: true } } })
    const { data } = await guest.ask('PUT /shipping-address', {
      country_code: 'us',
      province: 'ME',
      postal_code: '04101',
    })

    assert.deepEqual(data.metadata, { gift: { wrap: true } })
    assert.equal(data.shipping_address.country_code, 'US')
    assert.equal(data.version, 3)
    const nowhere = await guest.ask('PUT /shipping-address', { country_code: 'ZZ' })
    assert.deepEqual([nowhere.status, nowhere.error.details.field], [400, 'country_code'])
    const large = await guest.ask('PUT ', { metadata: { text: 'x'.repeat(9000) } })
    assert.deepEqual([large.status, large.error.details.field], [400, 'metadata'])
    const stale = await house.ask(
      `PUT /api/v1/carts/${guest.id}`,
      { email: null },
      { as: 'nobody', headers: { 'x-cart-session': guest.session_id, 'if-match': '"v1"' } },
    )
    assert.equal(stale.status, 412)
    assert.deepEqual(await house.violations(), [])
  })

  it('is priced anew in another currency, or stays if an article has no price in it', async () => {
    await using house = await openHouse(engine)
    const variants = await openShop(house, SHELVES)
    const prices = [
      { currency: 'USD', price: '12.50' },
      { currency: 'JPY', price: '1800' },
    ]
    await made(house, `PUT /api/v1/products/variants/${variants.MUG}/prices`, { prices })
    const guest = await newGuest(house, { items: [{ sku: 'MUG', quantity: 2 }] })

    const yen = await guest.ask('PUT ', { currency: 'jpy' })
    assert.deepEqual([yen.data.currency, yen.data.subtotal], ['JPY', '3600'])
    assert.deepEqual(codesOf(yen.data), [])
    await guest.ask('PUT ', { currency: 'USD' })
    await guest.ask('POST /items', { sku: 'TEA', quantity: 1 })
    const refused = await guest.ask('PUT ', { currency: 'JPY' })
    assert.deepEqual([refused.status, refused.error.code], [400, 'CART_PRODUCT_WITHOUT_PRICE'])
    assert.equal((await guest.ask('GET ')).data.cart.currency, 'USD')
    assert.deepEqual(await house.violations(), [])
  })
})
