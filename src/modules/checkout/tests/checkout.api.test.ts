import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import {
  ADDRESS,
  available,
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

const NOBODY = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'

onEveryEngine('a checkout', (engine) => {
  it('goes from visitor to paid order in six calls, and every amount agrees', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const opened = await house.ask('POST /api/v1/carts', {}, { as: 'nobody' })
    const headers = { 'x-cart-session': opened.data.session_id }
    const ask = (route: string, body: object) => house.ask(route, body, { as: 'nobody', headers })
    await ask(`POST /api/v1/carts/${opened.data.id}/items`, { sku: 'MUG', quantity: 2 })
    const begun = await ask('POST /api/v1/checkout', {
      cart_id: opened.data.id,
      email: 'Ada@Example.com',
      shipping_address: ADDRESS,
    })
    const { id } = begun.data
    const sent = await ask(`PUT /api/v1/checkout/${id}/shipping-method`, { method: 'Express' })
    const card = { payment_method: 'CreditCard', payment_token: 'pm_test_success' }
    const paying = await ask(`PUT /api/v1/checkout/${id}/payment`, card)
    const done = await ask(`POST /api/v1/checkout/${id}/complete`, {})

    assert.equal(begun.status, 201, JSON.stringify(begun.body))
    assert.deepEqual(
      [begun.data.step, begun.data.status, begun.data.customer_email],
      ['ShippingMethod', 'open', 'ada@example.com'],
    )
    assert.equal(begun.data.shipping_address.country_code, 'US')
    const { session, ...chosen } = sent.data
    assert.deepEqual(chosen, { method: 'Express', amount: '25.00', estimated_days: 2 })
    assert.deepEqual(
      [session.subtotal, session.shipping_total, session.tax_total, session.total],
      ['25.00', '25.00', '2.00', '52.00'],
    )
    assert.deepEqual([paying.data.step, paying.data.payment_method], ['Payment', 'CreditCard'])
    assert.equal(done.status, 201, JSON.stringify(done.body))
    assert.equal(done.data.total, '52.00')
    assert.equal(done.data.payment.status, 'succeeded')

    const { data: order } = await house.ask(`GET /api/v1/orders/${done.data.order_id}`)
    assert.equal(order.order_number, done.data.order_number)
    assert.deepEqual(
      [order.status, order.payment_status, order.email, order.total_amount, order.tax_total],
      ['confirmed', 'paid', 'ada@example.com', '52.00', '2.00'],
    )
    assert.deepEqual(
      [order.shipping.name, order.shipping_address.street, order.shipping_address.country],
      ['Express', '12 Harbour Street', 'US'],
    )
    const { data: customer } = await house.ask(`GET /api/v1/customers/${order.customer_id}`)
    assert.equal(customer.email, 'ada@example.com')
    const over = await house.ask(`GET /api/v1/checkout/${id}`, undefined, { as: 'nobody', headers })
    assert.deepEqual([over.data.status, over.data.order_id], ['complete', order.id])
    assert.equal(await available(house, 'MUG'), 98)
    assert.deepEqual(
      (await house.events()).filter((name) => name.startsWith('checkout.')),
      ['checkout.started', 'checkout.completed'],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('takes its steps one by one in any order, and says which is missing', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 })
    const { data } = await guest.ask('POST /api/v1/checkout', { cart_id: guest.cart_id })
    const path = `/api/v1/checkout/${data.id}`
    const card = { payment_method: 'CreditCard', payment_token: 'pm_test_success' }
    assert.equal(data.step, 'CustomerInfo')
    const missing = async () => {
      const refused = await guest.ask(`POST ${path}/complete`, card)
      assert.deepEqual([refused.status, refused.error.code], [422, 'CHECKOUT_STEP_MISSING'])
      return refused.error.details.step
    }
    assert.equal(await missing(), 'CustomerInfo')
    const method = await guest.ask(`PUT ${path}/shipping-method`, { method: 'Standard' })
    assert.deepEqual([method.status, method.data.amount], [200, '10.00'])
    assert.equal(await missing(), 'CustomerInfo')
    const said = { email: 'bea@example.com', subscribe_newsletter: true }
    const who = await guest.ask(`PUT ${path}/customer`, said)
    assert.deepEqual([who.data.step, who.data.subscribe_newsletter], ['ShippingAddress', true])
    assert.equal(await missing(), 'ShippingAddress')
    const where = await guest.ask(`PUT ${path}/shipping-address`, ADDRESS)
    assert.equal(where.data.step, 'Payment')
    const bill = { ...ADDRESS, address_line_1: '1 Bank Place' }
    assert.equal((await guest.ask(`PUT ${path}/billing-address`, bill)).status, 200)
    const bare = await guest.ask(`POST ${path}/complete`, {})
    assert.deepEqual([bare.status, bare.error.details.step], [422, 'Payment'])

    const done = await guest.ask(`POST ${path}/complete`, card)

    assert.equal(done.status, 201, JSON.stringify(done.body))
    const { data: order } = await house.ask(`GET /api/v1/orders/${done.data.order_id}`)
    assert.equal(order.billing_address.street, '1 Bank Place')
    const { data: customer } = await house.ask(`GET /api/v1/customers/${order.customer_id}`)
    assert.equal(customer.accepts_marketing, true)
    for (const step of ['customer', 'shipping-address', 'payment'] as const) {
      const body = { customer: said, 'shipping-address': ADDRESS, payment: card }[step]
      const late = await guest.ask(`PUT ${path}/${step}`, body)
      assert.deepEqual([late.status, late.error.code], [409, 'CHECKOUT_COMPLETE'])
    }
    assert.deepEqual(await house.violations(), [])
  })

  it('belongs to whoever owns the cart: for others it is not there', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const ada = await newCustomer(house)
    const eve = await newCustomer(house, 'eve@example.com')
    const buyer = await newBuyer(house, ada, { MUG: 1 })
    const guest = await newGuest(house, { MUG: 1 })
    const checkout = await ready(buyer)
    const { id } = await ready(guest)
    const card = { payment_method: 'CreditCard', payment_token: 'pm_test_success' }
    const calls: [string, object?][] = [
      ['GET '],
      ['PUT /customer', { email: 'eve@example.com' }],
      ['PUT /shipping-address', ADDRESS],
      ['PUT /billing-address', ADDRESS],
      ['PUT /shipping-method', { method: 'Express' }],
      ['PUT /payment', card],
      ['POST /complete', card],
      ['POST /confirm', {}],
      ['DELETE '],
    ]
    for (const at of [checkout.id, id, NOBODY]) {
      for (const [route, body] of calls) {
        const [method, rest = ''] = route.split(' ')
        const path = `${method} /api/v1/checkout/${at}${rest}`
        const foreign = { 'x-cart-session': 'a-secret-that-someone-made-up' }
        const answers = [
          await house.ask(path, body, { as: shopper(eve) }),
          await house.ask(path, body, { as: 'nobody' }),
          await house.ask(path, body, { as: 'nobody', headers: foreign }),
        ]
        for (const { status, error } of answers) {
          assert.deepEqual([status, error?.code], [404, 'CHECKOUT_NOT_FOUND'], path)
        }
      }
    }
    const start = await house.ask(
      'POST /api/v1/checkout',
      { cart_id: buyer.cart_id },
      { as: shopper(eve) },
    )
    assert.deepEqual([start.status, start.error.code], [404, 'CART_NOT_FOUND'])
    assert.equal((await buyer.ask(`GET /api/v1/checkout/${checkout.id}`)).status, 200)
    assert.equal((await house.ask(`GET /api/v1/checkout/${checkout.id}`)).status, 200)
    assert.deepEqual(await house.violations(), [])
  })

  it('is the only open one of its cart: a second start answers it', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 2 })
    const starts = await Promise.all(
      Array.from({ length: 8 }, () =>
        guest.ask('POST /api/v1/checkout', { cart_id: guest.cart_id }),
      ),
    )
    assert.equal(new Set(starts.map(({ data }) => data.id)).size, 1)
    assert.equal(await available(house, 'MUG'), 98)
    const again = await guest.ask('POST /api/v1/checkout', {
      cart_id: guest.cart_id,
      email: 'cleo@example.com',
    })
    assert.equal(again.data.customer_email, 'cleo@example.com')
    assert.deepEqual(await house.violations(), [])
  })

  it('refuses an empty cart, one that is short, and what cannot be sent so', async () => {
    await using house = await openHouse(engine)
    await openShop(house, { MUG: 3 })
    const empty = await newGuest(house, {})
    const refused = await empty.ask('POST /api/v1/checkout', { cart_id: empty.cart_id })
    assert.deepEqual([refused.status, refused.error.code], [422, 'CHECKOUT_CART_EMPTY'])

    const [first, second] = [await newGuest(house, { MUG: 2 }), await newGuest(house, { MUG: 2 })]
    await ready(first)
    const short = await second.ask('POST /api/v1/checkout', { cart_id: second.cart_id })
    assert.deepEqual([short.status, short.error.code], [422, 'INSUFFICIENT_STOCK'])
    const [shortage] = short.error.details.shortages
    assert.deepEqual([shortage.sku, shortage.requested, shortage.available], ['MUG', 2, 1])

    const tea = await newGuest(house, { TEA: 1 })
    const begun = await tea.ask('POST /api/v1/checkout', { cart_id: tea.cart_id })
    const path = `/api/v1/checkout/${begun.data.id}`
    const pigeon = await tea.ask(`PUT ${path}/shipping-method`, { method: 'Pigeon' })
    assert.deepEqual([pigeon.status, pigeon.error.code], [422, 'CART_SHIPPING_METHOD_UNAVAILABLE'])
    assert.deepEqual(await house.violations(), [])
  })

  it('gives everything back when its buyer gives up, and when its time is over', async () => {
    const { clock, pass } = movableClock()
    await using house = await openHouse(engine, { clock })
    await openShop(house)
    const guest = await newGuest(house, { MUG: 2 })
    const one = await ready(guest)
    assert.equal(await available(house, 'MUG'), 98)

    assert.equal((await guest.ask(`DELETE /api/v1/checkout/${one.id}`)).status, 204)
    assert.equal((await guest.ask(`DELETE /api/v1/checkout/${one.id}`)).status, 204)
    assert.equal(await available(house, 'MUG'), 100)
    assert.deepEqual(await house.violations(), [])

    const two = await ready(guest)
    assert.notEqual(two.id, one.id)
    pass(20)
    await guest.ask(`PUT /api/v1/checkout/${two.id}/customer`, { email: 'ada@example.com' })
    pass(20)
    await sweep(house)
    assert.equal(await available(house, 'MUG'), 98, 'its life slides with every step')
    pass(31)
    const late = await complete(guest, two)
    assert.deepEqual([late.status, late.error.code], [409, 'CHECKOUT_EXPIRED'])
    await sweep(house)
    assert.equal(await available(house, 'MUG'), 100)
    const over = await guest.ask(`GET /api/v1/checkout/${two.id}`)
    assert.equal(over.data.status, 'expired')
    const cart = await guest.ask(`GET /api/v1/carts/${guest.cart_id}`)
    assert.equal(cart.data.cart.status, 'Active')
    assert.deepEqual(await house.violations(), [])

    const three = await ready(guest)
    assert.equal((await complete(guest, three)).status, 201)
    assert.deepEqual(await house.violations(), [])
  })

  it('holds what is in the cart now, and ends with it', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 2 })
    const checkout = await ready(guest)
    await guest.ask(`POST /api/v1/carts/${guest.cart_id}/items`, { sku: 'TEA', quantity: 3 })
    assert.equal(await available(house, 'TEA'), 100, 'not held before the next step')
    const email = { email: 'ada@example.com' }
    const stepped = await guest.ask(`PUT /api/v1/checkout/${checkout.id}/customer`, email)
    assert.equal(stepped.data.subtotal, '37.00')
    assert.deepEqual([await available(house, 'MUG'), await available(house, 'TEA')], [98, 97])

    assert.equal((await guest.ask(`DELETE /api/v1/carts/${guest.cart_id}`)).status, 204)
    assert.deepEqual([await available(house, 'MUG'), await available(house, 'TEA')], [100, 100])
    assert.deepEqual(await house.violations(), [])
  })

  it('sends nothing where nothing is to be sent', async () => {
    await using house = await openHouse(engine)
    await openShop(house)
    await made(house, 'POST /api/v1/products', {
      name: 'A song',
      sku: 'SONG',
      price: '1.00',
      is_digital: true,
    })
    const guest = await newGuest(house, { SONG: 1 })
    const begun = await guest.ask('POST /api/v1/checkout', {
      cart_id: guest.cart_id,
      email: 'ada@example.com',
    })
    assert.deepEqual([begun.data.step, begun.data.requires_shipping], ['Payment', false])
    const card = { payment_method: 'PayPal', payment_token: 'pm_test_success' }
    const done = await complete(guest, begun.data, card)
    assert.equal(done.status, 201, JSON.stringify(done.body))
    const { data: order } = await house.ask(`GET /api/v1/orders/${done.data.order_id}`)
    assert.deepEqual([order.shipping, order.shipping_address], [null, null])
    assert.deepEqual(await house.violations(), [])
  })
})
