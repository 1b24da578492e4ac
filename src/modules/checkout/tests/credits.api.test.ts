import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import {
  ADDRESS,
  type Buyer,
  books,
  complete,
  made,
  movableClock,
  newBuyer,
  newCustomer,
  newGuest,
  openShop,
  ready,
  sweep,
} from './shopping.ts'

const newCard = (house: House, initial_amount: string, more: object = {}) =>
  made(house, 'POST /api/v1/gift-cards', { initial_amount, currency: 'USD', ...more })

const leftOn = async (house: House, { id }: { id: string }): Promise<string> =>
  (await house.ask(`GET /api/v1/gift-cards/${id}`)).data.balance

const apply = ({ ask }: Buyer, checkout: { id: string }, { code }: { code: string }) =>
  ask(`POST /api/v1/checkout/${checkout.id}/gift-cards`, { code })

const due = ({ credits, credit_total, amount_due }: any) => [
  credits.map(({ type, amount }: any) => `${type} ${amount}`),
  credit_total,
  amount_due,
]

const orderOf = async (house: House, id: string) => {
  const order = (await books(house)).find((one) => one.id === id)
  assert.ok(order, `there is no order ${id}`)
  return {
    status: order.payment_status,
    payments: order.payments
      .map((one: any) => `${one.payment_method} ${one.amount} ${one.status}`)
      .toSorted(),
  }
}

// One shop for all: each test has buyers, cards and customers of its own. A mug costs 12.50.
onEveryEngine('credit in a checkout', (engine) => {
  it('is told with what it pays and what remains, and may be taken out again', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 2 })
    const checkout = await ready(guest)
    const total = Number(checkout.total)
    const [small, large] = [await newCard(house, '10.00'), await newCard(house, '500.00')]
    const first = await apply(guest, checkout, small)
    assert.equal(first.status, 200, JSON.stringify(first.body))
    const rest = (total - 10).toFixed(2)
    assert.deepEqual(due(first.data), [['gift_card 10.00'], '10.00', rest])
    assert.equal(first.data.credits[0].last_four, small.last_four)
    assert.ok(!JSON.stringify(first.body).includes(small.code), 'a code is told to nobody')
    const second = await apply(guest, checkout, large)
    assert.deepEqual(due(second.data), [
      ['gift_card 10.00', `gift_card ${rest}`],
      checkout.total,
      '0.00',
    ])
    const twice = await apply(guest, checkout, large)
    assert.deepEqual(due(twice.data), due(second.data))
    const path = `DELETE /api/v1/checkout/${checkout.id}/gift-cards`
    const less = await guest.ask(`${path}/${large.id}`)
    assert.deepEqual(due(less.data), due(first.data))
    const again = await guest.ask(`${path}/${large.id}`)
    assert.deepEqual([again.status, again.error.code], [404, 'CHECKOUT_CREDIT_NOT_APPLIED'])
    // Nothing was taken by any of that.
    assert.deepEqual([await leftOn(house, small), await leftOn(house, large)], ['10.00', '500.00'])

    await paysWithTheRest(house, { guest, checkout, small, total })
    await paysAll(house)
    await refusesWhatCannotPay(house)
    await belongsToItsCustomer(house)
    assert.deepEqual(await house.violations(), [])
  })

  type Bought = { guest: Buyer; checkout: any; small: any; total: number }
  async function paysWithTheRest(house: House, { guest, checkout, small, total }: Bought) {
    const done = await complete(guest, checkout)
    assert.equal(done.status, 201, JSON.stringify(done.body))
    assert.deepEqual(await orderOf(house, done.data.order_id), {
      status: 'paid',
      payments: [`CreditCard ${(total - 10).toFixed(2)} succeeded`, 'GiftCard 10.00 succeeded'],
    })
    assert.equal(await leftOn(house, small), '0.00')
    const after = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
    assert.deepEqual([after.data.status, after.data.credit_total], ['complete', '10.00'])
    const twice = await complete(guest, checkout)
    assert.deepEqual([twice.status, twice.data.order_id], [201, done.data.order_id])
    assert.equal((await orderOf(house, done.data.order_id)).payments.length, 2)
  }

  /** No payment method is asked for where credit covers all. */
  async function paysAll(house: House) {
    const guest = await newGuest(house, { MUG: 1 })
    const steps = { payment_method: null, payment_token: null }
    const checkout = await ready(guest, undefined, steps)
    const card = await newCard(house, '100.00')
    await apply(guest, checkout, card)
    const done = await complete(guest, checkout)
    assert.equal(done.status, 201, JSON.stringify(done.body))
    assert.equal(done.data.payment.status, 'succeeded')
    const { status, payments } = await orderOf(house, done.data.order_id)
    assert.deepEqual([status, payments.length], ['paid', 1])
    const left = (100 - Number(checkout.total)).toFixed(2)
    assert.equal(await leftOn(house, card), left)
  }

  async function refusesWhatCannotPay(house: House) {
    const guest = await newGuest(house, { MUG: 1 })
    const checkout = await ready(guest, undefined, { payment_method: null, payment_token: null })
    const refusal = async (card: { code: string }) => {
      const { status, error } = await apply(guest, checkout, card)
      return `${status} ${error.code}`
    }
    const [foreign, stopped, small] = [
      await newCard(house, '10.00', { currency: 'EUR' }),
      await newCard(house, '10.00'),
      await newCard(house, '1.00'),
    ]
    await made(house, `POST /api/v1/gift-cards/${stopped.id}/disable`, {})
    assert.equal(await refusal({ code: 'AAAA-BBBB-CCCC-DDDD' }), '404 GIFT_CARD_CODE_UNKNOWN')
    assert.equal(await refusal(foreign), '422 CREDIT_CURRENCY_MISMATCH')
    assert.equal(await refusal(stopped), '422 GIFT_CARD_DISABLED')
    await apply(guest, checkout, small)
    // A method is missing for the rest: said before anything is placed or taken.
    const without = await complete(guest, checkout)
    assert.deepEqual([without.status, without.error.code], [422, 'CHECKOUT_STEP_MISSING'])
    assert.equal(await leftOn(house, small), '1.00')
    // Stopped since it was shown: what is due now is told once, and then accepted.
    await made(house, `POST /api/v1/gift-cards/${small.id}/disable`, {})
    const card = { payment_method: 'CreditCard', payment_token: 'pm_test_success' }
    const changed = await complete(guest, checkout, card)
    assert.deepEqual([changed.status, changed.error.code], [409, 'CHECKOUT_CREDIT_CHANGED'])
    assert.equal(changed.error.details.new_due, checkout.total)
    const done = await complete(guest, checkout, card)
    assert.equal(done.status, 201, JSON.stringify(done.body))
    assert.deepEqual((await orderOf(house, done.data.order_id)).payments, [
      `CreditCard ${checkout.total} succeeded`,
    ])
  }

  async function belongsToItsCustomer(house: House) {
    const customer_id = await newCustomer(house, 'saver@example.com')
    const grant = { customer_id, currency: 'USD', amount: '5.00', reason: 'For the wait.' }
    await made(house, 'POST /api/v1/store-credit/grants', grant)
    const buyer = await newBuyer(house, customer_id, { MUG: 1 })
    const checkout = await ready(buyer)
    const path = `/api/v1/checkout/${checkout.id}/store-credit`
    const applied = await buyer.ask(`PUT ${path}`, {})
    assert.deepEqual(due(applied.data).slice(0, 2), [['store_credit 5.00'], '5.00'])
    assert.deepEqual(due((await buyer.ask(`DELETE ${path}`)).data)[1], '0.00')
    await buyer.ask(`PUT ${path}`, {})
    const done = await complete(buyer, checkout)
    const { payments } = await orderOf(house, done.data.order_id)
    assert.equal(payments.at(-1), 'StoreCredit 5.00 succeeded')
    // A guest who only knows the e-mail gets none of it, before the order or after.
    await made(house, 'POST /api/v1/store-credit/grants', grant)
    const stranger = await newGuest(house, { MUG: 1 })
    const theirs = await ready(stranger, 'pm_test_declined', { email: 'saver@example.com' })
    const ask = () => stranger.ask(`PUT /api/v1/checkout/${theirs.id}/store-credit`, {})
    assert.equal((await ask()).error.code, 'CHECKOUT_CREDIT_NEEDS_CUSTOMER')
    assert.equal((await complete(stranger, theirs)).status, 402)
    assert.equal((await ask()).error.code, 'CHECKOUT_CREDIT_NEEDS_CUSTOMER')
  }

  it('stays with the order after a decline, and goes back when the checkout ends', async () => {
    const { clock, pass } = movableClock()
    await using house = await openHouse(engine, { clock })
    await openShop(house)
    const card = await newCard(house, '10.00')
    const guest = await newGuest(house, { MUG: 1 })
    const checkout = await ready(guest, 'pm_test_declined')
    await apply(guest, checkout, card)
    const declined = await complete(guest, checkout)
    assert.deepEqual([declined.status, declined.error.code], [402, 'CHECKOUT_PAYMENT_DECLINED'])
    assert.equal(await leftOn(house, card), '0.00')
    const kept = await guest.ask(`DELETE /api/v1/checkout/${checkout.id}/gift-cards/${card.id}`)
    assert.deepEqual([kept.status, kept.error.code], [409, 'CHECKOUT_CREDIT_TAKEN'])
    // A second card that the buyer finds pays more of the very same order.
    const other = await newCard(house, '1.00')
    assert.equal((await apply(guest, checkout, other)).data.credit_total, '11.00')
    const token = { payment_token: 'pm_test_declined' }
    assert.equal((await complete(guest, checkout, token)).status, 402)
    assert.equal(await leftOn(house, other), '0.00')

    pass(60 * 24)
    await sweep(house)
    await sweep(house)
    const { data } = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
    assert.equal(data.status, 'expired')
    assert.deepEqual([await leftOn(house, card), await leftOn(house, other)], ['10.00', '1.00'])

    const next = await newGuest(house, { MUG: 1 })
    const paid = await ready(next, 'pm_test_declined')
    await apply(next, paid, card)
    assert.equal((await complete(next, paid)).status, 402)
    const done = await complete(next, paid, { payment_token: 'pm_test_success' })
    assert.equal(done.status, 201, JSON.stringify(done.body))
    assert.equal((await orderOf(house, done.data.order_id)).status, 'paid')
    assert.equal(await leftOn(house, card), '0.00')
    assert.deepEqual(await house.violations(), [])
  })

  it('counts wrong codes of a caller, for whatever they are said', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const card = await newCard(house, '10.00')
    const customer_id = await newCustomer(house)
    const buyer = await newBuyer(house, customer_id, { MUG: 1 })
    const checkout = await ready(buyer)
    const { data: order } = await buyer.ask('POST /api/v1/orders', {
      items: [{ sku: 'MUG', quantity: 1 }],
      shipping_address: { street: '1 A', city: 'B', state: 'ME', postal_code: '1', country: 'US' },
    })
    const wrong = { code: 'AAAA-BBBB-CCCC-DDDD' }
    for (let nth = 0; nth < 10; nth++) {
      assert.equal((await apply(buyer, checkout, wrong)).status, 404)
      const body = { order_id: order.id, payment_method: 'gift_card', ...wrong }
      assert.equal((await buyer.ask('POST /api/v1/payments', body)).status, 404)
    }
    const refused = await apply(buyer, checkout, card)
    assert.deepEqual([refused.status, refused.error.code], [429, 'GIFT_CARD_TOO_MANY_GUESSES'])
    const body = { order_id: order.id, payment_method: 'gift_card', code: card.code }
    assert.equal((await buyer.ask('POST /api/v1/payments', body)).status, 429)
    assert.equal(await leftOn(house, card), '10.00')
  })

  it('of one card that two checkouts want goes to one, and the other is asked for the rest', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const card = await newCard(house, '10.00')
    const guests = await Promise.all([1, 2, 3].map(() => newGuest(house, { MUG: 1 })))
    const pairs = await Promise.all(
      guests.map(async (guest) => ({ guest, checkout: await ready(guest) })),
    )
    for (const { guest, checkout } of pairs) {
      assert.equal((await apply(guest, checkout, card)).data.credit_total, '10.00')
    }
    const answers = await Promise.all(pairs.map(({ guest, checkout }) => complete(guest, checkout)))
    for (const { status, error } of answers) {
      assert.ok(status === 201 || error.code === 'CHECKOUT_CREDIT_CHANGED', JSON.stringify(error))
    }
    assert.equal(answers.filter(({ status }) => status === 201).length, 1)
    const done = await Promise.all(pairs.map(({ guest, checkout }) => complete(guest, checkout)))
    for (const { status, body } of done) assert.equal(status, 201, JSON.stringify(body))
    const orders = await Promise.all(done.map(({ data }) => orderOf(house, data.order_id)))
    assert.deepEqual(
      orders.map(({ status }) => status),
      ['paid', 'paid', 'paid'],
    )
    const byCard = orders.flatMap(({ payments }) =>
      payments.filter((one: string) => one.startsWith('GiftCard') && one.endsWith('succeeded')),
    )
    assert.deepEqual(byCard, ['GiftCard 10.00 succeeded'])
    assert.equal(await leftOn(house, card), '0.00')
    assert.deepEqual(await house.violations(), [])
  })

  it('is taken once, whoever completes a checkout how often at once', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const card = await newCard(house, '10.00')
    const guest = await newGuest(house, { MUG: 1 })
    const checkout = await ready(guest, undefined, { shipping_address: ADDRESS })
    await apply(guest, checkout, card)
    await Promise.all(Array.from({ length: 6 }, () => complete(guest, checkout)))
    const done = await complete(guest, checkout)
    assert.equal(done.status, 201, JSON.stringify(done.body))
    const { status, payments } = await orderOf(house, done.data.order_id)
    assert.equal(status, 'paid')
    assert.equal(
      payments.filter((one: string) => one.endsWith('succeeded')).length,
      2,
      `${payments}`,
    )
    assert.equal(await leftOn(house, card), '0.00')
    assert.deepEqual(await house.violations(), [])
  })
})
