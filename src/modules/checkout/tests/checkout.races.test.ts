import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import {
  ADDRESS,
  type Asked,
  available,
  books,
  complete,
  made,
  movableClock,
  newGuest,
  openShop,
  ready,
  sweep,
} from './shopping.ts'

const CLICKS = 50

const crowd = <T>(count: number, call: (nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, nth) => call(nth)))

/** How often each outcome was answered: a status, or the code of a refusal. */
function tally(answers: readonly Asked[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, error } of answers) {
    const outcome = error?.code ?? status
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

/** One order with one charge of all that it costs, and stock that agrees. */
async function assertOneOrder(house: House, units: number): Promise<any> {
  const [order, ...others] = await books(house)
  assert.equal(others.length, 0, 'more than one order')
  assert.deepEqual([order.status, order.payment_status], ['confirmed', 'paid'])
  const taken = order.payments.filter((one: any) => Number(one.captured_amount) > 0)
  assert.equal(taken.length, 1, 'more than one charge')
  assert.equal(taken[0].captured_amount, order.total_amount)
  assert.equal(await available(house, 'MUG'), 100 - units)
  assert.deepEqual(await house.violations(), [])
  return order
}

onEveryEngine('at the same moment', (engine) => {
  it(`${CLICKS} completes of one cart make one order and one charge`, async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 2 })
    const checkout = await ready(guest)
    const shared = randomUUID()
    const path = `POST /api/v1/checkout/${checkout.id}/complete`

    const answers = await crowd(CLICKS, (nth) => {
      if (nth % 3 === 0) return complete(guest, checkout, {}, shared)
      return nth % 3 === 1 ? complete(guest, checkout) : guest.ask(path, {})
    })

    const counts = tally(answers)
    const { 201: done = 0, IDEMPOTENCY_KEY_IN_USE: waiting = 0, ...others } = counts
    assert.deepEqual(
      Object.keys(others).filter((code) => !/IDEMPOTENCY/.test(code)),
      [],
      JSON.stringify(counts),
    )
    assert.ok(done > CLICKS / 2, JSON.stringify({ counts, waiting }))
    const orders = new Set(answers.flatMap(({ data }) => data?.order_id ?? []))
    const order = await assertOneOrder(house, 2)
    assert.deepEqual([...orders], [order.id])
    const once = await complete(guest, checkout, {}, shared)
    assert.equal(once.data.order_id, order.id)
  })

  it('many clicks with a card that is declined and one that is not charge once', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    for (let round = 0; round < 3; round++) {
      const guest = await newGuest(house, { MUG: 1 })
      const checkout = await ready(guest, 'pm_test_declined')
      await crowd(12, (nth) =>
        complete(guest, checkout, nth % 2 ? { payment_token: 'pm_test_success' } : {}),
      )
      await complete(guest, checkout, { payment_token: 'pm_test_success' })
    }
    const orders = await books(house)
    assert.equal(orders.length, 3)
    for (const { payment_status, payments } of orders) {
      const taken = payments.filter((one: any) => Number(one.captured_amount) > 0)
      assert.deepEqual([payment_status, taken.length], ['paid', 1])
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('a coupon with one use is redeemed by one of ten carts; the others are told', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const once = { name: 'Once', kind: 'percent', percent: '50', status: 'active' }
    await made(house, 'POST /api/v1/promotions', { ...once, code: 'ONCE', usage_limit: 1 })
    const guests = []
    for (let nth = 0; nth < 10; nth++) {
      const guest = await newGuest(house, { MUG: 1 }, { coupon_codes: ['ONCE'] })
      guests.push({ guest, checkout: await ready(guest, 'pm_test_success', emailOf(nth)) })
    }

    const answers = await Promise.all(guests.map((one) => complete(one.guest, one.checkout)))

    const { 201: done, ...others } = tally(answers)
    assert.equal(done, 1, JSON.stringify(others))
    const told = new Set(['COUPON_USED_UP', 'CHECKOUT_PRICE_CHANGED'])
    for (const code of Object.keys(others)) assert.ok(told.has(code), code)
    assert.equal((await books(house)).length, 1)
    assert.deepEqual(await house.violations(), [])
    // Whoever was told too late is asked once more, and then buys at the full price.
    for (const [nth, { guest, checkout }] of guests.entries()) {
      if (answers[nth]?.status === 201) continue
      const asked = await complete(guest, checkout)
      const last = asked.status === 201 ? asked : await complete(guest, checkout)
      assert.equal(last.status, 201, JSON.stringify(last.body))
    }
    const discounted = (await books(house)).filter((one) => Number(one.discount_total) > 0)
    assert.equal(discounted.length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('ten checkouts begin for three units: three hold one each', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { MUG: 3 })
    const guests = await crowd(10, () => newGuest(house, { MUG: 1 }))
    const begun = await Promise.all(
      guests.map((guest) =>
        guest.ask('POST /api/v1/checkout', { cart_id: guest.cart_id, shipping_address: ADDRESS }),
      ),
    )
    assert.deepEqual(tally(begun), { 201: 3, INSUFFICIENT_STOCK: 7 })
    assert.equal(await available(house, 'MUG'), 0)
    assert.deepEqual(await house.violations(), [])
  })

  it('one e-mail of several guests becomes one customer', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guests = await crowd(6, () => newGuest(house, { MUG: 1 }))
    const checkouts = await Promise.all(guests.map((guest) => ready(guest)))
    const answers = await Promise.all(
      guests.map((guest, nth) => complete(guest, checkouts[nth] as { id: string })),
    )
    assert.deepEqual(tally(answers), { 201: 6 })
    const customers = new Set((await books(house)).map(({ customer_id }) => customer_id))
    assert.equal(customers.size, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('a checkout that is completed, given up, changed and swept ends one way, in order', async () => {
    const { clock, pass } = movableClock()
    await using house = await openHouse(engine, { clock })
    await openShop(house)
    for (let round = 0; round < 6; round++) {
      const guest = await newGuest(house, { MUG: 1 })
      const checkout = await ready(guest, 'pm_test_success', emailOf(round))
      const item = { sku: 'MUG', quantity: 1 }
      if (round % 2) pass(29.999)
      const answers = await Promise.all([
        complete(guest, checkout),
        guest.ask(`DELETE /api/v1/checkout/${checkout.id}`),
        guest.ask(`POST /api/v1/carts/${guest.cart_id}/items`, item),
        sweep(house),
        complete(guest, checkout),
        guest.ask(`PUT /api/v1/checkout/${checkout.id}/customer`, emailOf(round)),
      ])
      const faults = answers.filter((answer) => (answer?.status ?? 0) >= 500)
      assert.deepEqual(
        faults.map((answer) => answer?.body),
        [],
      )
      assert.deepEqual(await house.violations(), [], `round ${round}`)
    }
    for (const { payment_status, status, payments } of await books(house)) {
      assert.ok(payments.length <= 1, `${status} ${payment_status}`)
    }
  })

  if (engine === 'sqlite') return

  it('two processes complete one cart once', async () => {
    await using house = await openHouse(engine)
    await using second = await openHouse(engine, { at: house.url })
    await openShop(house)
    const guest = await newGuest(house, { MUG: 2 })
    const checkout = await ready(guest)
    const headers = { 'x-cart-session': guest.session_id as string }
    const path = `POST /api/v1/checkout/${checkout.id}/complete`
    const answers = await crowd(20, (nth) =>
      (nth % 2 ? second : house).ask(path, {}, { as: 'nobody', headers }),
    )
    assert.deepEqual(tally(answers), { 201: 20 })
    await assertOneOrder(house, 2)
  })
})

const emailOf = (nth: number) => ({ email: `guest-${nth}@example.com` })
