import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { bandOf } from '../../inventory/stock-bands.ts'
import { openStore, type Store, shopper } from './selling.ts'

const SHELVES: Record<string, number> = {
  A: 0,
  B: 1,
  C: 5,
  D: 6,
  E: 10,
  F: 11,
  G: 50,
  H: 51,
  I: 200,
}
const articles = Object.entries(SHELVES).map(([sku, units]) => ({ sku, units, price: '2.50' }))

const check = async (store: Store, query = '') =>
  (await store.ask(`GET /api/v1/orders/health/stock-check${query}`)).data.stock_summary
const names = (list: { name: string; stock_quantity: number }[]) =>
  list.map(({ name, stock_quantity }) => `${name.slice(4)}${stock_quantity}`)

onEveryEngine('the stock check', (engine) => {
  it('puts every product into its band, fullest first, by what can be promised', async () => {
    await using store = await openStore(engine, articles)
    await store.place({ I: 60, C: 1 })

    const { summary, stock_categories, stock_distribution, alerts } = await check(store)
    assert.deepEqual(names(stock_categories.available_stock), [
      'I140',
      'H51',
      'G50',
      'F11',
      'E10',
      'D6',
      'C4',
      'B1',
    ])
    assert.deepEqual(names(stock_distribution.high_stock), ['I140', 'H51'])
    assert.deepEqual(names(stock_distribution.medium_stock), ['G50', 'F11'])
    assert.deepEqual(names(stock_categories.low_stock), ['E10', 'D6'])
    assert.deepEqual(names(stock_distribution.critical_stock), ['C4', 'B1'])
    assert.deepEqual(names(stock_categories.out_of_stock), ['A0'])
    assert.deepEqual(summary, {
      total_products: 9,
      products_with_stock: 8,
      products_low_stock: 2,
      products_out_of_stock: 1,
      stock_health_percentage: 88.89,
    })
    assert.deepEqual(alerts, {
      low_stock_alerts: 2,
      out_of_stock_alerts: 1,
      critical_stock_alerts: 2,
    })
    const [first] = stock_distribution.high_stock
    assert.deepEqual([first.price, first.stock_value, first.currency], ['2.50', '350.00', 'USD'])
  })

  it('filters counts, alerts and lists; the whole and its percentage stay', async () => {
    await using store = await openStore(engine, articles)
    for (const [query, shown] of [
      ['?category=low', ['E10', 'D6']],
      ['?category=critical', ['C5', 'B1']],
      ['?category=out_of_stock', ['A0']],
      ['?category=available&max_stock=6', ['D6', 'C5', 'B1']],
      ['?min_stock=10&max_stock=50', ['G50', 'F11', 'E10']],
      ['?category=high&max_stock=50', []],
    ] as const) {
      const { summary, stock_categories: lists, alerts } = await check(store, query)
      assert.deepEqual(names([...lists.available_stock, ...lists.out_of_stock]), shown, query)
      assert.deepEqual([summary.total_products, summary.stock_health_percentage], [9, 88.89])
      assert.equal(summary.products_with_stock, lists.available_stock.length)
      assert.equal(alerts.low_stock_alerts, lists.low_stock.length)
      assert.equal(summary.products_out_of_stock, lists.out_of_stock.length)
    }
    const { data } = await store.ask('GET /api/v1/orders/health/stock-check?category=low')
    assert.deepEqual(data.filters_applied, { category: 'low', min_stock: null, max_stock: null })
    for (const query of ['category=empty', 'min_stock=-1', 'min_stock=5&max_stock=4']) {
      assert.equal((await store.ask(`GET /api/v1/orders/health/stock-check?${query}`)).status, 400)
    }
  })

  it('says when its lists are cut, and counts all the same', async () => {
    await using store = await openStore(engine, articles)
    const cut = await check(store, '?list_size=2')
    assert.equal(cut.lists_cut, true)
    assert.deepEqual(names(cut.stock_categories.available_stock), ['I200', 'H51'])
    assert.equal(cut.summary.products_with_stock, 8)
    assert.equal((await check(store, '?list_size=9')).lists_cut, false)
  })

  it('is for who may read the stock, not for customers', async () => {
    await using store = await openStore(engine, [])
    const as = shopper(store.customer_id)
    const refused = await store.ask('GET /api/v1/orders/health/stock-check', undefined, { as })
    assert.equal(refused.status, 403)
    const { summary } = await check(store)
    assert.deepEqual([summary.total_products, summary.stock_health_percentage], [0, 0])
  })

  it('agrees with the statistics of the inventory, and with the bands in words', async () => {
    await using store = await openStore(engine, articles)
    await store.place({ I: 60 })
    const { data } = await store.ask('GET /api/v1/inventory/statistics')
    const { out_of_stock, critical, low, medium, high } = data.items_by_band
    assert.deepEqual([out_of_stock, critical, low, medium, high], [1, 2, 2, 2, 2])
    assert.deepEqual([data.total_items, data.total_locations, data.low_stock_items], [9, 1, 5])
    assert.deepEqual(
      [data.units_on_hand, data.units_reserved, data.units_available],
      [334, 60, 274],
    )
    for (const [units, band] of [
      [-3, 'out_of_stock'],
      [0, 'out_of_stock'],
      [1, 'critical'],
      [5, 'critical'],
      [6, 'low'],
      [10, 'low'],
      [11, 'medium'],
      [50, 'medium'],
      [51, 'high'],
    ] as const) {
      assert.equal(bandOf(units), band, `${units}`)
    }
  })
})
