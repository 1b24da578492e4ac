import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Actor } from '#platform/context'
import { admin, type House, onEveryEngine, openHouse } from '#testing'

const ADDRESS = {
  street: '12 Harbour Street, Apt. 4',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
}

/** A shop with one customer, mugs at 12.50 (5 on the shelf) and tea at 4.00 (3 on the shelf). */
async function openShop(house: House) {
  await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  for (const [sku, price, units] of [
    ['MUG', '12.50', 5],
    ['TEA', '4.00', 3],
  ] as const) {
    const product = await house.ask('POST /api/v1/products', { name: `A ${sku}`, sku, price })
    assert.equal(product.status, 201, JSON.stringify(product.body))
    const stock = { item_number: sku, location_id: 'MAIN', quantity_on_hand: units }
    assert.equal((await house.ask('POST /api/v1/inventory', stock)).status, 201)
  }
  const customer_id = await newCustomer(house, 'ada@example.com')
  return { customer_id }
}

async function newCustomer(house: House, email: string): Promise<string> {
  const person = { email, first_name: 'Ada', last_name: 'Brook' }
  const { status, data, body } = await house.ask('POST /api/v1/customers', person)
  assert.equal(status, 201, JSON.stringify(body))
  return data.id
}

const available = async (house: House, sku: string) =>
  (await house.ask(`GET /api/v1/inventory/${sku}`)).data.quantities.available

/** The customer themselves, who sees only what is theirs. */
const shopper = (customer_id: string): Actor => ({
  ...admin,
  id: `user:${customer_id}`,
  customer_id: customer_id as never,
  own_only: true,
  roles: ['customer'],
  may: (permission) => /^orders:(read|create|cancel|delete)$/.test(permission),
})

onEveryEngine('orders', (engine) => {
  it('places an order at the prices of now, and holds its stock', async () => {
    await using house = await openHouse(engine)
    const { customer_id } = await openShop(house)

    const placed = await house.ask('POST /api/v1/orders', {
      customer_id,
      items: [
        { product_id: 'MUG', quantity: 2 },
        { sku: 'tea', quantity: 1, price: 4 },
      ],
      shipping_address: ADDRESS,
      total_amount: '0.01',
    })

    assert.equal(placed.status, 201, JSON.stringify(placed.body))
    assert.equal(placed.data.total_amount, '29.00')
    assert.equal(placed.data.status, 'pending')
    assert.match(placed.data.order_number, /^ORD-\d{7,}$/)
    assert.deepEqual(
      placed.data.items.map((item: { sku: string; total_price: string }) => [
        item.sku,
        item.total_price,
      ]),
      [
        ['MUG', '25.00'],
        ['TEA', '4.00'],
      ],
    )
    const read = await house.ask(`GET /api/v1/orders/${placed.data.id}`)
    assert.deepEqual(read.data, placed.data)
    assert.equal(await available(house, 'MUG'), '3')
    assert.ok((await house.events()).includes('order.created'))
    assert.deepEqual(await house.violations(), [])
  })

  it('counts an item on several lines together, and refuses the whole order if it is short', async () => {
    await using house = await openHouse(engine)
    const { customer_id } = await openShop(house)
    const three = { product_id: 'MUG', quantity: 3 }

    const refused = await house.ask('POST /api/v1/orders', { customer_id, items: [three, three] })

    assert.equal(refused.status, 422)
    assert.equal(refused.error.code, 'INSUFFICIENT_STOCK')
    assert.equal(refused.error.details.shortages[0].requested, 6)
    assert.equal(await available(house, 'MUG'), '5')
    assert.equal((await house.ask('GET /api/v1/orders')).data.total, 0)
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses unknown products, wrong prices and unknown customers, and names the member', async () => {
    await using house = await openHouse(engine)
    const { customer_id } = await openShop(house)
    const order = (item: object, customer = customer_id) =>
      house.ask('POST /api/v1/orders', { customer_id: customer, items: [item] })

    const unknown = await order({ product_id: 'NOPE', quantity: 1 })
    const cheap = await order({ product_id: 'MUG', quantity: 1, unit_price: '1.00' })
    const nobody = await order({ product_id: 'MUG', quantity: 1 }, crypto.randomUUID())

    assert.deepEqual([unknown.status, unknown.error.code], [400, 'ORDER_PRODUCT_UNKNOWN'])
    assert.deepEqual([cheap.status, cheap.error.code], [400, 'ORDER_PRICE_MISMATCH'])
    assert.equal(cheap.error.details.unit_price, '12.50')
    assert.deepEqual([nobody.status, nobody.error.code], [404, 'CUSTOMER_NOT_FOUND'])
  })

  it('cancels once: the stock returns, and a second cancel says what is still open', async () => {
    await using house = await openHouse(engine)
    const { customer_id } = await openShop(house)
    const items = [{ product_id: 'MUG', quantity: 2 }]
    const { data: order } = await house.ask('POST /api/v1/orders', { customer_id, items })

    const cancelled = await house.ask(`POST /api/v1/orders/${order.id}/cancel`, { reason: 'big' })
    const again = await house.ask(`POST /api/v1/orders/${order.order_number}/cancel`, {})

    assert.equal(cancelled.status, 200, JSON.stringify(cancelled.body))
    assert.equal(cancelled.data.status, 'cancelled')
    assert.equal(await available(house, 'MUG'), '5')
    assert.equal(again.status, 409)
    assert.equal(again.error.code, 'ORDER_CANNOT_CANCEL')
    assert.deepEqual(again.error.details.open_moves, ['refund'])
    assert.deepEqual(await house.violations(), [])
  })

  it('follows the lifecycle: shipping takes the units off the shelf', async () => {
    await using house = await openHouse(engine)
    const { customer_id } = await openShop(house)
    const items = [{ product_id: 'MUG', quantity: 2 }]
    const { data: order } = await house.ask('POST /api/v1/orders', { customer_id, items })
    const move = (status: string) => house.ask(`PUT /api/v1/orders/${order.id}/status`, { status })

    assert.equal((await move('delivered')).status, 409)
    assert.equal((await move('confirmed')).status, 200)
    const shipped = await move('shipped')
    assert.equal(shipped.data.fulfillment_status, 'fulfilled')
    assert.equal((await move('delivered')).data.status, 'delivered')

    const { on_hand, allocated, available } = (await house.ask('GET /api/v1/inventory/MUG')).data
      .quantities
    assert.deepEqual([on_hand, allocated, available], ['3', '0', '3'])
    assert.equal((await house.ask(`POST /api/v1/orders/${order.id}/archive`)).status, 200)
    assert.equal((await house.ask('GET /api/v1/orders')).data.total, 0)
    assert.equal((await house.ask(`GET /api/v1/orders/${order.id}`)).data.is_archived, true)
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses to cancel what was shipped and then held: the goods are gone', async () => {
    await using house = await openHouse(engine)
    const { customer_id } = await openShop(house)
    const items = [{ product_id: 'MUG', quantity: 2 }]
    const { data: order } = await house.ask('POST /api/v1/orders', { customer_id, items })
    const move = (status: string) => house.ask(`PUT /api/v1/orders/${order.id}/status`, { status })
    for (const status of ['confirmed', 'shipped', 'on_hold']) await move(status)

    const refused = await house.ask(`POST /api/v1/orders/${order.id}/cancel`, {})

    assert.deepEqual([refused.status, refused.error.code], [409, 'ORDER_ALREADY_SHIPPED'])
    assert.deepEqual(refused.error.details.open_moves, ['process', 'release'])
    assert.deepEqual(await house.violations(), [])
  })

  it('deletes what is pending, gives its stock back, and shows it nowhere', async () => {
    await using house = await openHouse(engine)
    const { customer_id } = await openShop(house)
    const items = [{ product_id: 'MUG', quantity: 2 }]
    const { data: order } = await house.ask('POST /api/v1/orders', { customer_id, items })

    assert.equal((await house.ask(`DELETE /api/v1/orders/${order.id}`)).status, 204)

    assert.equal((await house.ask(`GET /api/v1/orders/${order.id}`)).status, 404)
    assert.equal((await house.ask(`DELETE /api/v1/orders/${order.id}`)).status, 404)
    assert.equal(await available(house, 'MUG'), '5')
    assert.deepEqual(await house.violations(), [])
  })

  it("shows customers their own orders, and none of another's", async () => {
    await using house = await openHouse(engine)
    const { customer_id } = await openShop(house)
    const other = await newCustomer(house, 'bo@example.com')
    const items = [{ product_id: 'TEA', quantity: 1 }]
    const as = shopper(customer_id)
    const mine = await house.ask('POST /api/v1/orders', { items }, { as })
    const theirs = await house.ask('POST /api/v1/orders', { customer_id: other, items })

    assert.equal(mine.status, 201, JSON.stringify(mine.body))
    assert.equal(mine.data.customer_id, customer_id)
    const forOther = await house.ask('POST /api/v1/orders', { customer_id: other, items }, { as })
    assert.equal(forOther.status, 404)
    for (const path of ['my-orders', '', `?customer_id=${other}`]) {
      const { data } = await house.ask(`GET /api/v1/orders/${path}`.replace('/?', '?'), undefined, {
        as,
      })
      assert.deepEqual(
        data.items.map(({ id }: { id: string }) => id),
        [mine.data.id],
        path,
      )
    }
    const foreign = `/api/v1/orders/${theirs.data.id}`
    for (const route of [`GET ${foreign}`, `DELETE ${foreign}`, `POST ${foreign}/cancel`]) {
      assert.equal((await house.ask(route, undefined, { as })).status, 404, route)
    }
  })

  it('lists on keyset pages without gaps or repeats, filtered, sorted and searched', async () => {
    await using house = await openHouse(engine)
    const { customer_id } = await openShop(house)
    const ids: string[] = []
    for (const quantity of [1, 2, 1]) {
      const items = [{ product_id: 'TEA', quantity: 1 }]
      if (quantity === 2) items.push({ product_id: 'MUG', quantity: 1 })
      const notes = quantity === 2 ? 'Leave it at the 100% blue door' : null
      const { data } = await house.ask('POST /api/v1/orders', { customer_id, items, notes })
      ids.push(data.id)
    }
    const list = async (query: string) => (await house.ask(`GET /api/v1/orders?${query}`)).data

    const first = await list('limit=2')
    const second = await list(`limit=2&cursor=${first.next_cursor}`)
    assert.deepEqual(
      [...first.items, ...second.items].map(({ id }: { id: string }) => id),
      ids.toReversed(),
    )
    assert.deepEqual([first.total, first.total_pages, second.page], [3, 2, 2])
    assert.equal(second.next_cursor, null)
    const byTotal = await list('sort_by=total_amount&sort_order=desc&limit=1&include_items=true')
    assert.deepEqual([byTotal.items[0].id, byTotal.items[0].items.length], [ids[1], 2])
    assert.deepEqual((await list('search=100%25%20BLUE')).items[0].id, ids[1])
    assert.equal((await list('search=100_')).total, 0)
    assert.equal((await list(`search=${byTotal.items[0].order_number}`)).items[0].id, ids[1])
    assert.equal((await list('min_amount=4.01')).total, 1)
    assert.equal((await list('status=cancelled')).total, 0)
    assert.equal((await list('from=2100-01-01T00:00:00Z')).total, 0)
    assert.equal((await house.ask('GET /api/v1/orders?limit=101')).status, 400)
    assert.equal((await house.ask('GET /api/v1/orders?start_date=2026-02-30')).status, 400)
    assert.equal((await house.ask('GET /api/v1/orders/my-orders')).status, 403)
    assert.equal((await house.ask('GET /api/v1/orders?cursor=abc')).status, 400)
  })

  it('keeps what another version of the order would overwrite (If-Match)', async () => {
    await using house = await openHouse(engine)
    const { customer_id } = await openShop(house)
    const items = [{ product_id: 'TEA', quantity: 1 }]
    const { data: order } = await house.ask('POST /api/v1/orders', { customer_id, items })
    const cancel = (version: number) =>
      house.ask(
        `POST /api/v1/orders/${order.id}/cancel`,
        {},
        { headers: { 'if-match': `"v${version}"` } },
      )

    assert.equal((await cancel(order.version + 1)).status, 412)
    assert.equal((await cancel(order.version)).status, 200)
  })
})
