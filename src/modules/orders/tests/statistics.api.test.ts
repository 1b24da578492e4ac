import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openStore, type Store, shopper } from './selling.ts'

const statistics = async (store: Store, query = '') =>
  (await store.ask(`GET /api/v1/orders/statistics${query}`)).data
const settle = async (store: Store, id: string, status: string) =>
  assert.equal((await store.ask(`PUT /api/v1/orders/${id}/status`, { status })).status, 200)

const ARTICLES = [
  { sku: 'MUG', price: '12.50' },
  { sku: 'TEA', price: '4.00' },
]

onEveryEngine('the statistics of orders', (engine) => {
  it('count what was sold at every moment, before it is taken into the sums and after', async () => {
    await using store = await openStore(engine, ARTICLES)
    const other = await store.newCustomer()
    const first = await store.place({ MUG: 2 })
    const second = await store.place({ TEA: 1 })
    const third = await store.place({ MUG: 1, TEA: 1 }, { customer_id: other })
    const paid = await store.pay(first)
    await store.ask(`POST /api/v1/payments/${paid.id}/refunds`, { amount: '5.00' })
    await store.ask(`POST /api/v1/orders/${second.id}/cancel`, {})

    const expected = {
      currency: 'USD',
      currencies: ['USD'],
      period: { start_date: null, end_date: null },
      total_orders: 2,
      total_sales: '41.50',
      total_refunded: '5.00',
      net_sales: '36.50',
      average_order_value: '20.75',
      is_current: true,
      metrics: { orders_per_customer: 1, sales_per_order: '20.75', active_customers: 2 },
    }
    const check = async () => {
      const { orders_by_status, top_customers, monthly_trend, timestamp, ...told } =
        await statistics(store)
      assert.deepEqual(told, expected)
      assert.deepEqual(
        [orders_by_status.pending, orders_by_status.confirmed, orders_by_status.cancelled],
        [1, 1, 1],
      )
      assert.deepEqual(top_customers, [
        { customer_id: store.customer_id, order_count: 1, total_sales: '25.00' },
        { customer_id: other, order_count: 1, total_sales: '16.50' },
      ])
      assert.deepEqual(monthly_trend, [
        {
          month: timestamp.slice(0, 7),
          order_count: 2,
          total_sales: '41.50',
          total_refunded: '5.00',
        },
      ])
      assert.deepEqual(await store.violations(), [])
    }
    await check()
    await store.count()
    assert.deepEqual(await store.rows('order_recounts'), [])
    await check()

    // What changes after it was counted is told at once, and counted anew.
    await store.ask(`DELETE /api/v1/orders/${second.id}`)
    await settle(store, third.id, 'confirmed')
    assert.equal((await statistics(store)).orders_by_status.cancelled, 0)
    assert.equal((await statistics(store)).orders_by_status.confirmed, 2)
    await store.count()
    await store.count()
    assert.equal((await statistics(store)).orders_by_status.confirmed, 2)
    await store.ask(`POST /api/v1/payments/${paid.id}/refunds`, { amount: '1.00' })
    assert.equal((await statistics(store)).total_refunded, '6.00')
    await store.ask(`POST /api/v1/orders/${third.id}/items`, { sku: 'TEA', quantity: 1 })
    assert.equal((await statistics(store)).total_sales, '45.50')
    assert.deepEqual(await store.violations(), [])
  })

  it('count what was given back as store credit like what went back by payments', async () => {
    await using store = await openStore(engine, ARTICLES)
    const order = await store.place({ MUG: 2 })
    await store.pay(order)
    for (const status of ['processing', 'shipped']) await settle(store, order.id, status)
    await store.count()
    const items = [{ item_id: order.items[0].id, quantity: 1 }]
    const given = await store.ask(`POST /api/v1/orders/${order.id}/refund`, {
      items,
      to: 'store_credit',
    })
    assert.equal(given.data.credit_amount, '12.50')

    const { total_sales, total_refunded, net_sales } = await statistics(store)
    assert.deepEqual([total_sales, total_refunded, net_sales], ['25.00', '12.50', '12.50'])
    await store.count()
    assert.equal((await statistics(store)).total_refunded, '12.50')
    assert.deepEqual(await store.violations(), [])
  })

  it('tell each currency by itself', async () => {
    await using store = await openStore(engine, [])
    const prices = [
      { currency: 'USD', price: '10.00' },
      { currency: 'JPY', price: '1500' },
    ]
    const { status } = await store.ask('POST /api/v1/products', {
      name: 'Cup',
      sku: 'CUP',
      price: '10.00',
    })
    assert.equal(status, 201)
    const { data } = await store.ask('GET /api/v1/products?search=CUP')
    const product = (await store.ask(`GET /api/v1/products/${data.items[0].id}`)).data
    const priced = await store.ask(
      `PUT /api/v1/products/variants/${product.variants[0].id}/prices`,
      { prices },
    )
    assert.ok(priced.status < 300, JSON.stringify(priced.body))
    await store.ask('POST /api/v1/inventory', {
      item_number: 'CUP',
      location_id: 'MAIN',
      quantity_on_hand: 9,
    })
    await store.place({ CUP: 1 })
    await store.place({ CUP: 3 }, { currency: 'JPY' })

    const yen = await statistics(store, '?currency=jpy')
    assert.deepEqual(
      [yen.total_orders, yen.total_sales, yen.average_order_value],
      [1, '4500', '4500'],
    )
    assert.deepEqual(yen.currencies, ['JPY', 'USD'])
    assert.equal((await statistics(store)).total_sales, '10.00')
    assert.equal((await statistics(store, '?currency=EUR')).total_orders, 0)
    await store.count()
    assert.equal((await statistics(store, '?currency=JPY')).total_sales, '4500')
  })

  it('go by the day on which an order was placed, both ends of a period included', async () => {
    let now = Date.parse('2026-01-30T23:59:59.999Z')
    await using store = await openStore(engine, ARTICLES, { clock: () => new Date(now) })
    const places = []
    for (let month = 0; month < 15; month++) {
      places.push(await store.place({ TEA: month + 1 }))
      now += 31 * 24 * 3_600_000
    }
    for (const counted of [false, true]) {
      if (counted) await store.count()
      const all = await statistics(store)
      assert.equal(all.total_sales, '480.00')
      assert.equal(all.monthly_trend.length, 12)
      assert.deepEqual(all.monthly_trend[0].month, '2027-04')
      assert.equal(all.monthly_trend[0].total_sales, '60.00')
      const day = await statistics(store, '?start_date=2026-01-30&end_date=2026-01-30')
      assert.deepEqual([day.total_orders, day.total_sales], [1, '4.00'])
      assert.equal(day.top_customers.length, 1)
      const two = await statistics(store, '?from=2026-01-31T00:00:00Z&to=2026-04-30T12:00:00Z')
      assert.deepEqual([two.total_orders, two.total_sales], [2, '20.00'])
      assert.deepEqual(two.metrics.active_customers, 1)
      const none = await statistics(store, '?end_date=2025-12-31')
      assert.deepEqual(
        [none.total_orders, none.average_order_value, none.top_customers, none.monthly_trend],
        [0, '0.00', [], []],
      )
    }
    assert.equal((await store.ask('GET /api/v1/orders/statistics?start_date=soon')).status, 400)
    assert.deepEqual(await store.violations(), [])
  })

  it('rank the ten who buy most, also while some of them wait to be counted', async () => {
    await using store = await openStore(engine, ARTICLES)
    const customers = [store.customer_id]
    while (customers.length < 12) customers.push(await store.newCustomer())
    const buy = (nth: number, times: number) =>
      Promise.all(
        Array.from({ length: times }, () =>
          store.place({ TEA: 1 }, { customer_id: customers[nth] }),
        ),
      )
    for (const nth of customers.keys()) await buy(nth, nth < 2 ? 1 : 2)
    await store.count()
    await buy(0, 3)
    const [gone] = await buy(5, 1)
    await store.ask(`POST /api/v1/orders/${gone.id}/cancel`, {})
    const before = await statistics(store)
    await store.count()
    const after = await statistics(store)
    assert.deepEqual(before.top_customers, after.top_customers)
    assert.equal(after.top_customers.length, 10)
    assert.deepEqual(after.top_customers[0], {
      customer_id: customers[0],
      order_count: 4,
      total_sales: '16.00',
    })
    assert.ok(!after.top_customers.some((one: { order_count: number }) => one.order_count < 2))
    assert.deepEqual([before.metrics, after.metrics.active_customers], [after.metrics, 12])
    // A period that is all time ranks alike.
    const period = await statistics(store, '?start_date=2000-01-01')
    assert.deepEqual(period.top_customers, after.top_customers)
    assert.deepEqual(period.metrics, after.metrics)
  })

  it('show customers their own, and none of the shop', async () => {
    await using store = await openStore(engine, ARTICLES)
    const other = await store.newCustomer()
    await store.place({ MUG: 2 })
    await store.place({ MUG: 1 }, { customer_id: other })
    const as = shopper(other)
    for (const counted of [false, true]) {
      if (counted) await store.count()
      const { status, data } = await store.ask('GET /api/v1/orders/user-statistics', undefined, {
        as,
      })
      assert.equal(status, 200)
      assert.deepEqual([data.total_orders, data.total_sales], [1, '12.50'])
      assert.deepEqual(data.metrics, { sales_per_order: '12.50' })
      assert.equal(data.top_customers, undefined)
    }
    const refused = await store.ask('GET /api/v1/orders/statistics', undefined, { as })
    assert.deepEqual([refused.status, refused.error.code], [403, 'ORDER_STAFF_ONLY'])
    assert.equal((await store.ask('GET /api/v1/orders/user-statistics')).status, 403)
  })

  it('stay exact while orders change and are counted from several hands at once', async () => {
    await using store = await openStore(engine, ARTICLES)
    const buyers = await Promise.all([1, 2, 3].map(() => store.newCustomer()))
    const live = async (nth: number) => {
      const order = await store.place({ TEA: 1 + (nth % 3) }, { customer_id: buyers[nth % 3] })
      if (nth % 2) await store.pay(order)
      if (nth % 3 === 0) await store.ask(`POST /api/v1/orders/${order.id}/cancel`, {})
    }
    let busy = true
    const counting = [1, 2].map(async () => {
      while (busy) await store.count()
    })
    for (let round = 0; round < 4; round++) {
      await Promise.all(Array.from({ length: 6 }, (_, nth) => live(round * 6 + nth)))
      assert.deepEqual(await store.violations(), [])
    }
    busy = false
    await Promise.all(counting)
    await store.count()
    const told = await statistics(store)
    assert.deepEqual([told.total_orders, told.orders_by_status.cancelled], [16, 8])
    assert.equal((await store.rows('order_recounts')).length, 0)
    assert.deepEqual(await store.violations(), [])
  })
})
