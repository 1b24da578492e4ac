import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import { seedShop } from '../index.ts'

const NOW = new Date('2026-11-21T12:00:00.000Z')
/** As in a server that makes its demo shop, only more eager to tidy up what is over by now. */
const EAGER = {
  checkout_sweep_interval_ms: 20,
  reservation_sweep_interval_ms: 20,
  cart_sweep_interval_ms: 20,
}

onEveryEngine('the demo shop', (engine) => {
  it('is a year of trade that breaks no invariant, and is made only once', async () => {
    const begun = Date.now()
    const clock = () => new Date(NOW.getTime() + Date.now() - begun)
    await using house = await openHouse(engine, { clock, background: true, settings: EAGER })
    const told: string[] = []
    const print = (line: string) => void told.push(line)

    const made = await seedShop(house.app, { print })
    const again = await seedShop(house.app, { print })

    assert.match(made ?? '', /200 products .* 50 customers and 500 orders/)
    assert.equal(again, undefined)
    assert.deepEqual(await house.violations(), [])
    const total = async (path: string) => (await house.ask(`GET /api/v1/${path}`)).data.total
    assert.equal(await total('orders?limit=1'), 500)
    assert.equal(await total('locations?limit=1'), 3)
    assert.equal(await total('customers?limit=1'), 50)
    assert.ok((await total('orders?limit=1&payment_status=paid')) > 300)
    assert.ok((await total('orders?limit=1&status=cancelled')) > 10)
    const { data } = await house.ask('GET /api/v1/orders?limit=1&sort_order=asc')
    assert.ok(data.items[0].order_date < '2026-01-01', 'the first order is a year old')
    await assertOpenForBusiness(house)
  })

  it('can be had on the day it opens: goods, and nobody who bought any', async () => {
    await using house = await openHouse(engine)

    const made = await seedShop(house.app, { catalogueOnly: true, print: () => {} })

    assert.match(made ?? '', /200 products in \d+ variants at 3 locations\.$/)
    assert.deepEqual(await house.violations(), [])
    const total = async (path: string) => (await house.ask(`GET /api/v1/${path}`)).data.total
    assert.equal(await total('orders?limit=1'), 0)
    assert.equal(await total('customers?limit=1'), 0)
    const { data } = await house.ask('GET /api/v1/products/MUG-TIDEMUG')
    assert.ok(data.variants.some((one: any) => one.available_quantity > 0))
  })

  it('has any number of generated products instead, with stock and prices', async () => {
    await using house = await openHouse(engine)

    await seedShop(house.app, { products: 25, print: () => {} })

    const { data } = await house.ask('GET /api/v1/products?limit=25')
    assert.equal(data.total, 25)
    assert.deepEqual(await house.violations(), [])
  })
})

/** Taxed, sent, taken off, sorted and on offer. */
async function assertOpenForBusiness(house: House): Promise<void> {
  const data = async (path: string) => (await house.ask(`GET /api/v1/${path}`)).data

  const { items: bought } = await data('orders?limit=100&include_items=true')
  const web = bought.filter(({ tax_status }: any) => tax_status === 'computed')
  assert.ok(web.length > 20 && web.length < 70, `${web.length} of 100 by the checkout`)
  assert.ok(web.some(({ taxes }: any) => taxes.some(({ amount }: any) => amount !== '0.00')))
  assert.ok(web.some(({ discounts }: any) => discounts.some(({ code }: any) => code)))
  const cents = (text: string) => Math.round(Number(text) * 100)
  for (const order of web) {
    const { subtotal, discount_total, shipping_total, tax_total, total_amount } = order
    const sum = cents(subtotal) - cents(discount_total) + cents(shipping_total) + cents(tax_total)
    assert.equal(sum, cents(total_amount), order.order_number)
    assert.ok(order.shipping === null || order.shipping_address !== null)
  }
  const { items: promotions } = await data('promotions?limit=50')
  for (const status of ['active', 'paused', 'draft']) {
    assert.ok(promotions.some((promotion: any) => promotion.status === status))
  }
  const uses = async (code: string) => {
    const { id } = promotions.find((promotion: any) => promotion.code === code)
    return (await data(`promotions/${id}`)).usage.times_redeemed
  }
  assert.ok((await uses('WELCOME10')) > 5)
  assert.ok((await uses('OPENING5')) > 15)
  const { items: throws } = await data('products?category=throws&limit=1')
  assert.equal(throws[0].sale.ends_at.slice(0, 10), '2026-11-30')
  const { items: coffee } = await data('products?category=coffee-and-tea&attributes=roast:dark')
  assert.ok(coffee.length > 0)
  const quote = 'shipping/quotes?country=US&region=ME&currency=USD&subtotal=60'
  const { options } = await data(quote)
  assert.deepEqual([options[0].name, options[0].amount], ['Standard', '0.00'])
}
