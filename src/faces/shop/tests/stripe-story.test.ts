import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { asking, guestOf, newShopper, openShop, SESSION } from './shopping.ts'
import { openStripeHouse, type StripeHouse, takenBy, unitsLeft } from './stripe.ts'

// The whole story of the shop's document, told by Stripe's own package and signed webhooks.

const TOTAL = 34499
const ADDRESS = {
  first_name: 'Jane',
  last_name: 'Doe',
  address_1: '123 Main St',
  city: 'Los Angeles',
  state: 'CA',
  postcode: '90001',
  country: 'US',
}
type Shopper = ReturnType<typeof guestOf>

async function ordersOf(house: StripeHouse) {
  const { data } = await house.ask('GET /api/v1/orders')
  return data.items as any[]
}

/** A rose in the cart and a page of Stripe for it. */
async function openPage(shopper: Shopper, more: object = {}) {
  const added = await shopper('POST /api/cart/items', { product_id: 'ROSE', quantity: 1 })
  assert.equal(added.status, 200, JSON.stringify(added.body))
  const page = await shopper('POST /api/checkout/session', { ...SESSION, ...more })
  assert.equal(page.status, 200, JSON.stringify(page.body))
  return page.body
}

const readPage = async (shopper: Shopper, id: string) =>
  (await shopper(`GET /api/checkout/session/${id}`)).body

onEveryEngine('the shop face over Stripe', (engine) => {
  it('turns a guest’s paid page into one order, whatever order its webhooks come in', async () => {
    await using house = await openStripeHouse(engine)
    await openShop(house, { ROSE: 5 })
    const guest = guestOf(house)
    const page = await openPage(guest, { customer_email: 'jane@example.com', shipping: ADDRESS })
    assert.match(page.url, /\/pay\/cs_test_/)
    assert.equal(await unitsLeft(house, 'ROSE'), 4)
    const open = await readPage(guest, page.session_id)
    assert.deepEqual(
      [open.status, open.payment_status, open.amount_total, open.currency, open.order_id],
      ['open', 'unpaid', TOTAL, 'usd', null],
    )
    assert.deepEqual(open.metadata, { source: '3d_experience' })

    await fetch(page.url, { redirect: 'manual' })
    const events = house.stripe.events()
    const shuffled = [...events.toReversed(), ...events, ...events.slice(1)]
    assert.deepEqual(new Set(await house.tell(shuffled)), new Set([200]))
    await house.goOn()
    await house.tell(events)

    const paid = await readPage(guest, page.session_id)
    assert.deepEqual([paid.status, paid.payment_status], ['complete', 'paid'])
    assert.equal(paid.customer_email, 'jane@example.com')
    assert.match(paid.order_id, /^order_/)
    const [order, ...more] = await ordersOf(house)
    assert.deepEqual(more, [])
    assert.deepEqual(
      [order.status, order.payment_status, order.total_amount, order.shipping_address.street],
      ['confirmed', 'paid', '344.99', '123 Main St'],
    )
    assert.deepEqual([takenBy(house), await unitsLeft(house, 'ROSE')], [TOTAL, 4])
    assert.equal((await guest('GET /api/cart')).body.items?.length ?? 0, 0)
    const [mail, ...others] = await house.mails('order_confirmed')
    assert.deepEqual([mail.to, others], ['Jane Doe <jane@example.com>', []])
    assert.deepEqual(await house.violations(), [])
  })

  it('tells a failed payment by mail, keeps cart and units, and takes the next try', async () => {
    await using house = await openStripeHouse(engine)
    await openShop(house, { ROSE: 1 })
    const ada = asking(house, await newShopper(house))
    const { body } = await ada('POST /api/cart/items', { product_id: 'ROSE', quantity: 1 })
    const wrong = await ada('POST /api/checkout/payment-intent', { amount: 1, currency: 'usd' })
    assert.deepEqual([wrong.status, wrong.body.error], [400, 'amount_mismatch'])
    const { body: intent } = await ada('POST /api/checkout/payment-intent', {
      amount: TOTAL,
      currency: 'usd',
      payment_method_types: ['card'],
      metadata: { cart_id: body.cart.cart_id, source: '3d_experience' },
    })
    assert.match(intent.payment_intent_id, /^pi_/)
    assert.deepEqual(
      [intent.amount, intent.currency, intent.status],
      [TOTAL, 'usd', 'requires_payment_method'],
    )

    assert.equal(
      await house.stripe.payIntent(intent.payment_intent_id, 'pm_card_chargeDeclined'),
      false,
    )
    await house.tell()
    const [failure] = await house.mails('checkout_payment_failed')
    assert.equal(failure.to, 'ada@example.com')
    assert.deepEqual(await ordersOf(house), [])
    assert.equal((await ada('GET /api/cart')).body.items.length, 1)
    assert.equal(await unitsLeft(house, 'ROSE'), 0)

    assert.equal(await house.stripe.payIntent(intent.payment_intent_id), true)
    // News of the failure come once more, after those of the success.
    await house.tell(house.stripe.events().toReversed())
    await house.goOn()
    const [order, ...more] = await ordersOf(house)
    assert.deepEqual([order.payment_status, order.total_amount, more], ['paid', '344.99', []])
    assert.deepEqual([takenBy(house), await unitsLeft(house, 'ROSE')], [TOTAL, 0])
    assert.deepEqual((await ada('GET /api/cart')).body.items, [])
    await house.mails('order_confirmed')
    assert.deepEqual(await house.violations(), [])
  })

  it('follows refunds that are made in the dashboard, and moves no stock by itself', async () => {
    await using house = await openStripeHouse(engine)
    await openShop(house, { ROSE: 3 })
    const ada = asking(house, await newShopper(house))
    const page = await openPage(ada, { mode: 'embedded' })
    assert.deepEqual(
      [typeof page.client_secret, page.publishable_key],
      ['string', 'pk_test_double'],
    )
    await house.stripe.pay(page.session_id)
    await house.tell()
    await house.goOn()
    const [intent] = house.stripe.books.intents.keys()
    await house.stripe.refundByHand(String(intent), 10_001)
    await house.stripe.refundByHand(String(intent), 4_998)
    // Only the sum is told: which refunds there are has to be asked.
    await house.tell(house.stripe.events('charge.refunded').toReversed())
    await house.mails('payment_refunded', 2)
    const [order] = await ordersOf(house)
    const { data: payments } = await house.ask(`GET /api/v1/payments/order/${order.id}`)
    assert.deepEqual(
      [payments[0].status, payments[0].refunded_amount, order.payment_status],
      ['partially_refunded', '149.99', 'partially_refunded'],
    )
    assert.equal(await unitsLeft(house, 'ROSE'), 2)
    assert.deepEqual(await house.violations(), [])
  })

  it('gives the units back when the page expires, and the money when it was paid too late', async () => {
    await using house = await openStripeHouse(engine)
    await openShop(house, { ROSE: 1 })
    const shopper = await newShopper(house)
    const ada = asking(house, shopper)
    const page = await openPage(ada)
    await house.stripe.expire(page.session_id)
    const expired = house.stripe.events('checkout.session.expired')
    await house.tell([...expired, ...expired])
    const after = await readPage(ada, page.session_id)
    assert.deepEqual([after.status, after.payment_status], ['expired', 'unpaid'])
    assert.equal(await unitsLeft(house, 'ROSE'), 1)
    assert.equal((await ada('GET /api/cart')).body.items.length, 1)

    // The payer pays while the cart is dropped, and the news of it come last.
    const { body: late } = await ada('POST /api/checkout/payment-intent', {
      amount: TOTAL,
      currency: 'usd',
    })
    await house.stripe.payIntent(late.payment_intent_id)
    const { data: carts } = await house.ask('GET /api/v1/carts', undefined, { as: shopper })
    const dropped = await house.ask(`DELETE /api/v1/carts/${carts.items[0].id}`, undefined, {
      as: shopper,
    })
    assert.equal(dropped.status, 204, JSON.stringify(dropped.body))
    await house.tell(house.stripe.events('payment_intent.succeeded'))
    await house.goOn()
    await house.goOn()
    const [notSold] = await house.mails('checkout_payment_failed')
    const { data } = await house.ask(`GET /api/v1/notifications/${notSold.id}`)
    assert.match(data.subject, /could not be placed/)
    const [order, ...more] = await ordersOf(house)
    assert.deepEqual([order.status, more], ['cancelled', []])
    assert.deepEqual([takenBy(house), await unitsLeft(house, 'ROSE')], [0, 1])
    assert.deepEqual(await house.violations(), [])
  })
})
