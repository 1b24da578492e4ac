import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, someoneWho } from '#testing'
import { count, faults, openStore, placeTaxed, type Store, shopper } from './selling.ts'

const ARTICLES = [
  { sku: 'MUG', price: '3.33', units: 20 },
  { sku: 'TEA', price: '4.01', units: 20 },
]
type Placed = { id: string; items: { id: string; gross_price: string }[] }

const cancel = (store: Store, order: Placed, quantities: number[], more: object = {}, how = {}) =>
  store.ask(
    `POST /api/v1/orders/${order.id}/cancel-items`,
    {
      items: quantities.flatMap((quantity, nth) =>
        quantity > 0 ? [{ item_id: order.items[nth]?.id, quantity }] : [],
      ),
      ...more,
    },
    how,
  )
const cents = (money: string) => Math.round(Number(money) * 100)
const sales = async (store: Store) => {
  const { data } = await store.ask('GET /api/v1/orders/statistics')
  return [data.total_sales, data.total_refunded]
}

onEveryEngine('items are cancelled', (engine) => {
  it('before they are paid: less is owed, their stock is free, what was agreed stays', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await placeTaxed(store, { MUG: [7, 333], TEA: [3, 401] })
    const { status, data } = await cancel(store, order, [2, 1], { reason: 'too many' })
    assert.equal(status, 200, JSON.stringify(data))
    const { items, total_amount, cancelled_amount } = data.order
    assert.deepEqual(
      items.map((item: Record<string, unknown>) => [item.quantity, item.cancelled_quantity]),
      [
        [7, 2],
        [3, 1],
      ],
    )
    assert.equal(total_amount, order.total_amount)
    const share = (nth: number, units: number, of: number) =>
      Math.floor((cents(order.items[nth].gross_price) * units) / of)
    assert.equal(cents(cancelled_amount), share(0, 2, 7) + share(1, 1, 3))
    const owed = cents(total_amount) - cents(cancelled_amount)
    assert.equal(cents(data.balance.to_pay), owed)
    assert.deepEqual([await store.available('MUG'), await store.available('TEA')], [15, 18])
    const total = await store.ask(`GET /api/v1/payments/order/${order.id}/total`)
    assert.equal(cents(total.data.balance), owed)
    assert.equal(cents((await sales(store))[0]), owed)
    // What is owed is what can be paid.
    await store.pay({ ...order, total_amount: data.balance.to_pay })
    assert.equal((await store.order(order.id)).payment_status, 'paid')
    const told = (await store.events()).filter((name) => name === 'order.units_cancelled')
    assert.equal(told.length, 1)
    assert.deepEqual(await store.violations(), [])
  })

  it('after they were paid: what is paid too much is told, and given back if asked to', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await placeTaxed(store, { MUG: [7, 333], TEA: [3, 401] })
    await store.pay(order)
    const first = (await cancel(store, order, [2, 0])).data
    assert.deepEqual(
      [first.refund_id, first.balance.to_refund],
      [null, first.order.cancelled_amount],
    )
    assert.equal(first.order.payment_status, 'paid')
    const second = (await cancel(store, order, [1, 1], { refund: true })).data
    assert.deepEqual([second.balance.to_pay, second.balance.to_refund], ['0.00', '0.00'])
    assert.equal(second.order.payment_status, 'partially_refunded')
    const { data } = await store.ask(`GET /api/v1/orders/${order.id}/refunds`)
    assert.equal(data.items[0].amount, second.order.cancelled_amount)
    assert.deepEqual(
      data.items[0].items.map((item: { quantity: number }) => item.quantity),
      [1, 1],
    )
    // Neither a sale nor a refund of one.
    await store.count()
    const owed = cents(order.total_amount) - cents(second.order.cancelled_amount)
    assert.deepEqual((await sales(store)).map(cents), [owed, 0])
    assert.deepEqual(await store.violations(), [])
  })

  it('of an order that is paid in part: only what is too much goes back', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 3, TEA: 1 })
    await store.pay(order, { amount: '12.00', partial: true })
    const { data } = await cancel(store, order, [1, 0], { refund: true })
    assert.deepEqual([data.balance.owed_amount, data.balance.paid_amount], ['10.67', '10.67'])
    assert.equal(data.refund_id === null, false)
    const more = (await cancel(store, order, [0, 1], { refund: true })).data
    assert.deepEqual([more.balance.owed_amount, more.balance.to_refund], ['6.66', '0.00'])
    assert.deepEqual(await store.violations(), [])
  })

  it('to the last one, which cancels the order and gives everything back', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await placeTaxed(store, { MUG: [2, 333] })
    await store.pay(order)
    await cancel(store, order, [1])
    const { data } = await cancel(store, order, [1], { reason: 'no more' })
    assert.deepEqual([data.order.status, data.order.status_reason], ['cancelled', 'no more'])
    assert.equal(data.order.cancelled_amount, order.total_amount)
    assert.equal(await store.available('MUG'), 20)
    const again = await cancel(store, order, [1])
    assert.deepEqual([again.status, again.error.code], [409, 'ORDER_NOT_EDITABLE'])
    assert.deepEqual(await store.violations(), [])
  })

  it('never twice, never more than are open, and by nobody who may not', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 5, TEA: 1 })
    const answers = await Promise.all(Array.from({ length: 7 }, () => cancel(store, order, [1])))
    assert.deepEqual(faults(answers), [])
    assert.deepEqual([count(answers, 200), count(answers, 409)], [5, 2])
    assert.equal((await store.order(order.id)).items[0].cancelled_quantity, 5)
    const key = { headers: { 'idempotency-key': 'once' } }
    const other = await store.place({ MUG: 3 })
    const first = await cancel(store, other, [1], {}, key)
    assert.deepEqual((await cancel(store, other, [1], {}, key)).body, first.body)
    assert.equal((await store.order(other.id)).items[0].cancelled_quantity, 1)
    const foreign = await store.ask(`POST /api/v1/orders/${other.id}/cancel-items`, {
      items: [{ item_id: order.items[1].id, quantity: 1 }],
    })
    assert.deepEqual([foreign.status, foreign.error.code], [409, 'ORDER_UNITS_NOT_THERE'])
    const as = shopper(store.customer_id)
    assert.equal((await cancel(store, other, [1], { refund: true }, { as })).status, 403)
    assert.equal((await cancel(store, other, [1], {}, { as })).status, 200)
    const stranger = shopper(await store.newCustomer())
    assert.equal((await cancel(store, other, [1], {}, { as: stranger })).status, 404)
    const reader = someoneWho('orders:read')
    assert.equal((await cancel(store, other, [1], {}, { as: reader })).status, 403)
    assert.deepEqual(await store.violations(), [])
  })

  it('while the order ships: each unit either leaves or is cancelled', async () => {
    await using store = await openStore(engine, ARTICLES)
    for (let round = 0; round < 4; round++) {
      const order = await store.place({ MUG: 2, TEA: 1 })
      await store.ask(`PUT /api/v1/orders/${order.id}/status`, { status: 'processing' })
      const answers = await Promise.all([
        cancel(store, order, [1]),
        store.ask(`PUT /api/v1/orders/${order.id}/status`, { status: 'shipped' }),
        cancel(store, order, [0, 1]),
      ])
      assert.deepEqual(faults(answers), [])
      assert.equal(answers[1]?.status, 200)
      const { status, items } = await store.order(order.id)
      assert.equal(status, 'shipped')
      for (const item of items) {
        assert.equal(item.quantity, item.cancelled_quantity + item.fulfilled_quantity)
      }
    }
    assert.deepEqual(await store.violations(), [])
  })
})
