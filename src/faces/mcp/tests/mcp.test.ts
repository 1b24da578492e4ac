import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { Actor } from '#platform/context'
import { onEveryEngine, openHouse, someoneWho } from '#testing'
import { newCustomer, openShop, shopper } from '../../../modules/carts/tests/shop.ts'
import { tradepostTools } from '../toolbox.ts'
import { openClient } from './client.ts'

const SHELVES: Record<string, [string, number]> = { MUG: ['12.50', 50], TEA: ['4.00', 50] }
const GUESTS = [
  'search_products',
  'get_product',
  'open_cart',
  'get_cart',
  'put_in_cart',
  'set_cart_item',
  'start_checkout',
  'complete_checkout',
]
const ADDRESS = {
  first_name: 'Ada',
  last_name: 'Brook',
  address_line_1: '12 Harbour Street',
  city: 'Portland',
  province: 'ME',
  postal_code: '04101',
  country_code: 'US',
}

async function openMcp(engine: 'sqlite' | 'postgres') {
  const house = await openHouse(engine)
  await openShop(house, SHELVES)
  return Object.assign(house, {
    /** Headers of someone, as `ask` sends them. */
    as: async ({ as }: { as: Actor }) => {
      await house.ask('GET /api/v1/carts', undefined, { as })
      return { headers: { 'x-api-key': `test ${as.id}` } }
    },
  })
}

onEveryEngine('MCP', (engine) => {
  for (const era of ['modern', 'legacy'] as const) {
    it(`sells to a guest from search to order, in the ${era} era`, async () => {
      await using house = await openMcp(engine)
      await using mcp = await openClient(house, { era })
      const found = await mcp.told('search_products', { query: 'mug' })
      assert.deepEqual(
        found.items.map(({ sku, price }: any) => [sku, price]),
        [['MUG', '12.50']],
      )
      const items = [{ product: 'MUG', quantity: 1 }]
      const cart = await mcp.told('open_cart', { items })
      const mine = { cart_id: cart.id, session_id: cart.session_id }
      await mcp.told('put_in_cart', { ...mine, product: 'TEA', quantity: 3 })
      const filled = await mcp.told('get_cart', mine)
      assert.equal(filled.subtotal, '24.50')
      const checkout = await mcp.told('start_checkout', {
        ...mine,
        email: 'ada@example.com',
        shipping_address: ADDRESS,
        shipping_method: 'Standard',
      })
      const done = await mcp.told('complete_checkout', {
        checkout_id: checkout.id,
        session_id: cart.session_id,
        payment_method: 'CreditCard',
        payment_token: 'pm_test_success',
        expected_total: checkout.total,
      })
      assert.match(done.order_number, /^ORD-/)
      assert.equal(done.payment.status, 'succeeded')
      const order = await house.ask(`GET /api/v1/orders/${done.order_id}`)
      assert.equal(order.data.total_amount, checkout.total)
      assert.deepEqual(await house.violations(), [])
    })
  }

  it('shows each caller the tools that they may use, and no others', async () => {
    await using house = await openMcp(engine)
    await using guest = await openClient(house)
    assert.deepEqual(await guest.names(), GUESTS)

    const ada = await newCustomer(house)
    await using customer = await openClient(house, await house.as({ as: shopper(ada.id) }))
    assert.deepEqual(await customer.names(), [...GUESTS, 'get_order'])

    const reader = someoneWho('inventory:read')
    await using clerk = await openClient(house, await house.as({ as: reader }))
    assert.deepEqual((await clerk.names()).slice(GUESTS.length), ['get_stock', 'low_stock'])
    await assert.rejects(clerk.call('find_orders'), { code: -32602 })

    await using all = await openClient(house, { headers: { 'x-api-key': house.adminKey } })
    assert.ok((await all.names()).includes('cancel_order'))
  })

  it('tells what its schemas say, and truthful annotations', async () => {
    await using house = await openMcp(engine)
    await using mcp = await openClient(house, { headers: { 'x-api-key': house.adminKey } })
    const { tools } = await mcp.client.listTools()
    const ajv = addFormats.default(new Ajv({ strict: false }))
    const { total } = await mcp.told('low_stock', { threshold: 60 })
    assert.equal(total, 2)
    const calls: Record<string, object> = {
      search_products: {},
      get_product: { product: 'MUG' },
      recommend_products: {},
      find_orders: {},
      find_shipments: {},
      find_returns: {},
      get_stock: { item: 'MUG' },
      low_stock: { threshold: 60 },
      open_cart: { items: [{ product: 'MUG', quantity: 1 }] },
    }
    for (const { name, inputSchema, outputSchema, annotations, description } of tools) {
      assert.doesNotMatch(JSON.stringify({ inputSchema, outputSchema }), /"\$ref"/, name)
      assert.ok((description ?? '').length < 120, name)
      const isRead = /^(search|get|recommend|find|why|low)_/.test(name)
      assert.equal(annotations?.readOnlyHint, isRead, name)
      assert.ok(!isRead || annotations?.destructiveHint === false, name)
      const input = calls[name]
      if (!input) continue
      const check = ajv.compile(outputSchema as object)
      assert.ok(check(await mcp.told(name, input)), `${name}: ${ajv.errorsText(check.errors)}`)
    }
  })

  it('tells operators why an order is on hold, and lets it go on', async () => {
    await using house = await openMcp(engine)
    const ada = await newCustomer(house)
    const items = [{ product_id: 'MUG', quantity: 1 }]
    const { data } = await house.ask('POST /api/v1/orders', { customer_id: ada.id, items })
    const hold = { code: 'fraud_review', note: 'two countries' }
    await house.ask(`POST /api/v1/orders/${data.id}/hold`, hold)
    await using mcp = await openClient(house, { headers: { 'x-api-key': house.adminKey } })

    const why = await mcp.told('why_is_this_order_on_hold', { order: data.order_number })
    assert.equal(why.is_on_hold, true)
    assert.deepEqual([why.open[0].code, why.open[0].note], ['fraud_review', 'two countries'])
    await assert.rejects(mcp.call('release_order_hold', { order: data.id }), { code: -32602 })
    const released = await mcp.told('release_order_hold', { order: data.id, confirm: true })
    assert.notEqual(released.status, 'on_hold')
  })

  it('changes nothing twice under one key, also for twins', async () => {
    await using house = await openMcp(engine)
    await using mcp = await openClient(house, { headers: { 'x-api-key': house.adminKey } })
    const cart = await mcp.told('open_cart')
    const put = { cart_id: cart.id, product: 'MUG', quantity: 2, idempotency_key: 'once' }
    await Promise.allSettled([mcp.call('put_in_cart', put), mcp.call('put_in_cart', put)])
    const again = await mcp.told('put_in_cart', put)
    assert.equal(again.items[0].quantity, 2)
    const other = await mcp.call('put_in_cart', { ...put, quantity: 3 })
    assert.equal(other.isError, true)
    assert.equal(other.structuredContent.code, 'IDEMPOTENCY_KEY_REUSED')
  })

  it('speaks the Agentic Commerce Protocol as its HTTP face does', async () => {
    await using house = await openMcp(engine)
    const agent = someoneWho('agentic:use')
    const { headers } = await house.as({ as: agent })
    await using mcp = await openClient(house, { headers })
    const meta = (idempotency_key: string) => ({ api_version: '2026-04-17', idempotency_key })
    const payload = {
      line_items: [{ id: 'MUG', quantity: 2 }],
      currency: 'usd',
      capabilities: {},
    }
    const create = { meta: meta('one'), payload }
    const made = await mcp.told('create_checkout_session', create)
    assert.match(made.status, /^not_ready_for_payment$/)
    assert.equal(made.line_items[0].quantity, 2)
    assert.ok(made.totals.length > 0)
    assert.deepEqual(await mcp.told('create_checkout_session', create), made)

    const { id } = made
    const read = await mcp.told('get_checkout_session', { meta: meta('two'), id })
    assert.deepEqual(read, made)
    const byHttp = await house.send(`GET /checkout_sessions/${id}`, {
      as: agent,
      headers: { 'api-version': '2026-04-17' },
    })
    assert.deepEqual(byHttp.body, read)
    const canceled = await mcp.told('cancel_checkout_session', { meta: meta('three'), id })
    assert.equal(canceled.status, 'canceled')

    const again = mcp.call('complete_checkout_session', { meta: meta('four'), id, payload: {} })
    await assert.rejects(again, (error: any) => {
      assert.equal(error.code, -32000)
      assert.equal(typeof error.data.code, 'string')
      return true
    })
    await assert.rejects(mcp.call('get_checkout_session', { id }), { code: -32602 })
  })

  it('tells a client how it is protected, and asks for no more than its tools need', async () => {
    await using house = await openMcp(engine)
    const read = async (path: string) =>
      (await house.http.inject(`/.well-known/oauth-protected-resource${path}`)).json()
    for (const path of ['/mcp', '/ucp/mcp', '/ucp']) {
      const { resource, bearer_methods_supported } = await read(path)
      assert.equal(new URL(resource).pathname, path)
      assert.deepEqual(bearer_methods_supported, ['header'])
    }
    const { tools } = tradepostTools(house.http, house.app)
    const needed = tools.flatMap(({ operations }) =>
      operations.map((name) => house.app.operations.find((one) => one.name === name)?.permission),
    )
    const told = (await read('/mcp')).scopes_supported
    const scopes = new Set(needed.filter((one) => one !== 'public'))
    assert.deepEqual(told, [...scopes].toSorted())

    const wrong = { authorization: 'Bearer nonsense' }
    const { statusCode, headers } = await house.http.inject({
      method: 'POST',
      url: '/mcp',
      headers: wrong,
      payload: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    })
    assert.equal(statusCode, 401)
    const challenge = String(headers['www-authenticate'])
    const at = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? ''
    assert.equal(new URL(at).pathname, '/.well-known/oauth-protected-resource/mcp')
    assert.match(challenge, /error="invalid_token"/)
  })

  it('tells a refusal as such, and a broken call as a fault of the call', async () => {
    await using house = await openMcp(engine)
    await using mcp = await openClient(house)
    const missing = await mcp.call('get_product', { product: 'NOTHING' })
    assert.equal(missing.isError, true)
    assert.equal(missing.structuredContent.code, 'PRODUCT_NOT_FOUND')
    assert.deepEqual(JSON.parse(missing.content[0].text), missing.structuredContent)
    await assert.rejects(mcp.call('get_product', {}), { code: -32602 })
    await assert.rejects(mcp.call('nothing_like_it'), { code: -32602 })
  })

  it('refuses foreign pages, other names, and bad credentials', async () => {
    await using house = await openMcp(engine)
    const ping = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
    const ask = (headers: Record<string, string>, payload: object | string = ping) =>
      house.http.inject({
        method: 'POST',
        url: '/mcp',
        payload,
        headers: {
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
          ...headers,
        },
      })
    assert.equal((await ask({})).statusCode, 200)
    assert.equal((await ask({ origin: 'https://evil.example' })).statusCode, 403)
    assert.equal((await ask({ host: 'evil.example' })).statusCode, 403)
    const stranger = await ask({ authorization: 'Bearer nonsense' })
    assert.equal(stranger.statusCode, 401)
    assert.match(String(stranger.headers['www-authenticate']), /^Bearer/)
    const broken = await ask({}, '{"jsonrpc":')
    assert.equal(broken.statusCode, 400)
    assert.equal(broken.json().error.code, -32700)
    const get = await house.http.inject({ method: 'GET', url: '/mcp' })
    assert.equal(get.statusCode, 405)
  })
})
