import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { intended, openShop, ordered, type Speaker, speaker, stocked } from './scene.ts'

type Told = { order_id: string; payment_intent_id: string }

const said = (ask: Speaker, of: Told, outcome: 'succeeded' | 'failed', status: string = outcome) =>
  ask('POST /webhooks/payments', { event_type: `payment.${outcome}`, ...of, status })

onEveryEngine('payments on the e-commerce interface', (engine) => {
  it('go from intent to paid, and back when the provider says so (section 7, point 4)', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const order = await ordered(ask)
    const canonical = async () => (await house.ask('GET /api/v1/orders')).data.items[0]

    const intent = await ask('POST /payments/intents', {
      order_id: order.id,
      provider: ' MockPay ',
    })
    assert.equal(intent.status, 201)
    const { id, client_secret, created_at, ...rest } = intent.body
    assert.match(id, /^pi_[0-9a-f]{12}$/)
    assert.match(client_secret, /^cs_[0-9a-f]{32}$/)
    assert.match(created_at, /\+00:00$/)
    assert.deepEqual(rest, {
      order_id: order.id,
      amount: '159.98',
      currency: 'USD',
      provider: 'mockpay',
      status: 'requires_confirmation',
      gateway_reference: null,
    })

    const confirmed = await ask(`POST /payments/intents/${id}/confirm`, {
      gateway_reference: 'gw-demo-001',
    })
    assert.equal(confirmed.status, 200)
    assert.equal(confirmed.body.status, 'succeeded')
    assert.equal(confirmed.body.gateway_reference, 'gw-demo-001')
    assert.equal((await ask(`GET /orders/${order.id}`)).body.status, 'paid')

    const of = { order_id: order.id, payment_intent_id: id }
    const failed = await said(ask, of, 'failed')
    assert.equal(failed.status, 202)
    assert.deepEqual(failed.body, {
      accepted: true,
      event_type: 'payment.failed',
      order_id: order.id,
      order_status: 'payment_failed',
    })
    const held = await canonical()
    assert.deepEqual([held.status, held.payment_status], ['on_hold', 'failed'])
    assert.equal((await house.ask('GET /api/v1/products/SKU-100')).data.available_quantity, 8)
    assert.deepEqual(await house.violations(), [])

    const paid = await said(ask, of, 'succeeded')
    assert.equal(paid.body.order_status, 'paid')
    const back = await canonical()
    assert.deepEqual([back.status, back.payment_status], ['confirmed', 'paid'])
    assert.deepEqual(await house.violations(), [])
  })

  it('are one for each order, however many intents and confirmations there are', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const order = await ordered(ask)
    const [one, two] = [await intended(ask, order.id), await intended(ask, order.id)]
    const confirm = (id: string, gateway_reference: string | null) =>
      ask(`POST /payments/intents/${id}/confirm`, { gateway_reference })

    const answers = await Promise.all([
      confirm(one.id, 'a'),
      confirm(one.id, 'b'),
      confirm(two.id, 'c'),
    ])
    const good = answers.filter(({ status }) => status === 200)
    assert.ok(good.length >= 1)
    for (const { status, body } of answers.filter((answer) => !good.includes(answer))) {
      assert.ok(status === 400 || status === 409, JSON.stringify(body))
    }
    const { data } = await house.ask('GET /api/v1/payments')
    assert.deepEqual(
      data.items.map((payment: any) => [payment.status, payment.captured_amount]),
      [['succeeded', '159.98']],
    )
    const [winner] = good
    const again = await confirm(winner?.body.id, 'another')
    assert.deepEqual([again.status, again.body], [200, winner?.body])
    const loser = winner?.body.id === one.id ? two : one
    const late = await confirm(loser.id, null)
    assert.deepEqual([late.status, late.body], [400, { detail: 'Order already paid' }])
    const third = await ask('POST /payments/intents', { order_id: order.id })
    assert.deepEqual([third.status, third.body], [400, { detail: 'Order already paid' }])
    assert.deepEqual(await house.violations(), [])
  })

  it('may be tried again after a decline', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const order = await ordered(ask)
    const { id } = await intended(ask, order.id)
    const confirm = (gateway_reference: string | null) =>
      ask(`POST /payments/intents/${id}/confirm`, { gateway_reference })

    const declined = await confirm('pm_test_declined')
    assert.deepEqual([declined.status, declined.body.status], [200, 'failed'])
    assert.equal((await ask(`GET /orders/${order.id}`)).body.status, 'payment_failed')
    const paid = await confirm(null)
    assert.equal(paid.body.status, 'succeeded')
    assert.match(paid.body.gateway_reference, /^gw_[0-9a-f]{10}$/)
    assert.equal((await ask(`GET /orders/${order.id}`)).body.status, 'paid')
    assert.deepEqual(await house.violations(), [])
  })

  it('are believed when the provider tells of them first', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const order = await ordered(ask)
    const intent = await intended(ask, order.id)
    const of = { order_id: order.id, payment_intent_id: intent.id }

    assert.equal(
      (await said(ask, of, 'failed', 'card_expired')).body.order_status,
      'payment_failed',
    )
    assert.equal((await said(ask, of, 'succeeded')).body.order_status, 'paid')
    const confirmed = await ask(`POST /payments/intents/${intent.id}/confirm`, {})
    assert.deepEqual([confirmed.status, confirmed.body.status], [200, 'succeeded'])
    const { data } = await house.ask('GET /api/v1/payments')
    assert.deepEqual(
      data.items.map((payment: any) => [payment.status, payment.captured_amount]),
      [['succeeded', '159.98']],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('are told once, however often the same event comes', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const order = await ordered(ask)
    const intent = await intended(ask, order.id)
    const of = { order_id: order.id, payment_intent_id: intent.id }
    await ask(`POST /payments/intents/${intent.id}/confirm`, {})

    const all = await Promise.all([1, 2, 3].map(() => said(ask, of, 'failed')))
    assert.deepEqual(
      all.map(({ status, body }) => [status, body.order_status]),
      [1, 2, 3].map(() => [202, 'payment_failed']),
    )
    const failures = (await house.events()).filter((name) => name === 'payment.failed')
    assert.equal(failures.length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('change nothing where intent and order are unknown or do not belong together', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const order = await ordered(ask)
    const other = await ordered(ask, { sku: 'SKU-200', name: 'Mouse' })
    const intent = await intended(ask, order.id)
    const before = await house.events()
    const wrong = [
      { order_id: 'ord_0000000000', payment_intent_id: intent.id },
      { order_id: order.id, payment_intent_id: 'pi_000000000000' },
      { order_id: other.id, payment_intent_id: intent.id },
    ]
    for (const of of wrong) {
      const { status, body } = await said(ask, of, 'succeeded')
      assert.deepEqual([status, body], [404, { detail: 'Order not found' }])
    }
    const of = { order_id: order.id, payment_intent_id: intent.id }
    const strange = await ask('POST /webhooks/payments', {
      event_type: 'payment.odd',
      ...of,
      status: 'ok',
    })
    assert.deepEqual([strange.status, strange.body], [400, { detail: 'Unsupported event type' }])
    assert.deepEqual(await house.events(), before)
    assert.equal((await ask(`GET /orders/${order.id}`)).body.status, 'confirmed')
  })

  it('are believed only when signed, once a secret is set', async () => {
    const secret = 'a-secret-of-twenty-four-letters'
    await using house = await openShop(engine, { ecommerce_webhook_secret: secret })
    const ask = speaker(house)
    const order = await ordered(ask)
    const intent = await intended(ask, order.id)
    const event = {
      event_type: 'payment.succeeded',
      payment_intent_id: intent.id,
      order_id: order.id,
      status: 'succeeded',
    }
    const sign = (text: string) => createHmac('sha256', secret).update(text).digest('hex')

    for (const signature of [undefined, 'deadbeef', sign('{}')]) {
      const { status, body } = await ask('POST /webhooks/payments', { ...event, signature })
      assert.deepEqual([status, body], [401, { detail: 'Invalid signature' }])
    }
    const timestamp = String(Math.floor(Date.now() / 1000))
    const headers = {
      'x-timestamp': timestamp,
      'x-signature': sign(`${timestamp}.${JSON.stringify(event)}`),
    }
    assert.equal((await ask('POST /webhooks/payments', event, headers)).status, 202)
    const failed = { ...event, event_type: 'payment.failed', status: 'failed' }
    const signature = sign(JSON.stringify(failed))
    assert.equal((await ask('POST /webhooks/payments', { ...failed, signature })).status, 202)
  })
})

onEveryEngine('races on the e-commerce interface', (engine) => {
  it('make one order of the shared cart, whoever checks it out', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    const product_id = await stocked(ask)
    await ask('POST /cart/items', { product_id, quantity: 2 })

    const answers = await Promise.all(
      [1, 2, 3, 4].map((nth) =>
        ask('POST /checkout', { customer_email: `buyer${nth}@example.com` }),
      ),
    )
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 400, 400, 400])
    const refused = answers.filter(({ status }) => status === 400)
    assert.ok(refused.every(({ body }) => body.detail === 'Cart is empty'))
    assert.equal((await ask(`GET /products/${product_id}`)).body.stock, 8)
    assert.deepEqual(await house.violations(), [])
  })

  it('never sell the last unit twice, and plant the seed once', async () => {
    await using house = await openShop(engine)
    const ask = speaker(house)
    await Promise.all([1, 2, 3].map(() => ask('POST /products/seed')))
    assert.equal((await ask('GET /products')).body.length, 3)
    const product_id = await stocked(ask, { stock: 1 })
    const sessions = [1, 2, 3, 4].map((nth) => ({ 'x-cart-session': `session-number-${nth}` }))
    for (const session of sessions) await ask('POST /cart/items', { product_id }, session)
    const answers = await Promise.all(
      sessions.map((session) =>
        ask('POST /checkout', { customer_email: 'b@example.com' }, session),
      ),
    )
    const placed = answers.filter(({ status }) => status === 201)
    assert.equal(placed.length, 1)
    for (const { status, body } of answers.filter((answer) => !placed.includes(answer))) {
      assert.deepEqual([status, body], [400, { detail: 'Insufficient stock for SKU-100' }])
    }
    assert.deepEqual(await house.violations(), [])
  })
})
