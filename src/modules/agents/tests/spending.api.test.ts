import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, someoneWho } from '#testing'
import { type Mall, openMall } from './mall.ts'

/** An agent with these limits, a customer, and the agent's way into a cart of theirs. */
async function hire(mall: Mall, limits: object[]) {
  const key = await mall.key()
  const agent = await mall.made('POST /api/v1/agents', {
    name: 'Shopping assistant',
    api_key_id: key.id,
    limits,
  })
  const customer_id = await mall.customer()
  const cart_id = await mall.cartOf(customer_id)
  const put = (quantity: number, more: object = {}, into = cart_id) => {
    const route = `POST /api/v1/agents/customers/${customer_id}/carts/${into}/items`
    return mall.ask(route, { sku: 'MUG', quantity, ...more }, key.as)
  }
  return { agent, key, customer_id, cart_id, put }
}

onEveryEngine('an agent', (engine) => {
  it('puts items into the cart of a customer, within its limits', async () => {
    await using mall = await openMall(engine)
    await mall.stock(['MUG'])
    const { agent, put, cart_id, customer_id } = await hire(mall, [
      { currency: 'usd', per_cart: '50.00', per_day: '80.00' },
    ])
    const first = await put(5)
    assert.equal(first.status, 201, JSON.stringify(first.body))
    assert.equal(first.data.customer_id, customer_id)
    assert.equal(first.data.items[0].quantity, 5)

    const refused = await put(1)
    assert.equal(refused.status, 403)
    assert.equal(refused.error.code, 'AGENT_LIMIT_EXCEEDED')
    assert.match(refused.error.message, /50\.00 USD into a cart/)
    assert.equal((await mall.made(`GET /api/v1/carts/${cart_id}`)).items[0].quantity, 5)

    const other = await mall.cartOf(customer_id)
    assert.equal((await put(3, {}, other)).status, 201)
    const day = await put(1, {}, other)
    assert.match(day.error.message, /80\.00 USD into a day/)
    mall.pass(1)
    assert.equal((await put(2, {}, other)).status, 201)

    const [limit] = (await mall.made(`GET /api/v1/agents/${agent.id}`)).limits
    assert.deepEqual(limit, {
      currency: 'USD',
      per_cart: '50.00',
      per_day: '80.00',
      spent_today: '20.00',
    })
    const { items } = await mall.made(`GET /api/v1/agents/${agent.id}/additions`)
    assert.deepEqual(
      items.map(({ quantity, amount }: any) => [quantity, amount]),
      [
        [2, '20.00'],
        [3, '30.00'],
        [5, '50.00'],
      ],
    )
    assert.equal((await mall.events()).filter((name) => name === 'agent.added_to_cart').length, 3)
  })

  it('never gets over its limit, however many ask at once', async () => {
    await using mall = await openMall(engine)
    await mall.stock(['MUG'])
    const { agent, put, customer_id } = await hire(mall, [{ currency: 'USD', per_day: '70.00' }])
    const carts = [await mall.cartOf(customer_id), await mall.cartOf(customer_id)]
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, nth) => put(1, {}, carts[nth % 2] as string)),
    )
    const statuses = answers.map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 201).length, 7)
    assert.equal(statuses.filter((status) => status === 403).length, 13)
    const [limit] = (await mall.made(`GET /api/v1/agents/${agent.id}`)).limits
    assert.equal(limit.spent_today, '70.00')
  })

  it('may spend nothing in a currency it has no limit for', async () => {
    await using mall = await openMall(engine)
    await mall.stock(['MUG'])
    const { put } = await hire(mall, [{ currency: 'EUR', per_day: null }])
    assert.equal((await put(1)).error.code, 'AGENT_LIMIT_EXCEEDED')
  })

  it('is refused while it is paused, and when nobody knows it', async () => {
    await using mall = await openMall(engine)
    await mall.stock(['MUG'])
    const { agent, put, customer_id, cart_id } = await hire(mall, [{ currency: 'USD' }])
    assert.equal((await put(1)).status, 201)
    await mall.made(`PUT /api/v1/agents/${agent.id}`, { paused: true })
    assert.equal((await put(1)).error.code, 'AGENT_PAUSED')

    const stranger = await mall.key()
    const route = `POST /api/v1/agents/customers/${customer_id}/carts/${cart_id}/items`
    const unknown = await mall.ask(route, { sku: 'MUG', quantity: 1 }, stranger.as)
    assert.equal(unknown.error.code, 'AGENT_NOT_REGISTERED')
    assert.equal((await mall.ask(route, { sku: 'MUG', quantity: 1 })).status, 201)
  })

  it('is no one whose id is not that of a key', async () => {
    await using mall = await openMall(engine)
    await mall.stock(['MUG'])
    const { customer_id, cart_id } = await hire(mall, [{ currency: 'USD' }])
    const route = `POST /api/v1/agents/customers/${customer_id}/carts/${cart_id}/items`
    for (const id of ['api_key:', 'api_key:somebody', 'somebody']) {
      const as = { ...someoneWho('agents:access'), kind: 'api_key' as const, id }
      const { status, error } = await mall.ask(route, { sku: 'MUG', quantity: 1 }, { as })
      assert.deepEqual([status, error?.code], [403, 'AGENT_NOT_REGISTERED'], id)
    }
  })

  it('reaches no cart of another customer', async () => {
    await using mall = await openMall(engine)
    await mall.stock(['MUG'])
    const { put } = await hire(mall, [{ currency: 'USD' }])
    const theirs = await mall.cartOf(await mall.customer())
    assert.equal((await put(1, {}, theirs)).status, 404)
    assert.equal((await put(51)).status, 422)
    assert.equal((await put(0)).status, 400)
    assert.equal((await put(1, { sku: 'NOTHING' })).error.code, 'CART_PRODUCT_UNKNOWN')
  })

  it('is answered the same for the same key, and spends once', async () => {
    await using mall = await openMall(engine)
    await mall.stock(['MUG'])
    const { agent, key, customer_id, cart_id } = await hire(mall, [{ currency: 'USD' }])
    const headers = { ...key.as.headers, 'idempotency-key': 'once' }
    const route = `POST /api/v1/agents/customers/${customer_id}/carts/${cart_id}/items`
    const again = () => mall.ask(route, { sku: 'MUG', quantity: 2 }, { ...key.as, headers })
    const [one, two] = [await again(), await again()]
    assert.deepEqual(two.data, one.data)
    const [limit] = (await mall.made(`GET /api/v1/agents/${agent.id}`)).limits
    assert.equal(limit.spent_today, '20.00')
  })

  it('has a key of its own, and limits that are said once', async () => {
    await using mall = await openMall(engine)
    const { key, agent } = await hire(mall, [])
    const taken = await mall.ask('POST /api/v1/agents', { name: 'Other', api_key_id: key.id })
    assert.equal(taken.error.code, 'AGENT_KEY_TAKEN')
    const twice = [{ currency: 'USD' }, { currency: 'usd' }]
    const refused = await mall.ask(`PUT /api/v1/agents/${agent.id}`, { limits: twice })
    assert.equal(refused.status, 400)
    const { items } = await mall.made('GET /api/v1/agents')
    assert.deepEqual(
      items.map(({ name }: any) => name),
      ['Shopping assistant'],
    )
  })
})
