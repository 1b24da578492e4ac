import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import {
  available,
  books,
  complete,
  made,
  movableClock,
  newBuyer,
  newCustomer,
  newGuest,
  openShop,
  ready,
  shopper,
  sweep,
} from './shopping.ts'

const offer = (more: object) => ({
  name: 'An offer',
  kind: 'percent',
  percent: '10',
  status: 'active',
  ...more,
})

onEveryEngine('completing a checkout', (engine) => {
  it('answers the same order ever after, by whichever key', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 2 })
    const checkout = await ready(guest)
    const key = randomUUID()
    const first = await complete(guest, checkout, {}, key)
    assert.equal(first.status, 201, JSON.stringify(first.body))

    const replayed = await complete(guest, checkout, {}, key)
    const again = await complete(guest, checkout)
    const bare = await guest.ask(`POST /api/v1/checkout/${checkout.id}/complete`, {})
    const started = await guest.ask('POST /api/v1/checkout', { cart_id: guest.cart_id })

    assert.deepEqual(replayed.body, first.body)
    assert.deepEqual(again.data, first.data)
    assert.deepEqual(bare.data, first.data)
    assert.deepEqual([started.status, started.data.order_id], [201, first.data.order_id])
    const [order, ...others] = await books(house)
    assert.deepEqual([others.length, order.payments.length], [0, 1])
    assert.deepEqual(await house.violations(), [])
  })

  it('keeps discount, coupon and tax as they were shown', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    await made(house, 'POST /api/v1/promotions', offer({ code: 'TEN' }))
    const ada = await newCustomer(house)
    const buyer = await newBuyer(house, ada, { MUG: 4 }, { coupon_codes: ['ten'] })
    const checkout = await ready(buyer)
    assert.deepEqual(
      [checkout.subtotal, checkout.discount_total, checkout.tax_total, checkout.total],
      ['50.00', '5.00', '3.60', '48.60'],
    )

    const done = await complete(buyer, checkout, { expected_total: 48.6 })

    assert.equal(done.status, 201, JSON.stringify(done.body))
    const { data: order } = await buyer.ask(`GET /api/v1/orders/${done.data.order_id}`)
    assert.deepEqual([order.customer_id, order.total_amount], [ada, '48.60'])
    assert.equal(order.discounts[0].amount, '5.00')
    assert.equal(order.tax_total, '3.60')
    assert.ok(order.taxes.every((tax: { reason: string }) => tax.reason === 'default'))
    assert.ok((await house.events()).includes('promotion.redeemed'))
    assert.deepEqual(await house.violations(), [])
  })

  it('tells once when it comes to something else, and accepts the next time', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 2 })
    const checkout = await ready(guest)
    const variant = (await house.ask('GET /api/v1/products?search=MUG')).data.items[0]
    const raised = await house.ask(`PUT /api/v1/products/${variant.id}`, { price: '15.00' })
    assert.equal(raised.status, 200, JSON.stringify(raised.body))

    const refused = await complete(guest, checkout)
    assert.deepEqual([refused.status, refused.error.code], [409, 'CHECKOUT_PRICE_CHANGED'])
    const { old_total, new_total } = refused.error.details
    assert.deepEqual([old_total, new_total], [checkout.total, '42.40'])
    const shown = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
    assert.equal(shown.data.total, '42.40')
    const stubborn = await complete(guest, checkout, { expected_total: checkout.total })
    assert.deepEqual([stubborn.status, stubborn.error.code], [409, 'CHECKOUT_PRICE_CHANGED'])

    const done = await complete(guest, checkout)
    assert.deepEqual([done.status, done.data?.total], [201, '42.40'])
    assert.deepEqual(await house.violations(), [])
  })

  it('tells what is short, and sells what is left of the shelf to nobody else meanwhile', async () => {
    const { clock, pass } = movableClock()
    await using house = await openHouse(engine, { clock })
    await openShop(house, { MUG: 2 })
    const guest = await newGuest(house, { MUG: 2 })
    const checkout = await ready(guest)
    // What was held has been given back by hand, and another took a unit.
    await house.ask('POST /api/v1/inventory/MUG/release', { quantity: 2 })
    const ada = await newCustomer(house)
    const taken = { customer_id: ada, items: [{ sku: 'MUG', quantity: 1 }] }
    await made(house, 'POST /api/v1/orders', taken)

    const short = await complete(guest, checkout)

    assert.deepEqual([short.status, short.error.code], [422, 'INSUFFICIENT_STOCK'])
    const [shortage] = short.error.details.shortages
    assert.deepEqual([shortage.requested, shortage.available], [2, 1])
    assert.equal((await books(house)).length, 1)
    pass(31)
    await sweep(house)
    assert.equal(await available(house, 'MUG'), 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses a product that is no longer sold, instead of leaving it out', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1, TEA: 1 })
    const checkout = await ready(guest)
    const mug = (await house.ask('GET /api/v1/products?search=MUG')).data.items[0]
    await house.ask(`DELETE /api/v1/products/${mug.id}`)

    const refused = await complete(guest, checkout)

    assert.deepEqual([refused.status, refused.error.code], [422, 'CHECKOUT_ITEMS_UNAVAILABLE'])
    assert.equal(refused.error.details.items[0].sku, 'MUG')
    assert.deepEqual(await house.violations(), [])
  })

  it('after a decline pays the same order with another token, once', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 2 })
    const checkout = await ready(guest, 'pm_test_declined')
    const key = randomUUID()
    const declined = await complete(guest, checkout, {}, key)
    assert.deepEqual([declined.status, declined.error.code], [402, 'CHECKOUT_PAYMENT_DECLINED'])
    const { order_id, decline_code } = declined.error.details
    assert.equal(decline_code, 'card_declined')
    assert.deepEqual((await complete(guest, checkout, {}, key)).body, declined.body)
    const open = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
    assert.deepEqual([open.data.status, open.data.order_id], ['open', order_id])
    assert.equal(await available(house, 'MUG'), 98)
    assert.deepEqual(await house.violations(), [])
    const changed = await guest.ask(`PUT /api/v1/checkout/${checkout.id}/customer`, {
      email: 'eve@example.com',
    })
    assert.deepEqual([changed.status, changed.error.code], [409, 'CHECKOUT_ORDER_PLACED'])

    const done = await complete(guest, checkout, { payment_token: 'pm_test_success' })

    assert.deepEqual([done.status, done.data?.order_id], [201, order_id])
    assert.deepEqual((await complete(guest, checkout)).data, done.data)
    const [order, ...others] = await books(house)
    assert.equal(others.length, 0)
    assert.deepEqual(
      order.payments.map(({ status }: { status: string }) => status),
      ['failed', 'succeeded'],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('shows what staff has changed before it is paid after all', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 })
    const checkout = await ready(guest, 'pm_test_declined')
    const { error } = await complete(guest, checkout)
    const path = `/api/v1/orders/${error.details.order_id}`
    await made(house, `POST ${path}/items`, { sku: 'TEA', quantity: 1 })
    const total = (await house.ask(`GET ${path}`)).data.total_amount
    const other = { payment_token: 'pm_test_success' }

    const refused = await complete(guest, checkout, other)

    assert.deepEqual([refused.status, refused.error.code], [409, 'CHECKOUT_PRICE_CHANGED'])
    const { old_total, new_total } = refused.error.details
    assert.deepEqual([old_total, new_total], [checkout.total, total])
    const done = await complete(guest, checkout, other)
    assert.deepEqual([done.status, done.data?.total], [201, total])
    assert.deepEqual(await house.violations(), [])
  })

  it('forgets who bought when their data is erased, and keeps the books', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 })
    const checkout = await ready(guest, 'pm_test_declined')
    await complete(guest, checkout)
    const [order] = await books(house)
    await house.ask(`POST /api/v1/orders/${order.id}/cancel`, {})
    const told = await house.ask(`GET /api/v1/checkout/${checkout.id}`)
    assert.equal(told.data.customer_email, 'guest@example.com')
    const path = `/api/v1/customers/${order.customer_id}/erase`
    const erased = await house.ask(`POST ${path}`, {})
    assert.ok(erased.status < 300, JSON.stringify(erased.body))
    const { data } = await house.ask(`GET /api/v1/checkout/${checkout.id}`)
    assert.deepEqual(
      [data.customer_email, data.shipping_address, data.total],
      [null, null, checkout.total],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('asks for 3-D Secure, and is complete when that is confirmed', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 })
    const checkout = await ready(guest, 'pm_test_3ds')
    const early = await guest.ask(`POST /api/v1/checkout/${checkout.id}/confirm`, {})
    assert.deepEqual([early.status, early.error.code], [409, 'CHECKOUT_NOTHING_TO_CONFIRM'])
    const asked = await complete(guest, checkout)
    assert.equal(asked.status, 201, JSON.stringify(asked.body))
    assert.equal(asked.data.payment.status, 'requires_action')
    assert.match(asked.data.payment.next_action.url, /^http/)
    assert.deepEqual((await complete(guest, checkout)).data, asked.data)

    const path = `POST /api/v1/checkout/${checkout.id}/confirm`
    const done = await guest.ask(path, {}, { 'idempotency-key': randomUUID() })

    assert.deepEqual([done.status, done.data?.payment.status], [200, 'succeeded'])
    assert.deepEqual((await guest.ask(path, {})).data, done.data)
    const over = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
    assert.equal(over.data.status, 'complete')

    const other = await newGuest(house, { MUG: 1 })
    const failing = await ready(other, 'pm_test_3ds_fails', { email: 'bea@example.com' })
    await complete(other, failing)
    const failed = await other.ask(`POST /api/v1/checkout/${failing.id}/confirm`, {})
    assert.deepEqual([failed.status, failed.error.code], [402, 'CHECKOUT_PAYMENT_DECLINED'])
    const second = await complete(other, failing, { payment_token: 'pm_test_success' })
    assert.equal(second.status, 201)
    assert.deepEqual(await house.violations(), [])
  })

  it('finds out how a payment ended whose answer was lost, and takes the money once', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    for (const token of ['pm_test_timeout_after_charge', 'pm_test_webhook_never']) {
      const guest = await newGuest(house, { MUG: 1 })
      const checkout = await ready(guest, token)
      const asked = await complete(guest, checkout)
      assert.equal(asked.status, 201, JSON.stringify(asked.body))
      assert.match(asked.data.payment.status, /pending|processing/)
      const again = await complete(guest, checkout, { payment_token: 'pm_test_success' })
      assert.equal(again.data.payment.id, asked.data.payment.id, 'no second try while it is open')
      await house.database.write((session) =>
        session.run({
          sql: `update payment_requests set check_at = '2020-01-01T00:00:00.000Z'`,
          parameters: [],
        }),
      )
      await sweep(house)
      const over = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
      assert.equal(over.data.status, 'complete')
      assert.equal((await complete(guest, checkout)).data.payment.status, 'succeeded')
    }
    for (const { payments } of await books(house)) assert.equal(payments.length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('costs nothing: it is paid and complete at once, without a payment', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const free = { code: 'FREE', percent: '100' }
    await made(house, 'POST /api/v1/promotions', offer(free))
    const sent = { name: 'Sent', kind: 'free_shipping', status: 'active', automatic: true }
    await made(house, 'POST /api/v1/promotions', sent)
    const guest = await newGuest(house, { MUG: 1 }, { coupon_codes: ['FREE'] })
    const checkout = await ready(guest, 'pm_test_success', {
      payment_method: null,
      payment_token: null,
    })
    assert.equal(checkout.total, '0.00')

    const done = await complete(guest, checkout)

    assert.deepEqual([done.status, done.data?.payment], [201, null], JSON.stringify(done.body))
    const [order] = await books(house)
    assert.deepEqual([order.status, order.payment_status], ['confirmed', 'paid'])
    const over = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
    assert.equal(over.data.status, 'complete')
    assert.deepEqual((await complete(guest, checkout)).data, done.data)
    assert.deepEqual(await house.violations(), [])
  })

  it('cancels an order that nobody pays in time: stock and coupon are given back', async () => {
    const { clock, pass } = movableClock()
    await using house = await openHouse(engine, { clock })
    await openShop(house)
    await made(house, 'POST /api/v1/promotions', offer({ code: 'ONCE', usage_limit: 1 }))
    const guest = await newGuest(house, { MUG: 2 }, { coupon_codes: ['ONCE'] })
    const checkout = await ready(guest, 'pm_test_declined')
    const declined = await complete(guest, checkout)
    assert.equal(declined.status, 402)
    pass(31)
    await sweep(house)

    const [order] = await books(house)
    assert.deepEqual([order.status, order.status_reason], ['cancelled', 'not paid in time'])
    assert.equal(await available(house, 'MUG'), 100)
    const over = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
    assert.equal(over.data.status, 'expired')
    const late = await complete(guest, checkout, { payment_token: 'pm_test_success' })
    assert.deepEqual([late.status, late.error.code], [409, 'CHECKOUT_EXPIRED'])
    const next = await newGuest(house, { MUG: 1 }, { coupon_codes: ['ONCE'] })
    const again = await ready(next, 'pm_test_success', { email: 'bea@example.com' })
    assert.equal((await complete(next, again)).status, 201)
    assert.deepEqual(await house.violations(), [])
  })

  it('keeps an unpaid order for ever where the setting says so', async () => {
    const { clock, pass } = movableClock()
    await using house = await openHouse(engine, { clock, settings: { unpaid_order_minutes: 0 } })
    await openShop(house)
    const guest = await newGuest(house, { MUG: 2 })
    const checkout = await ready(guest, 'pm_test_declined')
    await complete(guest, checkout)
    pass(60)
    await sweep(house)
    const [order] = await books(house)
    assert.equal(order.status, 'pending')
    assert.equal(await available(house, 'MUG'), 98)
    // Staff takes the money by other means, and the checkout is complete after all.
    const cash = { order_id: order.id, amount: order.total_amount, payment_method: 'cash' }
    await made(house, 'POST /api/v1/payments', cash)
    const over = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
    assert.equal(over.data.status, 'complete')
    assert.deepEqual(await house.violations(), [])
  })

  it('ends with its order when that is cancelled', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ada = await newCustomer(house)
    const buyer = await newBuyer(house, ada, { MUG: 1 })
    const checkout = await ready(buyer, 'pm_test_declined')
    const { error } = await complete(buyer, checkout)
    const path = `POST /api/v1/orders/${error.details.order_id}/cancel`
    assert.equal((await house.ask(path, {}, { as: shopper(ada) })).status, 200)
    const over = await buyer.ask(`GET /api/v1/checkout/${checkout.id}`)
    assert.equal(over.data.status, 'expired')
    assert.deepEqual(await house.violations(), [])
  })

  it('gives an order up that is placed and not paid, with its buyer', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 })
    const checkout = await ready(guest, 'pm_test_declined')
    await complete(guest, checkout)
    assert.equal((await guest.ask(`DELETE /api/v1/checkout/${checkout.id}`)).status, 204)
    const [order] = await books(house)
    assert.equal(order.status, 'cancelled')
    assert.equal(await available(house, 'MUG'), 100)

    const paid = await newGuest(house, { MUG: 1 })
    const done = await ready(paid)
    await complete(paid, done)
    const refused = await paid.ask(`DELETE /api/v1/checkout/${done.id}`)
    assert.deepEqual([refused.status, refused.error.code], [409, 'CHECKOUT_COMPLETE'])
    assert.deepEqual(await house.violations(), [])
  })
})
