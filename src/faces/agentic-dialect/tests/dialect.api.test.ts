import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'

const ROOT = '/api/v1/checkout_sessions'
const ADDRESS = {
  name: 'Ada Brook',
  line1: '12 Harbour Street',
  city: 'Portland',
  region: 'ME',
  postal_code: '04101',
  country: 'US',
  phone: '+12075550100',
  email: 'ada@example.com',
}
const customer = { shipping_address: ADDRESS }

/** A shop with ten mugs at 12.50. */
async function openShop(engine: Parameters<typeof openHouse>[0], settings = {}) {
  const house = await openHouse(engine, { settings })
  for (const [route, body] of [
    ['locations', { code: 'MAIN', name: 'Main warehouse' }],
    ['products', { name: 'A mug', sku: 'MUG', price: '12.50' }],
    ['inventory', { item_number: 'MUG', location_id: 'MAIN', quantity_on_hand: 10 }],
  ] as const) {
    const { status, error } = await house.ask(`POST /api/v1/${route}`, body)
    assert.equal(status, 201, JSON.stringify(error))
  }
  return house
}

type Sent = { body?: unknown; headers?: Record<string, string> }

async function ok(house: House, route: string, sent: Sent = {}): Promise<any> {
  const { status, body } = await house.send(route, sent)
  assert.ok(status < 300, `${route}: ${status} ${JSON.stringify(body)}`)
  return body
}

const items = [{ id: 'MUG', quantity: 2 }]
const start = (house: House, root = ROOT) =>
  ok(house, `POST ${root}`, { body: { items, customer } })

onEveryEngine('the structured dialect', (engine) => {
  it('buys from create to complete, and its order is an order like any other', async () => {
    await using house = await openShop(engine)
    const body = { items }
    const created = await house.send(`POST ${ROOT}`, { body, headers: { 'request-id': 'r1' } })
    assert.equal(created.status, 201)
    assert.equal(created.headers.location, `${ROOT}/${created.body.id}`)
    assert.equal(created.headers['request-id'], 'r1')
    assert.equal(created.body.status, 'not_ready_for_payment')
    assert.deepEqual(created.body.totals.subtotal, { amount: 2500, currency: 'usd' })
    assert.equal(created.body.messages[0].param, '$.customer.shipping_address')
    assert.ok(!('fulfillment' in created.body))

    const { id } = created.body
    const ready = await ok(house, `POST ${ROOT}/${id}`, { body: { customer } })
    assert.equal(ready.status, 'ready_for_payment')
    assert.deepEqual(ready.customer.shipping_address, ADDRESS)
    const dearest = ready.fulfillment.options.at(-1)
    const chosen = await ok(house, `POST ${ROOT}/${id}`, {
      body: { fulfillment: { selected_id: dearest.id } },
    })
    assert.equal(chosen.fulfillment.selected_id, dearest.id)
    assert.deepEqual(chosen.totals.shipping, dearest.price)
    const { subtotal, shipping, tax, grand_total } = chosen.totals
    assert.equal(grand_total.amount, subtotal.amount + shipping.amount + (tax?.amount ?? 0))
    assert.deepEqual(await ok(house, `GET ${ROOT}/${id}`), chosen)

    const payment = { delegated_token: 'pm_test_success' }
    const done = await ok(house, `POST ${ROOT}/${id}/complete`, { body: { payment } })
    assert.equal(done.status, 'completed')
    assert.deepEqual([done.order.checkout_session_id, done.order.status], [id, 'placed'])
    assert.equal(done.order.permalink_url, done.links.order_permalink)
    const { data: order } = await house.ask(`GET /api/v1/orders/${done.order.id}`)
    assert.equal(Number(order.total_amount) * 100, grand_total.amount)
    const again = await house.send(`POST ${ROOT}/${id}/complete`, { body: { payment } })
    assert.deepEqual([again.status, again.body.error.code], [400, 'invalid_operation'])
    const late = await house.send(`POST ${ROOT}/${id}/cancel`)
    assert.deepEqual([late.status, late.body.error.type], [405, 'invalid_request_error'])
    assert.deepEqual(await house.violations(), [])
  })

  it('is served below every documented path, and one session is seen below all of them', async () => {
    await using house = await openShop(engine)
    const { id } = await start(house, '/api/v1/agentic-checkout/sessions')
    const seen = await ok(house, `GET /api/v1/agentic-checkout/checkout_sessions/${id}`)
    assert.deepEqual(seen, await ok(house, `GET ${ROOT}/${id}`))
    const core = await house.ask(`GET /api/v1/agentic/sessions/${id}`)
    assert.equal(core.data.totals.total, seen.totals.grand_total.amount)
  })

  it('speaks the protocol itself on the documented path, to those who name a version', async () => {
    await using house = await openShop(engine)
    const root = '/api/v1/agentic-checkout/checkout_sessions'
    const headers = { 'api-version': '2025-09-29' }
    const body = { items: [{ id: 'MUG', quantity: 1 }] }
    const created = await ok(house, `POST ${root}`, { body, headers })
    assert.ok(Array.isArray(created.totals) && created.line_items[0].base_amount === 1250)
    const same = await ok(house, `GET ${root}/${created.id}`)
    assert.equal(same.totals.subtotal.amount, 1250)
    const unknown = await house.send(`GET ${root}/${created.id}`, {
      headers: { 'api-version': '1999-01-01' },
    })
    assert.equal(unknown.body.code, 'unsupported_api_version')
  })

  it('completes with the customer of that very request, and once under a key', async () => {
    await using house = await openShop(engine)
    const { id } = await ok(house, `POST ${ROOT}`, { body: { items } })
    const headers = { 'idempotency-key': 'complete-once' }
    const body = { payment: { method: 'pm_test_success' }, customer }
    const route = `POST ${ROOT}/${id}/complete`
    const first = await house.send(route, { body, headers })
    const second = await house.send(route, { body, headers })
    assert.deepEqual([first.status, second.status], [200, 200], JSON.stringify(second.body))
    assert.deepEqual(second.body, first.body)
    assert.equal(second.headers['x-idempotent-replay'], 'true')
    const other = await house.send(route, { body: { payment: { method: 'x' }, customer }, headers })
    assert.deepEqual([other.status, other.body.error.code], [409, 'conflict'])
    const placed = (await house.events()).filter((name) => name === 'order.created')
    assert.equal(placed.length, 1)
  })

  it('tells a declined card as a failed payment, and lets another one pay', async () => {
    await using house = await openShop(engine)
    const { id } = await start(house)
    const route = `POST ${ROOT}/${id}/complete`
    const bad = await house.send(route, {
      body: { payment: { delegated_token: 'pm_test_declined' } },
    })
    assert.deepEqual([bad.status, bad.body.error.code], [400, 'payment_failed'])
    assert.equal((await ok(house, `GET ${ROOT}/${id}`)).status, 'ready_for_payment')
    await ok(house, route, { body: { payment: { delegated_token: 'pm_test_success' } } })
    assert.deepEqual(await house.violations(), [])
  })

  it('pays with a card of the vault, once and within its allowance', async () => {
    await using house = await openShop(engine)
    const { id, totals } = await start(house)
    const hand = async (max_amount: number, number = '4242424242424242') =>
      (
        await house.ask('POST /api/v1/vault/tokens', {
          payment_method: {
            type: 'card',
            card_number_type: 'fpan',
            number,
            display_card_funding_type: 'credit',
            metadata: {},
          },
          allowance: {
            reason: 'one_time',
            max_amount,
            currency: 'usd',
            checkout_session_id: id,
            merchant_id: 'tradepost',
            expires_at: '2041-01-01T00:00:00Z',
          },
          risk_signals: [],
          metadata: {},
        })
      ).data.id
    const pay = async (delegated_token: string) =>
      house.send(`POST ${ROOT}/${id}/complete`, { body: { payment: { delegated_token } } })
    const small = await pay(await hand(totals.grand_total.amount - 1))
    assert.equal(small.status, 400, JSON.stringify(small.body))
    const declined = await pay(await hand(totals.grand_total.amount, '4000000000000002'))
    assert.deepEqual([declined.status, declined.body.error.code], [400, 'payment_failed'])
    const token = await hand(totals.grand_total.amount)
    const paid = await pay(token)
    assert.equal(paid.status, 200, JSON.stringify(paid.body))
    const { id: other } = await start(house)
    const route = `POST ${ROOT}/${other}/complete`
    const reused = await house.send(route, { body: { payment: { delegated_token: token } } })
    assert.equal(reused.status, 400)
    const captured = (await house.events()).filter((name) => name === 'payment.captured')
    assert.equal(captured.length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses what is wrong, with the member', async () => {
    await using house = await openShop(engine)
    const { id } = await start(house)
    const wrong = (more: object) => ({
      items,
      customer: { shipping_address: { ...ADDRESS, ...more } },
    })
    const cases: [string, unknown, number, string?][] = [
      [ROOT, { items: [] }, 400],
      [ROOT, {}, 400, '$.items'],
      [ROOT, { items: [{ id: 'MUG', quantity: 0 }] }, 400, '$.items[0].quantity'],
      [ROOT, { items: [{ id: 'NOTHING', quantity: 1 }] }, 404],
      [ROOT, wrong({ country: 'us' }), 400, '$.customer.shipping_address.country'],
      [ROOT, wrong({ country: 'XX' }), 400, '$.customer.shipping_address.country'],
      [ROOT, wrong({ line1: '  ' }), 400, '$.customer.shipping_address.line1'],
      [ROOT, wrong({ phone: '12' }), 400, '$.customer.shipping_address.phone'],
      [
        `${ROOT}/${id}`,
        { fulfillment: { selected_id: 'by-pigeon' } },
        400,
        '$.fulfillment.selected_id',
      ],
      [`${ROOT}/${id}/complete`, {}, 400, '$.payment'],
      [`${ROOT}/${id}/complete`, { payment: {} }, 400],
      [`${ROOT}/019a0000-0000-7000-8000-000000000000`, {}, 404],
      [`${ROOT}/nonsense`, {}, 404],
    ]
    for (const [path, body, status, param] of cases) {
      const answer = await house.send(`POST ${path}`, { body })
      const told = JSON.stringify([path, body, answer.status, answer.body])
      assert.equal(answer.status, status, told)
      assert.match(answer.body.error.type, /^invalid_request_error$/)
      if (param) assert.equal(answer.body.error.param, param, told)
    }
    const nobody = await house.send(`GET ${ROOT}/${id}`, { as: 'nobody' })
    assert.deepEqual([nobody.status, nobody.body.error.code], [401, 'authentication_failed'])
  })

  it('wants a signature where a secret is configured, also on reads', async () => {
    const now = new Date('2026-06-01T12:00:00.000Z')
    const secret = 'signing-secret-of-the-agent'
    const house = await openHouse(engine, {
      settings: { agentic_commerce_signing_secret: secret },
      clock: () => now,
    })
    const sign = (timestamp: string, body: string) => ({
      timestamp,
      signature: createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'),
    })
    const at = `${ROOT}/019a0000-0000-7000-8000-000000000000`
    const read = (headers = {}) => house.send(`GET ${at}`, { headers })
    assert.match((await read()).body.error.message, /Signature/)
    for (const timestamp of ['2026-06-01T12:04:00Z', '1780315200']) {
      assert.equal((await read(sign(timestamp, ''))).status, 404, 'signed well, so it is read')
    }
    const old = await read(sign('2026-06-01T11:54:00Z', ''))
    assert.match(old.body.error.message, /too old/)
    const body = JSON.stringify({ items: [] })
    const headers = { 'content-type': 'application/json', ...sign('1780315200', body) }
    const good = await house.send(`POST ${ROOT}`, { body, headers })
    assert.match(good.body.error.message, /empty/)
    const forged = await house.send(`POST ${ROOT}`, { body: body.replace('[]', '[ ]'), headers })
    assert.match(forged.body.error.message, /not of this request/)
    await house.close()
  })
})
