import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { it } from 'node:test'
import { pino } from 'pino'
import { silentLog } from '#platform/log'
import { onEveryEngine } from '#testing'
import { openShop, ordered, speaker, stocked } from './scene.ts'

onEveryEngine('the e-commerce interface', (engine) => {
  it('goes from product to order as published (section 7, point 1)', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)

    const made = await ask('POST /products', {
      sku: ' sku-100 ',
      name: ' Wireless Keyboard ',
      price: '79.99',
      currency: 'usd',
      stock: 10,
    })
    assert.equal(made.status, 201)
    const { id, ...product } = made.body
    assert.match(id, /^prd_[0-9a-f]{10}$/)
    assert.deepEqual(product, {
      sku: 'SKU-100',
      name: 'Wireless Keyboard',
      price: '79.99',
      currency: 'USD',
      stock: 10,
    })

    const cart = await ask('POST /cart/items', { product_id: id, quantity: 2 })
    assert.equal(cart.status, 200)
    assert.deepEqual(cart.body, {
      items: [
        {
          product_id: id,
          sku: 'SKU-100',
          name: 'Wireless Keyboard',
          quantity: 2,
          unit_price: '79.99',
          line_total: '159.98',
        },
      ],
      item_count: 2,
      subtotal: '159.98',
      currency: 'USD',
    })

    const order = await ask('POST /checkout', { customer_email: ' Buyer@Example.com ' })
    assert.equal(order.status, 201)
    assert.match(order.body.id, /^ord_[0-9a-f]{10}$/)
    assert.match(order.body.created_at, /^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/)
    const { id: _, created_at: __, ...placed } = order.body
    assert.deepEqual(placed, {
      customer_email: 'buyer@example.com',
      items: cart.body.items,
      total: '159.98',
      currency: 'USD',
      status: 'confirmed',
    })
    assert.deepEqual((await ask(`GET /orders/${order.body.id}`)).body, order.body)
    assert.equal((await ask(`GET /products/${id}`)).body.stock, 8)
    assert.deepEqual((await ask('GET /cart')).body, {
      items: [],
      item_count: 0,
      subtotal: '0.00',
      currency: 'USD',
    })
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses more than is in stock, in the cart and at the checkout (point 2)', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const product_id = await stocked(ask, { stock: 1 })
    const mine = { 'x-cart-session': 'a-cart-of-my-own' }

    const much = await ask('POST /cart/items', { product_id, quantity: 2 })
    assert.deepEqual([much.status, much.body], [400, { detail: 'Insufficient stock' }])

    assert.equal((await ask('POST /cart/items', { product_id })).status, 200)
    const more = await ask('POST /cart/items', { product_id })
    assert.deepEqual([more.status, more.body], [400, { detail: 'Insufficient stock' }])

    assert.equal((await ask('POST /cart/items', { product_id }, mine)).status, 200)
    const email = { customer_email: 'buyer@example.com' }
    assert.equal((await ask('POST /checkout', email, mine)).status, 201)
    const late = await ask('POST /checkout', email)
    assert.deepEqual([late.status, late.body], [400, { detail: 'Insufficient stock for SKU-100' }])
    assert.equal((await ask('GET /cart')).body.item_count, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('plants the seed once, and finds it by word, price and stock (point 3)', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)

    const first = await ask('POST /products/seed')
    assert.equal(first.status, 201)
    assert.deepEqual(
      first.body.map(({ id: _, ...product }: { id: string }) => product),
      [
        {
          sku: 'SKU-KB-001',
          name: 'Mechanical Keyboard',
          price: '99.90',
          currency: 'USD',
          stock: 20,
        },
        { sku: 'SKU-MS-001', name: 'Ergonomic Mouse', price: '39.50', currency: 'USD', stock: 30 },
        { sku: 'SKU-HD-001', name: 'USB-C Hub', price: '54.00', currency: 'USD', stock: 15 },
      ],
    )
    const again = await ask('POST /products/seed')
    assert.deepEqual([again.status, again.body], [201, []])
    assert.deepEqual((await ask('GET /products')).body, first.body)

    await stocked(ask, { sku: 'GONE-1', name: 'Keyboard of old', price: '60.00', stock: 0 })
    const found = async (query: string) =>
      (await ask(`GET /products/search?${query}`)).body.map(({ sku }: { sku: string }) => sku)
    assert.deepEqual(await found('q=keyBOARD'), ['SKU-KB-001', 'GONE-1'])
    assert.deepEqual(await found('q=keyboard&in_stock=true'), ['SKU-KB-001'])
    assert.deepEqual(await found('q=keyboard&in_stock=false'), ['GONE-1'])
    assert.deepEqual(await found('q=-hd-'), ['SKU-HD-001'])
    assert.deepEqual(await found('q=%25'), [])
    assert.deepEqual(await found('min_price=39.50&max_price=54'), ['SKU-MS-001', 'SKU-HD-001'])
    assert.deepEqual(await found('min_price=54.001'), ['SKU-KB-001', 'GONE-1'])
    assert.equal((await ask('GET /products/search?min_price=0')).status, 422)
  })

  it('tells health to everybody, by real looks at its parts (point 5)', async () => {
    await using house = await openShop(engine, { environment: 'production' })
    const { log_level: level } = house.app.settings
    Object.assign(house.app, { log: pino({ level }, new PassThrough().resume()) })
    const ask = speaker(house)

    const beat = await ask('GET /api/health/')
    assert.equal(beat.status, 200)
    assert.equal(beat.body.status, 'ok')
    assert.equal(beat.body.module, 'app')
    assert.equal(typeof beat.body.version, 'string')
    assert.equal(typeof beat.body.uptime, 'number')
    const bare = await ask('GET /api/health')
    assert.deepEqual([bare.status, bare.headers.location], [307, '/api/health/'])

    const names = {
      postgres: 'db_postgres',
      redis: 'redis',
      settings: 'settings',
      logging: 'logging',
      deployment: 'deployment',
      middleware: 'middleware',
      'auth-core': 'auth_core',
      'security-headers': 'security_headers',
    }
    for (const [slug, module] of Object.entries(names)) {
      const { status, body } = await ask(`GET /api/health/module/${slug}`)
      assert.equal(status, 200)
      assert.equal(body.module, module)
      assert.equal(body.status, 'ok', body.detail)
      assert.ok(Array.isArray(body.warnings) && typeof body.detail === 'string')
      assert.ok(Number.isFinite(Date.parse(body.checked_at)))
      assert.deepEqual(Object.keys(body.checks[0]), ['name', 'status', 'details', 'duration_ms'])
    }
    for (const slug of ['auth_core', 'security_headers', 'toString', 'nothing']) {
      const { status, body } = await ask(`GET /api/health/module/${slug}`)
      assert.deepEqual([status, body], [404, { detail: 'Not Found' }])
    }
  })

  it('says 503 of a database that does not answer, and nothing of where it is', async () => {
    await using house = await openShop(engine, { environment: 'production' })
    house.database.ping = async () => {
      throw new Error('unplugged at db.internal.example')
    }
    const { status, body } = await speaker(house)('GET /api/health/module/postgres')
    assert.deepEqual([status, body.module, body.status], [503, 'db_postgres', 'fail'])
    assert.ok(!JSON.stringify(body).includes('internal'))
    const beat = await speaker(house)('GET /api/health/')
    assert.deepEqual([beat.status, beat.body.status], [503, 'error'])
    const access = await speaker(house)('GET /api/health/module/auth-core')
    assert.deepEqual([access.status, access.body.status], [503, 'fail'])
  })

  it('says 503 of a guard that lets nobody’s token in, and of a log that keeps nothing', async () => {
    await using house = await openShop(engine)
    const { authenticate, log } = house.app
    Object.assign(house.app, { authenticate: async () => ({ id: 'anybody' }) })
    const guard = await speaker(house)('GET /api/health/module/auth-core')
    Object.assign(house.app, { authenticate, log: silentLog })
    const silent = await speaker(house)('GET /api/health/module/logging')
    Object.assign(house.app, { log })
    assert.deepEqual(
      [guard.status, guard.body.status, silent.status, silent.body.status],
      [503, 'fail', 503, 'fail'],
    )
  })

  it('is for signed-in callers only outside development', async () => {
    await using house = await openShop(engine, { environment: 'test' })
    const ask = speaker(house)

    for (const route of ['GET /products', 'GET /cart', 'POST /products/seed', 'POST /checkout']) {
      const { status, body, headers } = await ask(route)
      assert.deepEqual([status, body], [401, { detail: 'Not authenticated' }])
      assert.equal(headers['www-authenticate'], 'Bearer')
    }
    const asStaff = await house.send('POST /api/v1/ecommerce/products/seed')
    assert.equal(asStaff.status, 201)
    const product_id = asStaff.body[0].id
    const added = await house.send('POST /api/v1/ecommerce/cart/items', { body: { product_id } })
    assert.equal(added.status, 200)
    assert.equal((await house.send('GET /api/v1/ecommerce/cart')).body.item_count, 1)
    const event = { event_type: 'payment.failed', payment_intent_id: 'pi_1', order_id: 'ord_1' }
    const unsigned = await ask('POST /webhooks/payments', { ...event, status: 'failed' })
    assert.deepEqual([unsigned.status, unsigned.body], [401, { detail: 'Invalid signature' }])
  })

  it('keeps carts of sessions apart, and one currency in each', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const dollars = await stocked(ask)
    const euros = await stocked(ask, { sku: 'EUR-1', name: 'Mug', price: '5.00', currency: 'EUR' })
    const mine = { 'x-cart-session': 'a-cart-of-my-own' }

    await ask('POST /cart/items', { product_id: euros, quantity: 3 }, mine)
    assert.equal((await ask('GET /cart')).body.item_count, 0)
    const own = (await ask('GET /cart', undefined, mine)).body
    assert.deepEqual([own.subtotal, own.currency], ['15.00', 'EUR'])
    const mixed = await ask('POST /cart/items', { product_id: dollars }, mine)
    assert.equal(mixed.status, 400)
    assert.equal(typeof mixed.body.detail, 'string')

    const cleared = await ask('DELETE /cart', undefined, mine)
    assert.deepEqual([cleared.status, cleared.body.items], [200, []])
    assert.equal(
      (await ask('POST /cart/items', { product_id: dollars }, mine)).body.currency,
      'USD',
    )
    assert.equal((await ask('GET /cart', undefined, { 'x-cart-session': 'short' })).status, 422)
  })

  it('tells an order alike on every face: total, stock and states', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    // Neither configured taxes nor promotions nor shipping change what this face told its buyer.
    await house.ask('POST /api/v1/tax/rates', {
      name: 'Sales tax',
      country: 'US',
      rate: '0.10',
    })
    const order = await ordered(ask)

    const { data } = await house.ask('GET /api/v1/orders')
    const [same] = data.items
    assert.equal(same.total_amount, order.total)
    assert.equal(same.status, 'confirmed')
    assert.equal(same.payment_status, 'pending')
    const names = await house.ask(`GET /api/v1/external-ids?public_id=${order.id}`)
    assert.equal(names.data.items[0].entity_id, same.id)
    const levels = await house.ask('GET /api/v1/products/SKU-100')
    assert.equal(levels.data.available_quantity, 8)
    assert.deepEqual(await house.violations(), [])
  })

  it('prices half up, and prints two decimals', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const price = async (given: unknown, sku: string) =>
      (await ask('POST /products', { sku, name: 'Thing', price: given })).body.price
    assert.equal(await price('1.005', 'AAA'), '1.01')
    assert.equal(await price(1.5, 'BBB'), '1.50')
    assert.equal(await price('1e2', 'CCC'), '100.00')
  })

  it('is told in an OpenAPI document of its own', async () => {
    await using house = await openShop(engine)
    const own = await house.send('GET /openapi.json', { as: 'nobody' })
    assert.equal(own.status, 200)
    assert.equal(Object.keys(own.body.paths).length, 11)
    assert.ok(own.body.paths['/api/v1/ecommerce/products/{product_id}'].get)
  })
})
