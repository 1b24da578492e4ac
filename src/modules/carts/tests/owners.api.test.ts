import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { onEveryEngine, openHouse, someoneWho } from '#testing'
import { asGuest, linesOf, newCustomer, newGuest, openShop } from './shop.ts'

const SHELVES: Record<string, [string, number]> = { MUG: ['12.50', 50], TEA: ['4.00', 30] }

onEveryEngine("somebody else's cart", (engine) => {
  it('is not there, for guests and customers alike, whatever they ask of it', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const items = [{ sku: 'MUG', quantity: 1 }]
    const guest = await newGuest(house, { items })
    const ada = await newCustomer(house)
    const bo = await newCustomer(house, 'bo@example.com')
    const opened = await house.ask('POST /api/v1/carts', { items }, { as: ada.as })
    assert.equal(opened.status, 201, JSON.stringify(opened.body))
    assert.deepEqual([opened.data.customer_id, opened.data.session_id], [ada.id, null])
    const strangers = [
      { as: bo.as },
      asGuest(),
      asGuest('wrong-secret-of-a-guest'),
      { as: someoneWho('products:read') },
    ]
    for (const cart of [guest.opened, opened.data]) {
      const line = cart.items[0].id
      for (const who of strangers) {
        for (const [route, body] of [
          ['GET ', undefined],
          ['PUT ', { email: 'x@example.com' }],
          ['POST /items', { sku: 'TEA', quantity: 1 }],
          [`PUT /items/${line}`, { quantity: 2 }],
          [`DELETE /items/${line}`, undefined],
          ['POST /clear', {}],
          ['POST /coupons', { code: 'X' }],
          ['PUT /shipping-address', { country_code: 'US' }],
          ['DELETE ', undefined],
        ] as const) {
          const [method, path] = route.split(' ')
          const { status, error } = await house.ask(
            `${method} /api/v1/carts/${cart.id}${path}`,
            body,
            who,
          )
          assert.deepEqual([status, error.code], [404, 'CART_NOT_FOUND'], route)
        }
      }
    }
    assert.deepEqual(linesOf((await guest.ask('GET ')).data), { MUG: 1 })
    assert.deepEqual(await house.violations(), [])
  })

  it('is read by staff with orders:read, and changed by staff that places orders', async () => {
    await using house = await openHouse(engine)
    await openShop(house, SHELVES)
    const guest = await newGuest(house, { items: [{ sku: 'MUG', quantity: 1 }] })
    const reader = { as: someoneWho('orders:read') }
    const clerk = { as: someoneWho('orders:read', 'orders:create') }
    const path = `/api/v1/carts/${guest.id}`

    assert.equal((await house.ask(`GET ${path}`, undefined, reader)).status, 200)
    const tea = { sku: 'TEA', quantity: 1 }
    assert.equal((await house.ask(`POST ${path}/items`, tea, reader)).status, 404)
    assert.equal((await house.ask(`POST ${path}/items`, tea, clerk)).status, 200)
  })

  it('cannot be opened: a customer names nobody but themselves, a guest nobody', async () => {
    await using house = await openHouse(engine)
    const ada = await newCustomer(house)
    const bo = await newCustomer(house, 'bo@example.com')
    const forBo = { customer_id: bo.id }
    for (const who of [{ as: ada.as }, asGuest()]) {
      const { status, error } = await house.ask('POST /api/v1/carts', forBo, who)
      assert.deepEqual([status, error.code], [401, 'CART_OWNER_MISMATCH'])
    }
    assert.equal((await house.ask('POST /api/v1/carts', forBo, { as: bo.as })).status, 201)
    assert.equal((await house.ask('POST /api/v1/carts', forBo)).data.customer_id, bo.id)
  })

  it('is in no list but that of its owner and of staff', async () => {
    await using house = await openHouse(engine)
    const ada = await newCustomer(house)
    const mine = await house.ask('POST /api/v1/carts', {}, { as: ada.as })
    const guest = await newGuest(house)
    const again = await newGuest(house, { session_id: guest.session_id })
    const listed = async (who: object, query = '') => {
      const { status, data } = await house.ask(`GET /api/v1/carts${query}`, undefined, who)
      assert.equal(status, 200)
      return data.items.map(({ id }: { id: string }) => id)
    }
    assert.deepEqual(await listed({ as: ada.as }), [mine.data.id])
    assert.deepEqual(await listed({ as: ada.as }, `?customer_id=${crypto.randomUUID()}`), [
      mine.data.id,
    ])
    assert.deepEqual(await listed(asGuest(guest.session_id)), [again.id, guest.id])
    assert.deepEqual(await listed({}), [again.id, guest.id, mine.data.id])
    assert.deepEqual(await listed({}, '?status=Abandoned'), [])
    await guest.ask('DELETE ')
    assert.deepEqual(await listed({}, '?status=Abandoned'), [guest.id])
    assert.deepEqual(await listed({}, '?status=Active&limit=1'), [again.id])
    assert.equal((await house.ask('GET /api/v1/carts', undefined, asGuest())).status, 401)
  })

  it("is not told by the database: a guest's secret is kept as its hash only", async () => {
    await using house = await openHouse(engine)
    const guest = await newGuest(house, { session_id: 'a-secret-that-the-client-made' })
    assert.equal(guest.session_id, 'a-secret-that-the-client-made')
    const { rows } = await house.database.read((session) =>
      sql<{ session_hash: string }>`select session_hash from carts`.execute(session.kysely),
    )
    assert.equal(rows.length, 1)
    assert.ok(!rows[0]?.session_hash.includes('secret'))
    const short = await house.ask('POST /api/v1/carts', { session_id: 'short' }, asGuest())
    assert.deepEqual([short.status, short.error.details.field], [400, 'session_id'])
  })

  it('of a customer who leaves is given up, and forgets them', async () => {
    await using house = await openHouse(engine)
    const ada = await newCustomer(house)
    const body = { email: 'ada@example.com', shipping_address: { country_code: 'US' } }
    const { data } = await house.ask('POST /api/v1/carts', body, { as: ada.as })
    assert.equal((await house.ask(`DELETE /api/v1/customers/${ada.id}`)).status, 204)
    const { data: left } = await house.ask(`GET /api/v1/carts/${data.id}`)
    assert.deepEqual(
      [left.cart.status, left.cart.email, left.cart.shipping_address],
      ['Abandoned', null, null],
    )
    assert.deepEqual(await house.violations(), [])
  })
})
