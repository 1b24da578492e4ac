import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { catalogueOf } from '../catalogue-of.ts'
import { demoShop } from '../demo-shop.ts'
import { linesAmount } from '../histories.ts'
import { DEMO_CURRENCIES, type DemoOrder } from '../types.ts'
import { assertUnique, everyShop, NOW, variantsOf } from './shops.ts'

const DAY_MS = 86_400_000

describe('the demo shop', () => {
  it('is the same for the same seed and now, and another for another seed', () => {
    assert.deepEqual(demoShop({ now: NOW, seed: 9 }), demoShop({ now: NOW, seed: 9 }))
    assert.notDeepEqual(demoShop({ now: NOW, seed: 9 }), demoShop({ now: NOW, seed: 10 }))
  })

  it('refuses a now that is no instant', () => {
    assert.throws(() => demoShop({ now: 'yesterday' }), RangeError)
  })

  everyShop(
    'has 200 products in about 600 variants, 3 locations, 50 customers, 500 orders',
    (shop) => {
      assert.equal(shop.products.length, 200)
      const variants = variantsOf(shop).length
      assert.ok(variants >= 570 && variants <= 630, `${variants} variants`)
      assert.deepEqual(
        shop.locations.map(({ kind }) => kind),
        ['warehouse', 'warehouse', 'shop'],
      )
      assert.equal(shop.customers.length, 50)
      assert.equal(shop.orders.length, 500)
    },
  )

  everyShop('never uses a SKU, name, e-mail address or order reference twice', (shop) => {
    assertUnique([...shop.products, ...variantsOf(shop)].map(({ sku }) => sku))
    assertUnique(shop.products.map(({ name }) => name))
    assertUnique(shop.products.map(({ description }) => description))
    assertUnique(shop.customers.map(({ email }) => email))
    assertUnique(shop.orders.map(({ reference }) => reference))
  })

  everyShop('writes to nobody: addresses at example domains only', (shop) => {
    for (const { email } of shop.customers) {
      assert.match(email, /^[a-z._]+@example\.(com|org|net)$/)
    }
  })

  everyShop('describes each product in one to four sentences', (shop) => {
    for (const { sku, description } of shop.products) {
      assert.match(description, /^[A-Z“].{30,240}[.]$/, sku)
      const sentences = description.match(/[^.]\.(?=\s[A-Z]|$)/g) ?? []
      assert.ok(sentences.length >= 1 && sentences.length <= 4, `${sku}: ${sentences.length}`)
    }
  })

  everyShop('gives each variant one value for each option of its product', (shop) => {
    for (const { options, variants } of shop.products) {
      assert.ok(variants.length > 0)
      for (const variant of variants) assert.deepEqual(Object.keys(variant.options), options)
      assertUnique(variants.map((variant) => JSON.stringify(variant.options)))
    }
  })

  everyShop(
    'counts money in whole minor units, sells above cost, and marks down from above',
    (shop) => {
      for (const { sku, prices, compare_at, cost_amount } of variantsOf(shop)) {
        assert.ok(Number.isInteger(cost_amount) && cost_amount > 0, sku)
        assert.ok(cost_amount <= prices.USD, sku)
        for (const currency of DEMO_CURRENCIES) {
          assert.ok(Number.isInteger(prices[currency]) && prices[currency] > 0, sku)
          if (!compare_at) continue
          assert.ok(Number.isInteger(compare_at[currency]), sku)
          assert.ok(compare_at[currency] >= prices[currency] * 1.1, sku)
        }
      }
      const markedDown = variantsOf(shop).filter(({ compare_at }) => compare_at).length
      assert.ok(markedDown > 10 && markedDown < 200, `${markedDown} marked down`)
    },
  )

  everyShop(
    'has downloads without weight and stock, and some drafts and archived products',
    (shop) => {
      const digital = shop.products.filter(({ is_digital }) => is_digital)
      assert.ok(digital.length >= 3)
      for (const product of digital) {
        assert.equal(product.dimensions, undefined)
        for (const { weight_grams, inventory_tracking, stock } of product.variants) {
          assert.deepEqual({ weight_grams, inventory_tracking, stock }, DOWNLOAD)
        }
      }
      for (const product of shop.products.filter(({ is_digital }) => !is_digital)) {
        assert.ok(
          Object.values(product.dimensions ?? {}).every((mm) => Number.isInteger(mm) && mm > 0),
        )
        for (const { weight_grams, inventory_tracking } of product.variants) {
          assert.ok(inventory_tracking && Number.isInteger(weight_grams) && weight_grams > 0)
        }
      }
      for (const status of ['draft', 'archived']) {
        assert.ok(shop.products.filter((product) => product.status === status).length >= 3)
      }
    },
  )
})

describe('the orders of the demo shop', () => {
  everyShop(
    'lie in the year before now, one after the other, after their customer came',
    (shop, now) => {
      const since = new Map(shop.customers.map(({ email, created_at }) => [email, created_at]))
      let last = new Date(Date.parse(now) - 365 * DAY_MS).toISOString()
      for (const { placed_at, customer_email } of shop.orders) {
        assert.ok(last < placed_at && placed_at <= now, placed_at)
        assert.ok((since.get(customer_email) ?? '9') < placed_at, customer_email)
        last = placed_at
      }
    },
  )

  everyShop('buy what is for sale, at the price of the catalogue, each SKU once', (shop) => {
    const forSale = shop.products.filter(({ status }) => status === 'active')
    const prices = new Map(
      forSale.flatMap(({ variants }) => variants.map(({ sku, prices }) => [sku, prices] as const)),
    )
    for (const { lines, currency } of shop.orders) {
      assert.ok(lines.length > 0)
      assertUnique(lines.map(({ sku }) => sku))
      for (const { sku, quantity, unit_amount } of lines) {
        assert.equal(unit_amount, prices.get(sku)?.[currency], sku)
        assert.ok(Number.isInteger(quantity) && quantity > 0)
      }
    }
  })

  everyShop('find their stock, whichever location with enough units they take it from', (shop) => {
    const policies: ((able: string[], order: number) => string | undefined)[] = [
      (able) => able.find((code) => code === shop.locations[0]?.code),
      (able) => able.at(-1),
      (able, order) => able[order % able.length],
    ]
    for (const choose of policies) {
      const shelves = new Map(variantsOf(shop).map((variant) => [variant.sku, variant]))
      const left = new Map([...shelves].map(([sku, { stock }]) => [sku, { ...stock }]))
      for (const [order, { lines }] of shop.orders.entries()) {
        for (const { sku, quantity } of lines) {
          if (!shelves.get(sku)?.inventory_tracking) continue
          const stock = left.get(sku) as Record<string, number>
          const able = Object.keys(stock).filter((code) => (stock[code] ?? 0) >= quantity)
          const code = choose(able, order)
          assert.ok(code !== undefined, `no ${quantity} of ${sku}`)
          stock[code] = (stock[code] ?? 0) - quantity
        }
      }
    }
  })

  everyShop('leave some shelves empty and some nearly so', (shop) => {
    const sold = unitsBySku(shop.orders)
    const left = variantsOf(shop)
      .filter(({ inventory_tracking }) => inventory_tracking)
      .map(({ sku, stock }) => sum(Object.values(stock)) - (sold.get(sku) ?? 0))
    assert.ok(left.every((units) => Number.isInteger(units) && units >= 0))
    assert.ok(left.filter((units) => units === 0).length >= 10)
    assert.ok(left.filter((units) => units > 0 && units < 8).length >= 20)
    assert.ok(left.filter((units) => units >= 20).length >= 200)
  })

  everyShop('come to every outcome, and most are paid', (shop) => {
    const count = (outcome: string) =>
      shop.orders.filter((order) => order.outcome === outcome).length
    const rare = ['pending', 'cancelled', 'declined_then_paid', 'partly_refunded', 'refunded']
    for (const outcome of rare) assert.ok(count(outcome) >= 1 && count(outcome) <= 60, outcome)
    assert.equal(shop.orders.at(-1)?.outcome, 'pending')
    assert.equal(count('paid') + sum(rare.map(count)), 500)
  })

  everyShop('live only through histories that make sense, up to now', (shop, now) => {
    const downloads = shop.products.filter(({ is_digital }) => is_digital)
    const weightless = new Set(downloads.flatMap(({ variants }) => variants.map(({ sku }) => sku)))
    for (const order of shop.orders) {
      const steps = order.history.map((step) => step.do).join(' ')
      assert.match(steps, SENSIBLE[order.outcome], order.reference)
      assert.ok(!order.checkout || /^(decline )?pay/.test(steps), order.reference)
      const instants = [order.placed_at, ...order.history.map(({ at }) => at), now]
      assert.deepEqual(instants, [...instants].sort())
      if (order.lines.every(({ sku }) => weightless.has(sku))) assert.doesNotMatch(steps, /ship/)
    }
  })

  everyShop('refund no more than was paid, and all of it only when they say so', (shop) => {
    for (const { history, lines, outcome } of shop.orders) {
      const total = linesAmount(lines)
      for (const step of history) {
        if (step.do !== 'refund') continue
        assert.ok(Number.isInteger(step.amount) && step.amount > 0 && step.amount <= total)
        assert.equal(step.amount === total, outcome === 'refunded')
        if (step.lines.length > 0) assert.equal(step.amount, linesAmount(step.lines))
      }
    }
  })

  everyShop('sell a few things and to a few customers often, and more before Christmas', (shop) => {
    const units = [...unitsBySku(shop.orders).values()].sort((a, b) => b - a)
    assert.ok(sum(units.slice(0, 60)) > sum(units) * 0.35)
    const perCustomer = [...Map.groupBy(shop.orders, (order) => order.customer_email).values()]
    assert.ok(perCustomer.length >= 35 && perCustomer.length < 50)
    const inMonth = (month: string) =>
      shop.orders.filter(({ placed_at }) => placed_at.slice(5, 7) === month).length
    assert.ok(inMonth('12') > inMonth('06') * 1.1)
  })
})

describe('the catalogue of any size', () => {
  it('yields that many products with unique SKUs, some three variants each, all in stock', () => {
    const skus = new Set<string>()
    let products = 0
    let variants = 0
    for (const product of catalogueOf(20_000)) {
      products++
      variants += product.variants.length
      skus.add(product.sku)
      for (const { sku, prices, stock } of product.variants) {
        skus.add(sku)
        assert.ok(DEMO_CURRENCIES.every((currency) => Number.isInteger(prices[currency])))
        assert.ok(Object.values(stock).length === 3 && Object.values(stock).every((n) => n > 0))
      }
    }
    assert.equal(products, 20_000)
    assert.equal(skus.size, products + variants)
    assert.ok(variants / products > 2.5 && variants / products < 3.5)
  })

  it('begins the same however long it is going to be', () => {
    assert.deepEqual([...catalogueOf(500, 4)], [...catalogueOf(900, 4)].slice(0, 500))
    assert.notDeepEqual([...catalogueOf(5, 4)], [...catalogueOf(5, 5)])
    assert.deepEqual([...catalogueOf(0)], [])
  })
})

const DOWNLOAD = { weight_grams: 0, inventory_tracking: false, stock: {} }

/** What may have happened to an order of each outcome. */
const SENSIBLE: Record<DemoOrder['outcome'], RegExp> = {
  pending: /^(decline)?$/,
  paid: /^pay( ship( deliver)?)?$/,
  declined_then_paid: /^decline pay( ship( deliver)?)?$/,
  partly_refunded: /^pay( ship deliver)? refund$/,
  refunded: /^pay( ship deliver)? refund$/,
  cancelled: /^(pay )?cancel$/,
}

function unitsBySku(orders: readonly DemoOrder[]): Map<string, number> {
  const lines = Map.groupBy(
    orders.flatMap((order) => order.lines),
    ({ sku }) => sku,
  )
  return new Map([...lines].map(([sku, same]) => [sku, sum(same.map(({ quantity }) => quantity))]))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
