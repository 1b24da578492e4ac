import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, someoneWho } from '#testing'
import { ADDRESS, openStore, placeTaxed, type Store, shopper } from './selling.ts'

const ARTICLES = [
  { sku: 'MUG', price: '3.33', units: 20 },
  { sku: 'TEA', price: '4.01', units: 20 },
  { sku: 'CAP', price: '15.00', units: 5 },
]
type Placed = { id: string; items: { id: string; sku: string }[] }

const begin = (store: Store, { id }: { id: string }, actions?: object[], more: object = {}) =>
  store.ask(`POST /api/v1/orders/${id}/changes`, { actions, ...more })
const on = (store: Store, { id }: { id: string }, change: { id: string }) => {
  const path = `/api/v1/orders/${id}/changes/${change.id}`
  return {
    get: () => store.ask(`GET ${path}`),
    add: (...actions: object[]) => store.ask(`POST ${path}/actions`, { actions }),
    remove: (position: number) => store.ask(`DELETE ${path}/actions/${position}`),
    apply: (body: object = {}, more: object = {}) => store.ask(`POST ${path}/apply`, body, more),
    abandon: () => store.ask(`POST ${path}/abandon`, {}),
    rebase: () => store.ask(`POST ${path}/rebase`, {}),
  }
}
const item = ({ items }: Placed, sku: string) => items.find((one) => one.sku === sku)?.id as string
/** Without what time and versions add. */
const lasting = ({ version: _, updated_at: __, ...order }: Record<string, unknown>) => order

onEveryEngine('a set of changes', (engine) => {
  it('previews to the cent what the order is once it is applied, and stock follows', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await placeTaxed(store, { MUG: [7, 333], TEA: [3, 401] })
    const { status, data } = await begin(store, order, [
      { action: 'set_quantity', item_id: item(order, 'MUG'), quantity: 5 },
      { action: 'add_item', sku: 'CAP', quantity: 2 },
      { action: 'set_discount', item_id: item(order, 'TEA'), amount: '1.00', label: 'Sorry' },
      { action: 'set_shipping', amount: '4.50', label: 'By bike', method: 'bike' },
      { action: 'set_details', details: { notes: 'Ring twice.' } },
    ])
    assert.equal(status, 201, JSON.stringify(data))
    assert.deepEqual([data.status, data.stale, data.actions.length], ['open', false, 5])
    // The order is as it was.
    assert.deepEqual(await store.order(order.id), order)
    assert.equal(await store.available('CAP'), 5)
    const set = on(store, order, data)
    const added = await set.add({ action: 'remove_item', item_id: data.preview.order.items[2].id })
    assert.equal(added.data.preview.order.items.length, 2)
    const { preview } = (await set.remove(6)).data
    assert.deepEqual((await set.get()).data.preview, preview)

    const applied = await set.apply()
    assert.equal(applied.status, 200, JSON.stringify(applied.body))
    assert.deepEqual(lasting(applied.data.order), lasting({ ...preview.order }))
    assert.deepEqual(applied.data.balance, preview.balance)
    assert.deepEqual(await store.order(order.id), applied.data.order)
    const { items, shipping, discounts, notes } = applied.data.order
    assert.deepEqual(
      items.map(({ sku, quantity }: never) => [sku, quantity]),
      [
        ['MUG', 5],
        ['TEA', 3],
        ['CAP', 2],
      ],
    )
    assert.deepEqual([shipping.name, shipping.amount, notes], ['By bike', '4.50', 'Ring twice.'])
    assert.ok(discounts.some(({ label }: { label: string }) => label === 'Sorry'))
    assert.deepEqual([await store.available('MUG'), await store.available('CAP')], [15, 3])
    const closed = (await set.get()).data
    assert.deepEqual([closed.status, closed.number, closed.preview], ['applied', 1, null])
    assert.equal(closed.actions[0].before.lines[item(order, 'MUG')].quantity, 7)
    assert.equal(closed.actions[0].after.lines[item(order, 'MUG')].quantity, 5)
    const again = await set.apply()
    assert.deepEqual([again.status, again.error.code], [409, 'ORDER_CHANGE_CANNOT_APPLY'])
    const events = await store.events()
    for (const name of ['change_begun', 'changed', 'item_added', 'item_changed', 'updated']) {
      assert.ok(events.includes(`order.${name}`), name)
    }
    assert.deepEqual(await store.violations(), [])
  })

  it('is the only open one of its order; abandoned, it leaves the order as it was', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    const answers = await Promise.all([begin(store, order), begin(store, order)])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409])
    const refused = answers.find(({ status }) => status === 409)
    assert.equal(refused?.error.code, 'ORDER_CHANGE_OPEN')
    const open = answers.find(({ status }) => status === 201)
    const set = on(store, order, open?.data)
    const empty = await set.apply()
    assert.deepEqual([empty.status, empty.error.code], [409, 'ORDER_CHANGE_EMPTY'])
    await set.add({ action: 'add_item', sku: 'TEA', quantity: 1 })
    assert.equal((await set.abandon()).data.status, 'abandoned')
    assert.equal((await set.abandon()).status, 200)
    assert.equal((await set.apply()).status, 409)
    assert.deepEqual(await store.order(order.id), order)
    assert.equal((await begin(store, order)).status, 201)
    const { data } = await store.ask(`GET /api/v1/orders/${order.id}/changes`)
    assert.deepEqual(
      data.items.map((one: { status: string }) => one.status),
      ['open', 'abandoned'],
    )
    assert.deepEqual(await store.violations(), [])
  })

  it('is stale once the order has moved, says what moved, and can be rebased', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    const { data } = await begin(store, order, [{ action: 'add_item', sku: 'TEA', quantity: 1 }])
    await store.pay(order)
    const set = on(store, order, data)
    const stale = (await set.get()).data
    assert.deepEqual([stale.stale, stale.preview], [true, null])
    const refused = await set.apply()
    assert.deepEqual([refused.status, refused.error.code], [409, 'ORDER_CHANGE_STALE'])
    const { before, after } = refused.error.details
    assert.deepEqual([before.status, after.status], ['pending', 'confirmed'])
    assert.equal(
      (await set.add({ action: 'remove_item', item_id: item(order, 'MUG') })).status,
      409,
    )
    const rebased = (await set.rebase()).data
    assert.deepEqual(rebased.preview.balance, {
      owed_amount: '10.67',
      paid_amount: '6.66',
      to_pay: '4.01',
      to_refund: '0.00',
    })
    const applied = await set.apply()
    assert.equal(applied.data.order.payment_status, 'partially_paid')
    assert.deepEqual(await store.violations(), [])
  })

  it('gives back what is paid too much, if asked to', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 3, CAP: 1 })
    await store.pay(order)
    const first = await begin(store, order, [
      { action: 'replace_item', item_id: item(order, 'CAP'), sku: 'TEA' },
    ])
    const told = first.data.preview.balance
    assert.deepEqual([told.to_pay, told.to_refund], ['0.00', '10.99'])
    const { data } = await on(store, order, first.data).apply({ refund: true })
    assert.ok(data.refund_id)
    assert.deepEqual(data.balance, {
      owed_amount: '14.00',
      paid_amount: '14.00',
      to_pay: '0.00',
      to_refund: '0.00',
    })
    assert.deepEqual([await store.available('CAP'), await store.available('TEA')], [5, 19])
    const clerk = someoneWho('orders:update')
    const second = await begin(store, order, [
      { action: 'set_quantity', item_id: item(order, 'MUG'), quantity: 2 },
    ])
    const set = on(store, order, second.data)
    assert.equal((await set.apply({ refund: true }, { as: clerk })).status, 403)
    assert.equal((await set.apply({}, { as: clerk })).data.balance.to_refund, '3.33')
    assert.deepEqual(await store.violations(), [])
  })

  it('is refused for what the order does not allow, and leaves nothing behind', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    const mug = item(order, 'MUG')
    const refusals: [object, number, string][] = [
      [{ action: 'add_item', sku: 'NOPE', quantity: 1 }, 400, 'ORDER_PRODUCT_UNKNOWN'],
      [{ action: 'add_item', sku: 'TEA' }, 400, 'VALIDATION_FAILED'],
      [{ action: 'set_quantity', quantity: 1 }, 400, 'VALIDATION_FAILED'],
      [{ action: 'set_quantity', item_id: order.id, quantity: 1 }, 404, 'ORDER_ITEM_NOT_FOUND'],
      [{ action: 'remove_item', item_id: mug }, 409, 'ORDER_NOT_EDITABLE'],
      [{ action: 'set_discount', item_id: mug, amount: '6.67' }, 409, 'ORDER_NOT_EDITABLE'],
      [{ action: 'set_details' }, 400, 'VALIDATION_FAILED'],
    ]
    for (const [action, status, code] of refusals) {
      const answer = await begin(store, order, [action])
      assert.deepEqual([answer.status, answer.error.code], [status, code], JSON.stringify(action))
    }
    const { data } = await begin(store, order, [{ action: 'add_item', sku: 'CAP', quantity: 6 }])
    const short = await on(store, order, data).apply()
    assert.deepEqual([short.status, short.error.code], [422, 'INSUFFICIENT_STOCK'])
    assert.deepEqual(await store.order(order.id), order)
    assert.equal((await on(store, order, data).get()).data.status, 'open')
    assert.equal((await on(store, order, { id: order.id }).get()).status, 404)
    assert.equal((await on(store, order, data).remove(2)).status, 404)
    const as = shopper(store.customer_id)
    assert.equal(
      (await store.ask(`POST /api/v1/orders/${order.id}/changes`, {}, { as })).status,
      403,
    )
    assert.equal(
      (await store.ask(`GET /api/v1/orders/${order.id}/changes`, undefined, { as })).status,
      200,
    )
    const other = shopper(await store.newCustomer())
    const foreign = await store.ask(`GET /api/v1/orders/${order.id}/changes`, undefined, {
      as: other,
    })
    assert.equal(foreign.status, 404)
    assert.deepEqual(await store.violations(), [])
  })

  it('is applied once under one key, however often it is asked for', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    const { data } = await begin(store, order, [{ action: 'add_item', sku: 'TEA', quantity: 1 }])
    const key = { headers: { 'idempotency-key': 'apply-once' } }
    const set = on(store, order, data)
    const first = await set.apply({}, key)
    assert.deepEqual([first.status, (await set.apply({}, key)).body], [200, first.body])
    assert.equal((await store.order(order.id)).items.length, 2)
    const moved = { shipping_address: ADDRESS }
    const second = await begin(store, order, [{ action: 'set_details', details: moved }])
    await on(store, order, second.data).apply()
    assert.deepEqual((await store.order(order.id)).shipping_address, ADDRESS)
    assert.deepEqual(await store.violations(), [])
  })
})
