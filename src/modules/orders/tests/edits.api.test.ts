import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, someoneWho } from '#testing'
import { ADDRESS, count, faults, openStore, placeTaxed, type Store, shopper } from './selling.ts'

const ARTICLES = [
  { sku: 'MUG', price: '12.50', units: 10 },
  { sku: 'TEA', price: '4.00', units: 10 },
]
const addTo = (store: Store, id: string, body: object, more: object = {}) =>
  store.ask(`POST /api/v1/orders/${id}/items`, body, more)
const update = (store: Store, id: string, body: object, more: object = {}) =>
  store.ask(`PUT /api/v1/orders/${id}`, body, more)
const settle = (store: Store, id: string, status: string) =>
  store.ask(`PUT /api/v1/orders/${id}/status`, { status })

onEveryEngine('an order is corrected', (engine) => {
  it('in what costs nothing, once, with an event that names the members only', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 1 })
    const changed = { shipping_address: ADDRESS, notes: 'blue door', email: 'ada@example.org' }

    const { status, data } = await update(store, order.order_number, changed)
    assert.equal(status, 200, JSON.stringify(data))
    assert.deepEqual(data, {
      ...order,
      ...changed,
      version: order.version + 1,
      updated_at: data.updated_at,
    })
    assert.deepEqual(await store.order(order.id), data)
    // The same again changes nothing.
    assert.equal((await update(store, order.id, changed)).data.version, data.version)
    const [told] = (await store.rows('events')).filter(({ name }) => name === 'order.updated')
    const { members } = JSON.parse(JSON.stringify(told?.payload)) as { members: string[] }
    const names = typeof told?.payload === 'string' ? JSON.parse(told.payload).members : members
    assert.deepEqual(names, ['shipping_address', 'notes', 'email'])

    const cleared = await update(store, order.id, { notes: null })
    assert.deepEqual([cleared.data.notes, cleared.data.email], [null, 'ada@example.org'])
    const stale = { headers: { 'if-match': `"v${order.version}"` } }
    assert.equal((await update(store, order.id, { notes: 'x' }, stale)).status, 412)
    assert.equal((await update(store, order.id, { email: 'nobody' })).status, 400)
    assert.deepEqual(await store.violations(), [])
  })

  it('but not in where a parcel goes that has left, or whose taxes were computed', async () => {
    await using store = await openStore(engine, ARTICLES)
    const sent = await store.place({ MUG: 1 }, { shipping_address: ADDRESS })
    for (const status of ['confirmed', 'shipped']) await settle(store, sent.id, status)
    const moved = { shipping_address: { ...ADDRESS, street: '1 Quay' } }
    const refused = await update(store, sent.id, moved)
    assert.deepEqual([refused.status, refused.error.code], [409, 'ORDER_ADDRESS_FIXED'])
    assert.equal((await update(store, sent.id, { billing_address: ADDRESS })).status, 200)

    const taxed = await placeTaxed(store, { MUG: [1, 1250] })
    assert.equal((await update(store, taxed.id, moved)).status, 200)
    const abroad = { shipping_address: { ...ADDRESS, country: 'CA' } }
    assert.equal((await update(store, taxed.id, abroad)).error.code, 'ORDER_ADDRESS_FIXED')
    assert.equal((await update(store, taxed.id, { shipping_address: null })).status, 409)
    assert.deepEqual(await store.violations(), [])
  })

  it('by staff only', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 1 })
    const as = shopper(store.customer_id)
    assert.equal((await update(store, order.id, { notes: 'x' }, { as })).status, 403)
    assert.equal((await addTo(store, order.id, { sku: 'TEA', quantity: 1 }, { as })).status, 403)
  })
})

onEveryEngine('an item is added', (engine) => {
  it('at the price of now, with its stock; what was paid is then a part', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    await store.pay(order)
    const wrong = await addTo(store, order.id, { sku: 'TEA', quantity: 1, unit_price: '3.00' })
    assert.deepEqual([wrong.status, wrong.error.code], [400, 'ORDER_PRICE_MISMATCH'])

    const { status, data } = await addTo(store, order.order_number, {
      product_id: 'TEA',
      quantity: 3,
      price: 4,
    })
    assert.equal(status, 200, JSON.stringify(data))
    assert.deepEqual([data.total_amount, data.payment_status], ['37.00', 'partially_paid'])
    assert.deepEqual(
      data.items.map(({ sku, total_price }: never) => [sku, total_price]),
      [
        ['MUG', '25.00'],
        ['TEA', '12.00'],
      ],
    )
    assert.deepEqual(await store.order(order.id), data)
    assert.equal(await store.available('TEA'), 7)
    const events = await store.events()
    assert.ok(events.includes('order.item_added'))
    const rest = await store.pay(order, { amount: '12.00' })
    assert.equal(rest.status, 'succeeded')
    assert.equal((await store.order(order.id)).payment_status, 'paid')
    assert.equal((await store.ask('GET /api/v1/orders/statistics')).data.total_sales, '37.00')
    assert.deepEqual(await store.violations(), [])
  })

  it('with the taxes that are due on it, and leaves what was agreed for the others', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await placeTaxed(store, { MUG: [3, 333] })
    const { status, data } = await addTo(store, order.id, { sku: 'TEA', quantity: 2 })
    assert.equal(status, 200, JSON.stringify(data))
    assert.deepEqual(data.items[0], order.items[0])
    // 8 % by default on 8.00
    const [, tea] = data.items
    assert.deepEqual([tea.total_price, tea.tax_amount, tea.gross_price], ['8.00', '0.64', '8.64'])
    const cents = (money: string) => Math.round(Number(money) * 100)
    assert.equal(cents(data.total_amount), cents(order.total_amount) + 864)
    assert.equal(cents(data.subtotal), cents(order.subtotal) + 800)
    assert.equal(cents(data.tax_total), cents(order.tax_total) + 64)
    assert.deepEqual(await store.violations(), [])
  })

  it('not where it is short, unknown, closed or full: the order stays as it was', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    const short = await addTo(store, order.id, { sku: 'TEA', quantity: 11 })
    assert.deepEqual([short.status, short.error.code], [422, 'INSUFFICIENT_STOCK'])
    assert.equal((await addTo(store, order.id, { sku: 'NOPE', quantity: 1 })).status, 400)
    assert.equal((await addTo(store, order.id, { quantity: 1 })).status, 400)
    assert.deepEqual(await store.order(order.id), order)
    for (const status of ['confirmed', 'shipped', 'on_hold']) await settle(store, order.id, status)
    const gone = await addTo(store, order.id, { sku: 'TEA', quantity: 1 })
    assert.deepEqual([gone.status, gone.error.code], [409, 'ORDER_NOT_EDITABLE'])
    const over = await store.place({ MUG: 1 })
    await store.ask(`POST /api/v1/orders/${over.id}/cancel`, {})
    assert.equal((await addTo(store, over.id, { sku: 'TEA', quantity: 1 })).status, 409)
    assert.equal(await store.available('TEA'), 10)
    assert.deepEqual(await store.violations(), [])
  })

  it('to a confirmed order, and ships with it', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    await settle(store, order.id, 'confirmed')
    await addTo(store, order.id, { sku: 'TEA', quantity: 2 })
    const held = await store.ask('GET /api/v1/inventory/reservations?status=confirmed')
    assert.equal(held.data.total, 2)
    assert.equal((await settle(store, order.id, 'shipped')).status, 200)
    const { data } = await store.ask('GET /api/v1/inventory/TEA')
    const { on_hand, allocated, available } = data.quantities
    assert.deepEqual([on_hand, allocated, available], ['8', '0', '8'])
    assert.deepEqual(await store.violations(), [])
  })

  it('while the order is cancelled: either both or only the cancellation, and no stock is left held', async () => {
    await using store = await openStore(engine, ARTICLES)
    for (let round = 0; round < 6; round++) {
      const order = await store.place({ MUG: 1 })
      const answers = await Promise.all([
        addTo(store, order.id, { sku: 'TEA', quantity: 2 }),
        store.ask(`POST /api/v1/orders/${order.id}/cancel`, {}),
        addTo(store, order.id, { sku: 'MUG', quantity: 1 }),
      ])
      assert.deepEqual(faults(answers), [])
      assert.equal(answers[1]?.status, 200)
      assert.equal(await store.available('TEA'), 10)
      assert.equal(await store.available('MUG'), 10)
    }
    assert.deepEqual(await store.violations(), [])
  })

  it('by many at once never beyond the shelf, and every one of them is in the total', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 1 })
    const answers = await Promise.all(
      Array.from({ length: 14 }, () => addTo(store, order.id, { sku: 'TEA', quantity: 1 })),
    )
    assert.deepEqual([count(answers, 200), count(answers, 422)], [10, 4])
    const { total_amount, items } = await store.order(order.id)
    assert.deepEqual([total_amount, items.length], ['52.50', 11])
    assert.deepEqual(await store.violations(), [])
  })
})

onEveryEngine('an item of an unpaid order', (engine) => {
  const lower = (store: Store, order: { id: string }, item: { id: string }, quantity: number) =>
    store.ask(`PUT /api/v1/orders/${order.id}/items/${item.id}`, { quantity })
  const remove = (store: Store, order: { id: string }, item: { id: string }) =>
    store.ask(`DELETE /api/v1/orders/${order.id}/items/${item.id}`)

  it('can be lowered and removed, its stock is free again, and the total follows', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 3, TEA: 5 })
    const [mug, tea] = order.items
    const lowered = await lower(store, order, tea, 2)
    assert.equal(lowered.status, 200, JSON.stringify(lowered.body))
    assert.deepEqual([lowered.data.total_amount, lowered.data.items[1].quantity], ['45.50', 2])
    assert.equal(await store.available('TEA'), 8)
    assert.equal((await lower(store, order, tea, 3)).status, 400)
    const removed = await remove(store, order, mug)
    assert.deepEqual([removed.data.total_amount, removed.data.items.length], ['8.00', 1])
    assert.equal(await store.available('MUG'), 10)
    const last = await remove(store, order, tea)
    assert.deepEqual([last.status, last.error.code], [409, 'ORDER_NOT_EDITABLE'])
    assert.equal((await remove(store, order, mug)).status, 404)
    assert.deepEqual(await store.violations(), [])
    await store.pay({ ...order, total_amount: '8.00' })
    const paid = await lower(store, order, tea, 1)
    assert.deepEqual([paid.status, paid.error.code], [409, 'ORDER_NOT_EDITABLE'])
    assert.deepEqual(await store.violations(), [])
  })

  it('is not changed where a checkout agreed on taxes and discounts', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await placeTaxed(store, { MUG: [3, 333], TEA: [2, 400] })
    assert.equal((await remove(store, order, order.items[0])).status, 409)
    assert.equal((await lower(store, order, order.items[0], 1)).status, 409)
  })
})

onEveryEngine('the history of an order', (engine) => {
  it('tells what happened, newest first, page by page; who did it is told to staff', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 1 })
    await addTo(store, order.id, { sku: 'TEA', quantity: 1 })
    await store.pay(order, { amount: '16.50' })
    const path = `GET /api/v1/orders/${order.order_number}/history`
    const first = (await store.ask(`${path}?limit=2`)).data
    const second = (await store.ask(`${path}?limit=2&cursor=${first.next_cursor}`)).data
    const names = [...first.items, ...second.items].map((entry: { event: string }) => entry.event)
    assert.deepEqual(names, [
      'order.status_changed',
      'order.payment_status_changed',
      'order.changed',
      'order.item_added',
    ])
    const third = (await store.ask(`${path}?limit=2&cursor=${second.next_cursor}`)).data
    assert.deepEqual([first.total, third.items.length, third.next_cursor], [5, 1, null])
    assert.deepEqual([third.items[0].event, third.items[0].sequence], ['order.created', 1])
    assert.equal(second.items[0].actor, 'user:test-admin')
    const as = shopper(store.customer_id)
    assert.equal((await store.ask(path, undefined, { as })).data.items[0].actor, null)
    const other = shopper(await store.newCustomer())
    assert.equal((await store.ask(path, undefined, { as: other })).status, 404)
    const clerk = someoneWho('orders:read')
    assert.equal((await store.ask(path, undefined, { as: clerk })).status, 200)
  })
})
