import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { endDueSessions } from '#modules/agentic'
import { systemProcess } from '#platform/execute'
import { onEveryEngine, openHouse } from '#testing'
import { delegation } from '../../src/modules/vault/tests/cards.ts'
import {
  agent,
  completion,
  creation,
  LATEST,
  made,
  openShop,
  speaker,
  totalOf,
  VERSIONS,
} from './speaking.ts'

onEveryEngine('what a shop of its own shows', (engine) => {
  test('D-39 a session whose time is over has expired, and is canceled in older words', async () => {
    let ahead_ms = 0
    const clock = () => new Date(Date.now() + ahead_ms)
    await using house = await openHouse(engine, { clock })
    await openShop(house)
    const ask = speaker(house)
    const { id } = (await ask('POST /checkout_sessions', creation(LATEST))).body
    ahead_ms = 31 * 60_000
    for (const sweep of [false, true]) {
      if (sweep) await endDueSessions(systemProcess(house.app))
      for (const version of VERSIONS) {
        const { body } = await ask(`GET /checkout_sessions/${id}`, undefined, { version })
        assert.equal(body.status, version >= '2026-01-30' ? 'expired' : 'canceled')
      }
      const late = await ask(`POST /checkout_sessions/${id}/complete`, completion(LATEST))
      assert.deepEqual([late.status, late.body.code], [409, 'session_ended'])
    }
  })

  test('D-11 yen have no hundredths, and the currency of a session stays', async () => {
    await using house = await openHouse(engine, { settings: { default_currency: 'JPY' } })
    await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
    const cup = { name: 'A cup', sku: 'CUP', price: '1200', currency: 'JPY' }
    await made(house, 'POST /api/v1/products', cup)
    const stock = { item_number: 'CUP', location_id: 'MAIN', quantity_on_hand: 5 }
    await made(house, 'POST /api/v1/inventory', stock)
    const ask = speaker(house)
    const items = [{ id: 'CUP', quantity: 2 }]
    const { body } = await ask(
      'POST /checkout_sessions',
      creation(LATEST, items, { currency: 'jpy' }),
    )
    assert.equal(totalOf(body, 'items_base_amount'), 2400)
    assert.equal(body.currency, 'jpy')
  })

  test('prices that contain their tax still add up', async () => {
    await using house = await openHouse(engine, { settings: { prices_include_tax: true } })
    await openShop(house)
    for (const version of VERSIONS) {
      const ask = speaker(house, { version })
      const { body } = await ask('POST /checkout_sessions', creation(version))
      const of = (type: string) => totalOf(body, type)
      assert.equal(of('tax'), 0)
      assert.equal(of('total'), of('subtotal') - of('discount') + of('fulfillment'))
    }
  })

  test('D-35 a consent that was offered is kept with its wording, others are not', async () => {
    const shop_privacy_url = 'https://shop.example/privacy'
    await using house = await openHouse(engine, { settings: { shop_privacy_url } })
    await openShop(house)
    const ask = speaker(house)
    const { id, marketing_consent_options, links } = (
      await ask('POST /checkout_sessions', creation(LATEST))
    ).body
    assert.deepEqual(
      marketing_consent_options.map((one: any) => one.channel),
      ['email'],
    )
    assert.deepEqual(
      links.map((one: any) => one.type),
      ['privacy_policy'],
    )
    const marketing_consents = ['email', 'fax'].map((channel) => ({ channel, opted_in: true }))
    const more = completion(LATEST, 'pm_test_success', { marketing_consents })
    const done = await ask(`POST /checkout_sessions/${id}/complete`, more)
    assert.equal(done.body.status, 'completed')
    const rows = await house.database.read((session) =>
      session.run<{ told: string | object }>({
        sql: 'select told from agent_sessions',
        parameters: [],
      }),
    )
    const [{ told }] = rows.rows as [{ told: string | object }]
    const { consents } = typeof told === 'string' ? JSON.parse(told) : told
    assert.deepEqual(
      consents.map((one: any) => one.channel),
      ['email'],
    )
    assert.ok(consents[0].display_text && consents[0].at)
  })

  test('D-46 an answer under a key outlives the server', async () => {
    const key = randomUUID()
    await using first = await openHouse(engine)
    await openShop(first)
    const before = await speaker(first)('POST /checkout_sessions', creation(LATEST), { key })
    await using second = await openHouse(engine, { at: first.url })
    const after = await speaker(second)('POST /checkout_sessions', creation(LATEST), { key })
    assert.deepEqual([after.status, after.body], [201, before.body])
    assert.equal(after.headers['idempotent-replayed'], 'true')
  })

  test('D-43 a key whose request still runs is told so, and when to ask again', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ask = speaker(house)
    const { id } = (await ask('POST /checkout_sessions', creation(LATEST))).body
    const key = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        ask(`POST /checkout_sessions/${id}/complete`, completion(LATEST), { key }),
      ),
    )
    const done = answers.filter(({ status }) => status === 200)
    assert.ok(done.length > 0)
    assert.equal(new Set(done.map(({ body }) => body.order?.id)).size, 1)
    for (const { status, body, headers } of answers.filter((one) => !done.includes(one))) {
      assert.deepEqual([status, body.code], [409, 'idempotency_in_flight'])
      assert.equal(headers['retry-after'], '1')
    }
    assert.deepEqual(await house.violations(), [])
  })

  test('D-70 a token of the vault pays its own session, once, and no more than it may', async () => {
    await using house = await openHouse(engine, { settings: { merchant_id: 'shop' } })
    await openShop(house)
    const ask = speaker(house)
    const open = async () => (await ask('POST /checkout_sessions', creation(LATEST))).body
    const session = await open()
    const total = totalOf(session, 'total')
    const tokenFor = async (allowance: object) => {
      const fitting = { checkout_session_id: session.id, max_amount: total }
      const body = delegation({ allowance: { ...fitting, ...allowance } })
      return (await made(house, 'POST /api/v1/vault/tokens', body)).id
    }
    const pay = (id: string, token: string) =>
      ask(`POST /checkout_sessions/${id}/complete`, completion(LATEST, token))
    const wrong = [
      { max_amount: total - 1 },
      { checkout_session_id: 'another' },
      { merchant_id: 'another' },
      { currency: 'eur' },
    ]
    for (const allowance of wrong) {
      const { status, body } = await pay(session.id, await tokenFor(allowance))
      assert.ok(status >= 400 && status < 500, JSON.stringify(body))
      assert.equal(body.code, 'invalid_payment_token')
      assert.match(body.param, /token$/)
    }
    assert.equal((await pay(session.id, 'vt_unknown')).status, 400)
    const token = await tokenFor({})
    const done = await pay(session.id, token)
    assert.equal(done.body.status, 'completed', JSON.stringify(done.body))
    assert.ok((await pay((await open()).id, token)).status >= 400)
    assert.equal((await house.ask('GET /api/v1/orders')).data.items.length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  test('where a signing secret is set, what is not signed is refused', async () => {
    const agentic_commerce_signing_secret = 'a secret of this shop and its agent'
    await using house = await openHouse(engine, { settings: { agentic_commerce_signing_secret } })
    await openShop(house)
    const ask = speaker(house)
    const body = creation(LATEST)
    const bare = await ask('POST /checkout_sessions', body)
    assert.ok(bare.status >= 400, JSON.stringify(bare.body))
    const timestamp = new Date().toISOString()
    const signature = createHmac('sha256', agentic_commerce_signing_secret)
      .update(`${timestamp}.${JSON.stringify(body)}`)
      .digest('hex')
    const signed = await ask('POST /checkout_sessions', body, { headers: { timestamp, signature } })
    assert.equal(signed.status, 201, JSON.stringify(signed.body))
  })

  test('a real API key as bearer token is an agent; without the permission it is none', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const { email, password } = { email: 'staff@example.com', password: 'Correct-horse-battery-9' }
    const person = { email, password, first_name: 'S', last_name: 'T', roles: ['admin'] }
    await made(house, 'POST /api/v1/users', person)
    const login = await made(house, 'POST /api/v1/auth/login', { email, password })
    const bearer = async (permissions: string[]) => {
      const key = { name: 'agent', permissions, expires_in_days: 1 }
      const headers = { authorization: `Bearer ${login.access_token}` }
      const { data } = await house.ask('POST /api/v1/auth/api-keys', key, { as: 'nobody', headers })
      return `Bearer ${data.api_key}`
    }
    const send = async (authorization: string) => {
      const headers = { authorization, 'api-version': LATEST, 'idempotency-key': randomUUID() }
      const sent = { as: 'nobody' as const, headers, body: creation(LATEST) }
      return house.send('POST /checkout_sessions', sent)
    }
    assert.equal((await send(await bearer(['agentic:use']))).status, 201)
    const other = await send(await bearer(['orders:read']))
    assert.deepEqual([other.status, other.body.code], [403, 'forbidden'])
    assert.equal(agent.kind, 'api_key')
  })

  test('what a customer is forgotten takes their sessions along', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ask = speaker(house)
    const { id } = (await ask('POST /checkout_sessions', creation(LATEST))).body
    const { body } = await ask(`POST /checkout_sessions/${id}/complete`, completion(LATEST))
    const order = await house.ask(`GET /api/v1/orders/${body.order.id}`)
    const exported = await house.ask(`GET /api/v1/customers/${order.data.customer_id}/export`)
    assert.ok(JSON.stringify(exported.body).includes(id))
  })
})
