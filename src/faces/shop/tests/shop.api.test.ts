import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import {
  asking,
  GUEST,
  goOn,
  guestOf,
  newShopper,
  openShop,
  providerOf,
  SESSION,
  SIGNED,
} from './shopping.ts'

onEveryEngine('the shop face', (engine) => {
  it("adds, shows, changes and clears a guest's cart, below both prefixes", async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = guestOf(house)

    const added = await guest('POST /api/cart/items', {
      product_id: 'ROSE',
      quantity: 1,
      metadata: { scene: 'signature' },
    })

    assert.equal(added.status, 200, JSON.stringify(added.body))
    const { cart, added_item, success } = added.body
    assert.equal(success, true)
    assert.match(cart.cart_id, /^cart_[0-9a-f]+$/)
    assert.deepEqual(
      [cart.subtotal, cart.tax, cart.shipping, cart.total, cart.currency],
      [299.99, 30, 15, 344.99, 'USD'],
    )
    assert.deepEqual([cart.session_id, cart.user_id], [GUEST, null])
    const [item] = cart.items
    assert.match(item.item_id, /^item_/)
    assert.match(item.product_id, /^prod_/)
    assert.deepEqual(item.metadata, { scene: 'signature' })
    assert.deepEqual(added_item, {
      item_id: item.item_id,
      product_id: item.product_id,
      quantity: 1,
      price: 299.99,
    })

    const again = await guest('POST /api/v1/cart/items', {
      product_id: item.product_id,
      variant_id: item.variant_id,
      quantity: 2,
    })
    assert.deepEqual([again.body.cart.items.length, again.body.added_item.quantity], [1, 2])
    const set = await guest(`PATCH /api/cart/items/${item.item_id}`, { quantity: 3 })
    assert.deepEqual(set.body.updated_item, {
      item_id: item.item_id,
      product_id: item.product_id,
      quantity: 3,
    })
    const read = await asking(house, 'nobody')(`GET /api/v1/cart?session_id=${GUEST}`)
    assert.deepEqual(read.body, set.body.cart)
    const removed = await guest(`DELETE /api/cart/items/${item.item_id}`)
    assert.deepEqual(
      [removed.status, removed.body.removed_item_id, removed.body.cart.items],
      [200, item.item_id, []],
    )
    const cleared = await guest('DELETE /api/cart')
    assert.deepEqual(
      [cleared.body.message, cleared.body.cart.total],
      ['Cart cleared successfully', 0],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses in its own flat words', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { ROSE: 1 })
    const guest = guestOf(house)
    const stranger = asking(house, 'nobody')

    const [short, unknown, invalid, noCart, nobody, badLogin, noItem, empty] = [
      await guest('POST /api/cart/items', { product_id: 'ROSE', quantity: 2 }),
      await guest('POST /api/cart/items', { product_id: 'prod_0000', quantity: 1 }),
      await guest('POST /api/cart/items', { product_id: 'ROSE', quantity: 0 }),
      await asking(house, 'nobody', { 'x-cart-session': 'nobody-has-this' })('GET /api/cart'),
      await stranger('GET /api/cart'),
      await stranger('POST /api/auth/login', { email: 'no@example.com', password: 'wrong' }),
      await guest(`PATCH /api/cart/items/${randomUUID()}`, { quantity: 1 }),
      await guest('POST /api/checkout/session', SESSION),
    ]

    const { request_id, timestamp, ...told } = short.body
    assert.ok(request_id && timestamp)
    assert.deepEqual(
      [short.status, told.error, told.message, told.available_quantity, told.requested_quantity],
      [400, 'insufficient_inventory', 'Only 1 item available in stock', 1, 2],
    )
    const codes = (answers: { status: number; body: { error: string } }[]) =>
      answers.map(({ status, body }) => [status, body.error])
    assert.deepEqual(codes([unknown, invalid, noCart, nobody, badLogin, noItem, empty]), [
      [400, 'invalid_product'],
      [400, 'invalid_request'],
      [404, 'cart_not_found'],
      [401, 'authentication_required'],
      [401, 'authentication_required'],
      [404, 'cart_not_found'],
      [404, 'cart_not_found'],
    ])
  })

  it('merges what a guest gathered at the first signed-in call', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { ROSE: 3 })
    const ada = await newShopper(house)
    await guestOf(house)('POST /api/cart/items', { product_id: 'ROSE', quantity: 2 })
    const user = asking(house, ada)
    await user('POST /api/cart/items', { product_id: 'ROSE', quantity: 2 })

    const merged = await user(`GET /api/cart?session_id=${GUEST}`)

    assert.equal(merged.status, 200, JSON.stringify(merged.body))
    assert.deepEqual(
      merged.body.items.map(({ quantity }: any) => quantity),
      [3],
    )
    assert.equal((await guestOf(house)('GET /api/cart')).status, 404)
    assert.match(merged.body.user_id, /^user_/)
    assert.deepEqual(await house.violations(), [])
  })

  it('has one cart for each caller who is no guest, also for staff', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ada = asking(house, await newShopper(house))
    const [first, second] = await Promise.all([
      ada('POST /api/cart/items', { product_id: 'ROSE', quantity: 1 }),
      ada('POST /api/cart/items', { product_id: 'TEA', quantity: 1 }),
    ])
    assert.equal(first.body.cart.cart_id, second.body.cart.cart_id)
    const staff = (route: string, body?: object) =>
      house.send(route, body === undefined ? {} : { body })
    await staff('POST /api/cart/items', { product_id: 'TEA', quantity: 1 })
    const own = await staff('GET /api/cart')
    assert.deepEqual([own.body.items.length, own.body.session_id], [1, null])
    assert.deepEqual(await house.violations(), [])
  })

  it('logs in and refreshes, and takes the token everywhere', async () => {
    await using house = await openHouse(engine)
    const password = 'a-long-password-of-hers'
    const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
    const registered = await house.ask(
      'POST /api/v1/customers/register',
      { ...person, password },
      { as: 'nobody' },
    )
    assert.ok(registered.status < 300, JSON.stringify(registered.body))
    const nobody = asking(house, 'nobody')

    const login = await nobody('POST /api/auth/login', { email: person.email, password })

    assert.equal(login.status, 200, JSON.stringify(login.body))
    const { access_token, refresh_token, expires_in, token_type } = login.body
    assert.deepEqual([expires_in, token_type], [3600, 'Bearer'])
    const user = asking(house, 'nobody', { authorization: `Bearer ${access_token}` })
    assert.deepEqual((await user('GET /api/cart')).body.items, [])
    const fresh = await nobody('POST /api/auth/refresh', { refresh_token })
    assert.deepEqual(Object.keys(fresh.body).sort(), Object.keys(login.body).sort())
    const reused = await nobody('POST /api/auth/refresh', { refresh_token })
    assert.deepEqual([reused.status, reused.body.error], [401, 'authentication_required'])
  })

  it('answers the same to the same key, and refuses another body under it', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = guestOf(house)
    const key = { 'idempotency-key': randomUUID() }
    const item = { product_id: 'TEA', quantity: 1 }
    const first = await guest('POST /api/cart/items', item, key)
    const again = await guest('POST /api/cart/items', item, key)
    const other = await guest('POST /api/cart/items', { ...item, quantity: 2 }, key)

    assert.deepEqual(again.body, first.body)
    assert.equal(again.headers['idempotent-replayed'], 'true')
    assert.equal(other.status, 422)
    assert.equal((await guest('GET /api/cart')).body.items[0].quantity, 1)
    const refused = { 'idempotency-key': randomUUID() }
    const many = { product_id: 'TEA', quantity: 1000 }
    const statuses = [
      await guest('POST /api/cart/items', many, refused),
      await guest('POST /api/cart/items', many, refused),
    ].map(({ status, body }) => [status, body.error])
    assert.deepEqual(statuses, [
      [400, 'insufficient_inventory'],
      [400, 'insufficient_inventory'],
    ])
  })

  it('sells by redirect, embedded and by intent, and tells the order under its own number', async () => {
    await using house = await openHouse(engine, { settings: SIGNED })
    await openShop(house)
    const ada = asking(house, await newShopper(house))
    for (const way of ['redirect', 'embedded', 'intent'] as const) {
      const { body } = await ada('POST /api/cart/items', { product_id: 'ROSE', quantity: 1 })
      const asked =
        way === 'intent'
          ? await ada('POST /api/checkout/payment-intent', {
              amount: 34499,
              currency: 'usd',
              payment_method_types: ['card'],
              metadata: { cart_id: body.cart.cart_id },
            })
          : await ada('POST /api/checkout/session', { ...SESSION, mode: way })
      assert.equal(asked.status, 200, JSON.stringify(asked.body))
      const members = {
        redirect: ['expires_at', 'session_id', 'url'],
        embedded: ['client_secret', 'expires_at', 'publishable_key', 'session_id'],
        intent: ['amount', 'client_secret', 'currency', 'payment_intent_id', 'status'],
      }
      assert.deepEqual(Object.keys(asked.body).sort(), members[way])
      const ref = asked.body.session_id ?? asked.body.payment_intent_id
      const before = await ada(`GET /api/checkout/session/${ref}`)
      assert.deepEqual(
        [before.body.status, before.body.payment_status, before.body.order_id],
        ['open', 'unpaid', null],
      )

      await providerOf(house).completeHosted(ref, 'paid')
      await goOn(house)

      const { body: after } = await ada(`GET /api/v1/checkout/session/${ref}`)
      assert.deepEqual(
        [after.status, after.payment_status, after.amount_total, after.currency],
        ['complete', 'paid', 34499, 'usd'],
      )
      assert.match(after.order_id, /^order_/)
      assert.match(after.order_number, /^SKY-\d{4}-\d{3,}$/)
      assert.deepEqual((await ada('GET /api/cart')).body.items, [])
    }
    const { data } = await house.ask('GET /api/v1/orders')
    assert.deepEqual(
      data.items.map((order: any) => [order.total_amount, order.status, order.payment_status]),
      Array(3).fill(['344.99', 'confirmed', 'paid']),
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('charges what the server counts, whatever amount a client names', async () => {
    await using house = await openHouse(engine, { settings: SIGNED })
    await openShop(house)
    const ada = asking(house, await newShopper(house))
    await ada('POST /api/cart/items', { product_id: 'ROSE', quantity: 1 })
    const refused = await ada('POST /api/checkout/payment-intent', { amount: 1, currency: 'usd' })
    assert.deepEqual([refused.status, refused.body.error], [400, 'amount_mismatch'])
    const others = asking(house, await newShopper(house, 'bo@example.com'))
    const page = await ada('POST /api/checkout/session', SESSION)
    const hidden = await others(`GET /api/checkout/session/${page.body.session_id}`)
    assert.deepEqual([hidden.status, hidden.body.error], [404, 'checkout_session_not_found'])
  })

  it('counts each category for user and address, and says so in its own headers', async () => {
    await using house = await openHouse(engine, {
      settings: { rate_limit_enabled: true, shop_cart_requests_per_minute: 3 },
    })
    const made = await newShopper(house)
    const ada = asking(house, made)
    const now_s = Date.now() / 1000
    const answers = []
    for (let nth = 0; nth < 4; nth++) answers.push(await ada('GET /api/cart'))

    const [first, , , full] = answers
    assert.deepEqual(
      [first?.headers['x-ratelimit-limit'], first?.headers['x-ratelimit-remaining']],
      ['3', '2'],
    )
    assert.ok(Number(first?.headers['x-ratelimit-reset']) > now_s)
    assert.deepEqual([full?.status, full?.body.error], [429, 'rate_limit_exceeded'])
    assert.ok(full?.body.retry_after > 0)
    assert.equal(full?.headers['retry-after'], String(full?.body.retry_after))
    const other = await asking(house, 'nobody')('GET /api/checkout/session/cs_test_1')
    assert.equal(other.status, 404)
    const neighbour = await guestOf(house)('GET /api/cart')
    assert.equal(neighbour.status, 429)
  })
})
