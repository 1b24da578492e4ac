import assert from 'node:assert/strict'
import { it } from 'node:test'
import { redeem } from '#modules/promotions'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { ADDRESS, count, faults, openStore, placeTaxed, type Store } from './selling.ts'

const ARTICLES = [
  { sku: 'MUG', price: '3.33', units: 40 },
  { sku: 'TEA', price: '4.01', units: 40 },
]
type Placed = { id: string; order_number: string; items: { id: string }[] }

const merge = (store: Store, into: Placed, others: Placed[], more: object = {}) =>
  store.ask(`POST /api/v1/orders/${into.id}/merge`, { orders: others.map(({ id }) => id), ...more })
const split = (store: Store, order: Placed, ...quantities: number[]) =>
  store.ask(`POST /api/v1/orders/${order.id}/split`, {
    items: quantities.flatMap((quantity, nth) =>
      quantity > 0 ? [{ item_id: order.items[nth]?.id, quantity }] : [],
    ),
  })
const cents = (money: string) => Math.round(Number(money) * 100)

/** Every amount of an order as a list of minor units. */
const SUMS = [
  'total_amount',
  'cancelled_amount',
  'subtotal',
  'discount_total',
  'shipping_total',
  'tax_total',
]
type Amounts = Record<string, string> & {
  items: { quantity: number }[]
  taxes: { name: string; amount: string }[]
}
const amounts = (told: unknown) => {
  const order = told as Amounts
  return [
    ...SUMS.map((member) => cents(order[member] as string)),
    order.items.reduce((sum, { quantity }) => sum + quantity, 0),
    ...['state', 'city'].map((name) =>
      order.taxes
        .filter((tax) => tax.name.toLowerCase() === name)
        .reduce((sum, tax) => sum + cents(tax.amount), 0),
    ),
  ]
}
const sumOf = (orders: readonly unknown[]) =>
  orders.map(amounts).reduce((a, b) => a.map((amount, nth) => amount + (b[nth] as number)))
const held = async (store: Store, { id }: Placed) =>
  (await store.rows('reservations'))
    .filter(({ reference_id, status }) => reference_id === id && status !== 'released')
    .reduce((sum, { quantity }) => sum + Number(quantity), 0)

onEveryEngine('orders are merged', (engine) => {
  it('with every amount, unit and promise of stock; the others end as part of the one', async () => {
    await using store = await openStore(engine, ARTICLES)
    const orders = [
      await placeTaxed(store, { MUG: [7, 333], TEA: [3, 401] }),
      await placeTaxed(store, { MUG: [2, 333] }),
      await placeTaxed(store, { TEA: [5, 401] }),
    ]
    const [into, ...others] = orders as [Placed, ...Placed[]]
    const before = sumOf(orders)
    const free = [await store.available('MUG'), await store.available('TEA')]
    const { status, data } = await merge(store, into, others, { reason: 'one parcel' })
    assert.equal(status, 200, JSON.stringify(data))
    assert.deepEqual(amounts(data), before)
    assert.deepEqual(data.items.length, 4)
    assert.equal(await held(store, into), 17)
    assert.deepEqual([await store.available('MUG'), await store.available('TEA')], free)
    for (const other of others) {
      const ended = await store.order(other.id)
      assert.equal(ended.status, 'cancelled')
      assert.equal(ended.status_reason, `merged into ${into.order_number}`)
    }
    const events = await store.events()
    assert.ok(events.includes('order.merged'))
    assert.equal(events.includes('order.cancelled'), false)
    const { data: sales } = await store.ask('GET /api/v1/orders/statistics')
    assert.equal(sales.total_sales, data.total_amount)
    const again = await merge(store, into, others)
    assert.deepEqual([again.status, again.error.code], [409, 'ORDER_NOT_MERGEABLE'])
    assert.deepEqual(await store.violations(), [])
  })

  it('with what was paid for each, which one refund can give back', async () => {
    await using store = await openStore(engine, ARTICLES)
    const [paid, unpaid] = [await store.place({ MUG: 3 }), await store.place({ TEA: 2 })]
    await store.pay(paid)
    const { data } = await merge(store, unpaid, [paid])
    assert.deepEqual([data.total_amount, data.payment_status], ['18.01', 'partially_paid'])
    const total = await store.ask(`GET /api/v1/payments/order/${unpaid.id}/total`)
    assert.deepEqual([total.data.captured_amount, total.data.balance], ['9.99', '8.02'])
    await store.pay(unpaid, { amount: '8.02' })
    assert.equal((await store.order(unpaid.id)).status, 'confirmed')
    const refund = await store.ask(`POST /api/v1/orders/${unpaid.id}/refund`, {})
    assert.deepEqual([refund.status, refund.data.amount], [201, '18.01'])
    assert.equal((await store.order(paid.id)).payment_status, 'pending')
    assert.deepEqual(await store.violations(), [])
  })

  it('only if they are of one buyer, currency and address, and nothing has left', async () => {
    await using store = await openStore(engine, ARTICLES)
    const into = await store.place({ MUG: 1 }, { shipping_address: ADDRESS })
    const refused = async (other: Placed, more: object = {}) => {
      const { status, error } = await merge(store, into, [other], more)
      assert.equal(status, 409)
      return error.code
    }
    const foreign = await store.place({ MUG: 1 }, { customer_id: await store.newCustomer() })
    assert.equal(await refused(foreign), 'ORDER_NOT_MERGEABLE')
    const elsewhere = await store.place(
      { MUG: 1 },
      { shipping_address: { ...ADDRESS, city: 'Rye' } },
    )
    assert.equal(await refused(elsewhere), 'ORDER_NOT_MERGEABLE')
    const gone = await store.place({ MUG: 1 }, { shipping_address: ADDRESS })
    for (const status of ['confirmed', 'shipped']) {
      await store.ask(`PUT /api/v1/orders/${gone.id}/status`, { status })
    }
    assert.equal(await refused(gone), 'ORDER_NOT_MERGEABLE')
    const taxed = await placeTaxed(store, { MUG: [1, 333] })
    assert.equal(await refused(taxed), 'ORDER_NOT_MERGEABLE')
    const changing = await store.place({ MUG: 1 }, { shipping_address: ADDRESS })
    await store.ask(`POST /api/v1/orders/${changing.id}/changes`, {})
    assert.equal(await refused(changing), 'ORDER_NOT_MERGEABLE')
    assert.equal((await merge(store, into, [into])).status, 400)
    const chosen = await merge(store, into, [elsewhere], { address_of: elsewhere.order_number })
    assert.equal(chosen.data.shipping_address.city, 'Rye')
    assert.deepEqual(await store.violations(), [])
  })

  it('with what they used of promotions, which goes back when the one order is cancelled', async () => {
    await using store = await openStore(engine, ARTICLES)
    const terms = { name: 'Ten off', kind: 'percent', percent: '10', code: 'TEN', usage_limit: 2 }
    const { data: ten } = await store.ask('POST /api/v1/promotions', { ...terms, status: 'active' })
    const used = async () =>
      (await store.ask(`GET /api/v1/promotions/${ten.id}`)).data.usage.times_redeemed
    const placed = async () => {
      const order = await placeTaxed(store, { MUG: [2, 333] })
      const { id: order_id, customer_id } = order
      const discounts = [{ id: ten.id, code: 'TEN', amount: 67 }]
      await transactAsSystem(
        store.app,
        (ctx) => redeem(ctx, { order_id, customer_id, currency: 'USD', discounts } as never),
        'read committed',
      )
      return order as Placed
    }
    const [into, other] = [await placed(), await placed()]
    assert.equal((await merge(store, into, [other])).status, 200)
    assert.equal(await used(), 2, 'nothing is given back by becoming part of another')
    // A chain: what became part of one that becomes part of another is that one's.
    const third = await placeTaxed(store, { TEA: [1, 401] })
    assert.equal((await merge(store, third, [into])).status, 200)
    assert.deepEqual(await store.violations(), [])
    const ended = await store.ask(`POST /api/v1/orders/${third.id}/cancel`, {})
    assert.equal(ended.status, 200)
    assert.equal(await used(), 0)
    const given = (await store.events()).filter((name) => name === 'promotion.given_back')
    assert.equal(given.length, 2)
    assert.deepEqual(await store.violations(), [])
  })

  it('in any direction at once: each of them becomes part of one other at most', async () => {
    await using store = await openStore(engine, ARTICLES)
    for (let round = 0; round < 3; round++) {
      const orders = [await store.place({ MUG: 1 }), await store.place({ TEA: 1 })]
      const [a, b] = orders as [Placed, Placed]
      const answers = await Promise.all([
        merge(store, a, [b]),
        merge(store, b, [a]),
        store.ask(`POST /api/v1/orders/${a.id}/items`, { sku: 'TEA', quantity: 1 }),
        store.ask(`POST /api/v1/orders/${b.id}/cancel`, {}),
      ])
      assert.deepEqual(faults(answers), [])
      assert.ok(count(answers.slice(0, 2), 200) <= 1)
      const statuses = [(await store.order(a.id)).status, (await store.order(b.id)).status]
      assert.ok(statuses.includes('cancelled'))
    }
    assert.deepEqual(await store.violations(), [])
  })
})

onEveryEngine('an order is split', (engine) => {
  it('in two that are together what it was, to the cent, each with its stock', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await placeTaxed(store, { MUG: [7, 333], TEA: [3, 401] })
    const before = amounts(order)
    const free = await store.available('MUG')
    const { status, data } = await split(store, order, 3, 3)
    assert.equal(status, 201, JSON.stringify(data))
    assert.deepEqual(sumOf([data.order, data.new_order]), before)
    assert.deepEqual(
      [data.order, data.new_order].map(({ items }) =>
        items.map(({ sku, quantity }: never) => [sku, quantity]),
      ),
      [
        [['MUG', 4]],
        [
          ['MUG', 3],
          ['TEA', 3],
        ],
      ],
    )
    assert.deepEqual([await held(store, order), await held(store, data.new_order)], [4, 6])
    assert.equal(await store.available('MUG'), free)
    assert.equal(data.new_order.order_date, order.order_date)
    const again = await split(store, data.new_order, 1)
    assert.equal(again.status, 201)
    const back = await merge(store, data.order, [again.data.order, again.data.new_order])
    assert.deepEqual(amounts(back.data), before)
    const { data: sales } = await store.ask('GET /api/v1/orders/statistics')
    assert.equal(sales.total_sales, order.total_amount)
    assert.deepEqual(await store.violations(), [])
  })

  it('not where nothing would be left, or money is only held: then it says which to capture or void', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    const whole = await split(store, order, 2)
    assert.deepEqual([whole.status, whole.error.code], [409, 'ORDER_NOT_EDITABLE'])
    const many = await split(store, order, 3)
    assert.deepEqual([many.status, many.error.code], [409, 'ORDER_UNITS_NOT_THERE'])
    await store.pay(order, { capture: 'manual' })
    const held = await split(store, order, 1)
    assert.deepEqual([held.status, held.error.code], [409, 'ORDER_NOT_SPLITTABLE'])
    assert.match(held.error.message, /capture it or void it first/)
    const [hold] = held.error.details.held_payments
    assert.equal(hold.held_amount, order.total_amount)
    assert.equal((await store.ask(hold.capture, {})).status, 200)
    assert.equal((await split(store, order, 1)).status, 201)
    const other = await store.place({ MUG: 2 })
    await store.pay(other, { capture: 'manual' })
    const [again] = (await split(store, other, 1)).error.details.held_payments
    assert.equal((await store.ask(again.void, {})).status, 200)
    assert.equal((await split(store, other, 1)).status, 201)
    assert.deepEqual(await store.violations(), [])
  })

  it('by several at once: no unit is in two orders', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 3 })
    const answers = await Promise.all([
      ...Array.from({ length: 3 }, () => split(store, order, 1)),
      store.ask(`POST /api/v1/orders/${order.id}/cancel`, {}),
    ])
    assert.deepEqual(faults(answers), [])
    const orders = (await store.ask('GET /api/v1/orders?include_items=true')).data.items
    const units = orders.flatMap(({ items }: Placed) => items) as { quantity: number }[]
    assert.equal(
      units.reduce((sum, { quantity }) => sum + quantity, 0),
      3,
    )
    assert.deepEqual(await store.violations(), [])
  })
})
