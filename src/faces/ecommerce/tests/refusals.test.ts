import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Id } from '#kit/ids'
import { admin, onEveryEngine } from '#testing'
import { intended, openShop, ordered, speaker, stocked } from './scene.ts'

type Fault = { type: string; loc: unknown[]; msg: string; input: unknown; ctx?: object }

onEveryEngine('the e-commerce interface, refusing', (engine) => {
  it('lists every fault of a body as the framework of its clients does', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const faults = async (route: string, body: unknown): Promise<Fault[]> => {
      const answer = await ask(route, body)
      assert.equal(answer.status, 422, JSON.stringify(answer.body))
      return answer.body.detail
    }

    assert.deepEqual(await faults('POST /products', { sku: 'AB', name: 7, stock: -1 }), [
      {
        type: 'string_too_short',
        loc: ['body', 'sku'],
        msg: 'String should have at least 3 characters',
        input: 'AB',
        ctx: { min_length: 3 },
      },
      {
        type: 'string_type',
        loc: ['body', 'name'],
        msg: 'Input should be a valid string',
        input: 7,
      },
      {
        type: 'missing',
        loc: ['body', 'price'],
        msg: 'Field required',
        input: { sku: 'AB', name: 7, stock: -1 },
      },
      {
        type: 'greater_than_equal',
        loc: ['body', 'stock'],
        msg: 'Input should be greater than or equal to 0',
        input: -1,
        ctx: { ge: 0 },
      },
    ])
    const first = async (route: string, body: unknown) => (await faults(route, body))[0]?.type
    const product = { sku: 'ABC', name: 'Thing' }
    assert.equal(await first('POST /products', { ...product, price: 'NaN' }), 'finite_number')
    assert.equal(await first('POST /products', { ...product, price: 0 }), 'greater_than')
    assert.equal(await first('POST /products', { ...product, price: 'x' }), 'decimal_parsing')
    assert.equal(await first('POST /products', { ...product, price: [] }), 'decimal_type')
    const currency = await faults('POST /products', { ...product, price: 1, currency: 'QQQ' })
    assert.deepEqual(currency[0]?.loc, ['body', 'currency'])
    const blank = await faults('POST /products', { sku: '    ', name: 'Thing', price: 1 })
    assert.deepEqual(blank[0]?.loc, ['body', 'sku'])
    assert.equal(
      await first('POST /cart/items', { product_id: 'a', quantity: 101 }),
      'less_than_equal',
    )
    assert.equal(
      await first('POST /cart/items', { product_id: 'a', quantity: 1.5 }),
      'int_from_float',
    )
    assert.equal(await first('POST /cart/items', { product_id: 'a', quantity: 'x' }), 'int_parsing')
    assert.equal(await first('POST /checkout', { customer_email: 'abcd' }), 'string_too_short')
    assert.equal(await first('POST /checkout', { customer_email: 'abcde' }), 'value_error')
    assert.equal(await first('POST /checkout', []), 'model_attributes_type')
    assert.equal(await first('POST /checkout', undefined), 'missing')
    assert.equal(await first('POST /payments/intents/pi_1/confirm', undefined), 'missing')
    assert.deepEqual((await ask('GET /products/search?in_stock=maybe')).body.detail[0].loc, [
      'query',
      'in_stock',
    ])
  })

  it('calls a broken body by the name that clients know', async () => {
    await using house = await openShop(engine)
    const { statusCode, body } = await house.http.inject({
      method: 'POST',
      url: '/api/v1/ecommerce/checkout',
      headers: { 'content-type': 'application/json' },
      payload: '{"customer_email": oops}',
    })
    const [fault] = JSON.parse(body).detail
    assert.deepEqual(
      [statusCode, fault.type, fault.msg],
      [422, 'json_invalid', 'JSON decode error'],
    )
    assert.deepEqual(fault.loc, ['body', 19])
  })

  it('says what is not there in the published words', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const told = async (route: string, body?: unknown) => {
      const answer = await ask(route, body)
      return [answer.status, answer.body.detail]
    }
    const email = { customer_email: 'buyer@example.com' }
    assert.deepEqual(await told('GET /products/prd_0000000000'), [404, 'Product not found'])
    assert.deepEqual(await told('POST /cart/items', { product_id: 'prd_1' }), [
      404,
      'Product not found',
    ])
    assert.deepEqual(await told('POST /checkout', email), [400, 'Cart is empty'])
    assert.deepEqual(await told('GET /orders/ord_1'), [404, 'Order not found'])
    assert.deepEqual(await told('POST /payments/intents', { order_id: '' }), [
      404,
      'Order not found',
    ])
    const confirm = 'POST /payments/intents/pi_1/confirm'
    assert.deepEqual(await told(confirm, {}), [404, 'Payment intent not found'])
    assert.deepEqual(await told('GET /nowhere'), [404, 'Not Found'])
    assert.deepEqual(await told('GET /orders'), [404, 'Not Found'])
    assert.deepEqual(await told('PUT /products'), [405, 'Method Not Allowed'])
    assert.deepEqual(await told('PATCH /orders/ord_1'), [405, 'Method Not Allowed'])
    assert.equal((await ask('PUT /cart')).headers.allow, 'GET, DELETE')
  })

  it('refuses an SKU that is taken', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    await stocked(ask)
    const again = await ask('POST /products', { sku: 'sku-100', name: 'Other', price: 1 })
    assert.equal(again.status, 409)
    assert.match(again.body.detail, /SKU-100/i)
  })

  it('answers a repeated Idempotency-Key with what it answered first', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const product_id = await stocked(ask)
    await ask('POST /cart/items', { product_id })
    const key = { 'idempotency-key': 'checkout-1' }
    const email = { customer_email: 'buyer@example.com' }
    const first = await ask('POST /checkout', email, key)
    const again = await ask('POST /checkout', email, key)
    assert.deepEqual([again.status, again.body], [201, first.body])
    assert.equal(again.headers['idempotent-replayed'], 'true')
    const other = await ask('POST /checkout', { customer_email: 'other@example.com' }, key)
    assert.equal(other.status, 422)
  })

  it('never lets a customer see or pay the order of another', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const order = await ordered(ask)
    const intent = await intended(ask, order.id)
    const customer_id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10' as Id<'customer'>
    const eve = { ...admin, id: 'user:eve', own_only: true, customer_id, may: () => false }
    const seen = await house.send(`GET /api/v1/ecommerce/orders/${order.id}`, { as: eve })
    assert.deepEqual([seen.status, seen.body], [404, { detail: 'Order not found' }])
    const confirm = `POST /api/v1/ecommerce/payments/intents/${intent.id}/confirm`
    const paid = await house.send(confirm, { as: eve, body: {} })
    assert.deepEqual([paid.status, paid.body], [404, { detail: 'Payment intent not found' }])
    assert.equal((await ask(`GET /orders/${order.id}`)).body.status, 'confirmed')
  })
})
