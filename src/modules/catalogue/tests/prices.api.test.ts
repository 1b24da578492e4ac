import assert from 'node:assert/strict'
import { it } from 'node:test'
import { formatMoney } from '#kit/money'
import { type House, onEveryEngine, openHouse, someoneWho } from '#testing'
import { asked } from './asked.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 1)
const instant = (hours: number) => new Date(START + hours * HOUR).toISOString()

/** A shop whose clock the test sets. */
async function openShop(engine: 'sqlite' | 'postgres') {
  const time = { hours: 0 }
  const clock = () => new Date(START + time.hours * HOUR)
  const house = await openHouse(engine, { clock })
  const mug = { name: 'Mug', sku: 'MUG', price: '10.00', inventory_tracking: false }
  assert.equal((await house.ask('POST /api/v1/products', mug)).status, 201)
  return { house, time, [Symbol.asyncDispose]: () => house.close() }
}

const setPrices = (house: House, prices: unknown) =>
  house.ask('PUT /api/v1/products/variants/MUG/prices', { prices })
const listed = async (house: House) => {
  const { data } = await house.ask('GET /api/v1/products', undefined, { as: someoneWho() })
  return data.items[0]
}

onEveryEngine('prices', (engine) => {
  it('fall when a sale begins and rise when it ends, wherever they are shown', async () => {
    await using shop = await openShop(engine)
    const { house, time } = shop
    const sales = [{ price: '7', starts_at: instant(10), ends_at: instant(20) }]
    const set = await setPrices(house, [{ currency: 'USD', price: '10', sales }])
    assert.equal(set.status, 200, JSON.stringify(set.error))
    const seen: unknown[] = []

    for (const hours of [9, 10, 19, 20, 9]) {
      time.hours = hours
      const { price, compare_at_price, sale, variants } = await listed(house)
      const { data } = await house.ask('GET /api/v1/products/variants/MUG')
      assert.deepEqual([data.price, data.sale], [price, sale])
      assert.equal(variants[0].prices[0].price, price)
      seen.push([price, compare_at_price, sale?.ends_at, sale?.lowest_price_30_days])
    }

    const during = ['7.00', '10.00', instant(20), '10.00']
    const without = ['10.00', null, undefined, undefined]
    assert.deepEqual(seen, [without, during, during, without, without])
    assert.deepEqual(await house.violations(), [])
  })

  it('are what an order pays: with the breaks that its quantity reaches, and the sale', async () => {
    await using shop = await openShop(engine)
    const { house, time } = shop
    const breaks = [
      { min_quantity: 10, price: '9.00' },
      { min_quantity: 50, price: '8.00' },
    ]
    const sales = [{ price: '8.50', starts_at: instant(5), ends_at: instant(6) }]
    await setPrices(house, [{ currency: 'USD', price: '10', breaks, sales }])
    const { data: customer } = await house.ask('POST /api/v1/customers', {
      email: 'ada@example.com',
      first_name: 'Ada',
      last_name: 'King',
    })
    const pay = async (quantity: number, more: object = {}) => {
      const items = [{ sku: 'MUG', quantity, ...more }]
      const body = { customer_id: customer.id, items }
      const { data, error } = await house.ask('POST /api/v1/orders', body)
      return error?.code ?? data.items[0].unit_price
    }

    assert.deepEqual([await pay(9), await pay(10), await pay(50)], ['10.00', '9.00', '8.00'])
    time.hours = 5
    assert.deepEqual([await pay(1), await pay(10), await pay(50)], ['8.50', '8.50', '8.00'])
    assert.equal(await pay(1, { unit_price: '10.00' }), 'ORDER_PRICE_MISMATCH')
    assert.equal(await pay(10, { unit_price: '8.50' }), '8.50')
    time.hours = 6
    assert.equal(await pay(1), '10.00')
  })

  it('keep breaks and sales that are not named, and lose them when told so', async () => {
    await using shop = await openShop(engine)
    const { house } = shop
    const offers = {
      breaks: [{ min_quantity: 3, price: '9' }],
      sales: [{ price: '8', ends_at: instant(50), min_quantity: 2 }],
    }
    const prices = async () => {
      const { data } = await house.ask('GET /api/v1/products/variants/MUG/prices')
      return data.prices
    }
    await setPrices(house, [{ currency: 'USD', price: '10', ...offers }])

    await house.ask('PUT /api/v1/products/variants/MUG/price', { price: '11' })
    await setPrices(house, [{ currency: 'USD', price: '12' }])
    const [kept] = await prices()
    assert.deepEqual([kept.breaks.length, kept.sales.length], [1, 1])
    assert.deepEqual((await listed(house)).variants[0].prices[0].breaks, [
      { min_quantity: 2, price: '8.00' },
    ])
    await setPrices(house, [{ currency: 'USD', price: '12', breaks: [], sales: [] }])
    const [lost] = await prices()
    assert.deepEqual([lost.breaks, lost.sales], [[], []])
    assert.deepEqual(await house.violations(), [])
    const names = (await house.events()).filter((name) => name.startsWith('variant.'))
    const changed = 'variant.price_changed'
    const offered = 'variant.offers_changed'
    assert.deepEqual(names, ['variant.created', changed, offered, changed, changed, offered])
  })

  it('with senseless breaks or sales are refused, with the field', async () => {
    await using shop = await openShop(engine)
    const refused = async (offers: object, field: string) => {
      const price = { currency: 'USD', price: '10', ...offers }
      const { status, error } = await setPrices(shop.house, [price])
      assert.deepEqual([status, error?.details?.field], [400, `prices.0.${field}`])
    }
    const later = instant(9)

    await refused({ breaks: [{ min_quantity: 2, price: '10' }] }, 'breaks.0.price')
    const twice = { min_quantity: 2, price: '9' }
    await refused({ breaks: [twice, twice] }, 'breaks.1.min_quantity')
    await refused({ breaks: [twice, { min_quantity: 3, price: 9 }] }, 'breaks.1.price')
    await refused({ sales: [{ price: '10', ends_at: later }] }, 'sales.0.price')
    await refused({ sales: [{ price: '9', ends_at: instant(0) }] }, 'sales.0.ends_at')
    const backwards = { price: '9', starts_at: instant(9), ends_at: instant(8) }
    await refused({ sales: [backwards] }, 'sales.0.ends_at')
    const sale = { price: '9', ends_at: later }
    await refused({ sales: [sale, sale] }, 'sales.1')
    await refused({ sales: [{ price: '9.001', ends_at: later }] }, 'sales.0.price')
  })

  it('that are still to come are told to staff only', async () => {
    await using shop = await openShop(engine)
    const sales = [{ price: '1', starts_at: instant(10), ends_at: instant(20) }]
    await setPrices(shop.house, [{ currency: 'USD', price: '10', sales }])

    const path = 'GET /api/v1/products/variants/MUG/prices'
    const told = await shop.house.ask(path, undefined, { as: someoneWho('products:read') })
    const shown = JSON.stringify(await listed(shop.house))

    assert.equal(told.status, 403)
    assert.ok(!shown.includes(instant(10)) && !shown.includes('"1.00"'))
  })

  it('are set for many variants at once, all or none, by the same few statements', async () => {
    await using shop = await openShop(engine)
    const { house } = shop
    for (const nth of [1, 2, 3]) {
      const product = { name: `Bowl ${nth}`, sku: `BOWL-${nth}`, price: '5' }
      await house.ask('POST /api/v1/products', product)
    }
    const rows = [1, 2, 3].flatMap((nth) => [
      { variant_id: `bowl-${nth}`, currency: 'USD', price: 6 + nth },
      { variant_id: `BOWL-${nth}`, currency: 'JPY', price: 900, sales: [jpySale] },
    ])
    const path = 'POST /api/v1/products/prices/bulk'

    const unknown = { variant_id: 'BOWL-9', currency: 'USD', price: 1 }
    const none = await house.ask(path, { prices: [...rows, unknown] })
    assert.deepEqual([none.status, none.error.code], [404, 'VARIANT_NOT_FOUND'])
    const twice = await house.ask(path, { prices: [rows[0], rows[0]] })
    assert.equal(twice.error.details.field, 'prices.1.currency')
    assert.equal((await house.ask('GET /api/v1/products/BOWL-1')).data.price, '5.00')

    const { data } = await house.ask(path, { prices: rows })
    assert.deepEqual(data, { updated: 6, variants: 3 })
    const product = (await house.ask('GET /api/v1/products/BOWL-2')).data
    assert.deepEqual([product.price, product.version], ['8.00', 2])
    const jpy = product.variants[0].prices.find((p: { currency: string }) => p.currency === 'JPY')
    assert.deepEqual([jpy.price, jpy.compare_at_price], ['800', '900'])
    const sorted = await house.ask('GET /api/v1/products?sort_by=price&limit=1')
    assert.equal(sorted.data.items[0].sku, 'BOWL-1')
    assert.deepEqual(await house.violations(), [])

    const few = await asked(engine, () => house.ask(path, { prices: rows.slice(0, 2) }))
    const many = await asked(engine, () => house.ask(path, { prices: rows }))
    assert.equal(many.length, few.length)
  })
})

const jpySale = { price: '800', ends_at: instant(30) }
const STEP = 24
const CURRENCIES = ['USD', 'JPY', 'KWD'] as const

// Random prices and sales of three kinds of currencies over half a year, beside a model that
// remembers what one unit cost in every step: what is shown must be just that, and the lowest
// price before a sale just the lowest of the thirty steps before it began.
onEveryEngine('prices over half a year', (engine) => {
  it('are at every instant what the model says, and so is the lowest before a sale', async () => {
    await using shop = await openShop(engine)
    const { house, time } = shop
    const random = seeded(20_260)
    const model = new Map(CURRENCIES.map((currency) => [currency, new Modelled()]))
    model.get('USD')?.set(1000)
    await using other = await openHouse(engine, {
      at: house.url,
      clock: () => new Date(START + time.hours * HOUR),
    })
    for (let step = 0; step < 180; step++) {
      time.hours = step * STEP
      if (random() < 0.4) await change(house, model, { step, random })
      for (const modelled of model.values()) modelled.live(step)
      const ask = [house, other][step % 2] as House
      const { data } = await ask.ask('GET /api/v1/products/variants/MUG')
      const told = data.prices.map((p: Record<string, any>) => [
        p.currency,
        p.price,
        p.compare_at_price,
        p.sale?.ends_at ?? null,
        p.sale?.lowest_price_30_days ?? null,
      ])
      const expected = CURRENCIES.toSorted().flatMap((currency) =>
        (model.get(currency) as Modelled).told(currency, step),
      )
      assert.deepEqual(told, expected, `step ${step}`)
    }
    assert.deepEqual(await house.violations(), [])
  })
})

type Step = { step: number; random: () => number }

async function change(house: House, model: Map<string, Modelled>, { step, random }: Step) {
  const upTo = (n: number) => Math.floor(random() * n)
  const named = CURRENCIES.filter((currency) => currency === 'USD' || random() < 0.6)
  const prices = named.map((currency) => {
    const known = model.get(currency) as Modelled
    const amount = known.regular !== null && random() < 0.5 ? known.regular : 900 + upTo(8) * 50
    const keeps = known.ahead(step).filter(({ amount: a }) => a < amount && random() < 0.7)
    const fresh = Array.from({ length: upTo(3) }, () => {
      const starts = step + upTo(20)
      return { amount: 500 + upTo(40) * 10, starts, ends: starts + 1 + upTo(25), since: step }
    }).filter((sale) => sale.amount < amount && !known.has(sale))
    const distinct = [...new Map(fresh.map((s) => [`${s.starts} ${s.amount}`, s])).values()]
    return { currency, amount, sales: [...keeps, ...distinct] }
  })
  const { status, error } = await setPrices(
    house,
    prices.map(({ currency, amount, sales }) => ({
      currency,
      price: formatMoney(amount, currency),
      sales: sales.map((sale) => ({
        price: formatMoney(sale.amount, currency),
        starts_at: instant(sale.starts * STEP),
        ends_at: instant(sale.ends * STEP),
      })),
    })),
  )
  assert.equal(status, 200, JSON.stringify(error))
  for (const [currency, modelled] of model) {
    const price = prices.find((one) => one.currency === currency)
    modelled.set(price?.amount ?? null)
    modelled.sales = price?.sales ?? []
  }
}

type ModelSale = { amount: number; starts: number; ends: number; since: number }

class Modelled {
  regular: number | null = null
  sales: ModelSale[] = []
  first: number | null = null
  readonly cost: (number | null)[] = []

  set(amount: number | null) {
    this.regular = amount
    this.first ??= amount
  }
  ahead = (step: number) => this.sales.filter(({ ends }) => ends > step)
  has = ({ starts, amount }: ModelSale) =>
    this.sales.some((sale) => sale.starts === starts && sale.amount === amount)

  running(step: number): ModelSale | undefined {
    const all = this.ahead(step).filter(({ starts }) => starts <= step)
    const begun = (sale: ModelSale) => Math.max(sale.starts, sale.since)
    return all.toSorted((a, b) => a.amount - b.amount || b.ends - a.ends || begun(a) - begun(b))[0]
  }
  live(step: number) {
    const { regular } = this
    this.cost.push(regular === null ? null : (this.running(step)?.amount ?? regular))
  }
  told(currency: string, step: number): unknown[] {
    const now = this.cost[step]
    if (now === null || now === undefined || this.regular === null) return []
    const sale = this.running(step)
    const money = (amount: number) => formatMoney(amount, currency)
    if (!sale) return [[currency, money(now), null, null, null]]
    const began = Math.max(sale.starts, sale.since)
    const window = this.cost.slice(Math.max(0, began - 30), began)
    const paid = window.filter((amount) => amount !== null)
    // A price that was the first ever is taken to have been there before.
    if (!this.cost.slice(0, began).some((amount) => amount !== null))
      paid.push(this.first as number)
    const lowest = paid.length === 0 ? null : money(Math.min(...paid))
    const ends_at = instant(sale.ends * STEP)
    return [[currency, money(now), money(this.regular), ends_at, lowest]]
  }
}

function seeded(seed: number) {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
