import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { goOn, loseWebhooks, openPage, pageOf, payer, SIGNED } from './hosted.ts'
import {
  available,
  books,
  movableClock,
  newBuyer,
  newCustomer,
  newGuest,
  openShop,
} from './shopping.ts'

onEveryEngine('paying at the provider', (engine) => {
  it('makes the order when the page is paid, at what was charged, from what was held', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house, { MUG: 3 })
    const guest = await newGuest(house, { MUG: 2 })
    const page = await openPage(guest, { email: 'ada@example.com', metadata: { source: 'web' } })
    assert.deepEqual([page.status, page.state, page.payment_status], ['open', 'open', 'unpaid'])
    assert.match(page.url, /^https:/)
    assert.equal(page.client_secret, null)
    assert.equal(await available(house, 'MUG'), 1)

    await payer(house, page).pays()
    await goOn(house)

    const [order, ...others] = await books(house)
    assert.equal(others.length, 0)
    assert.deepEqual(
      [order.status, order.payment_status, order.payments.length],
      ['confirmed', 'paid', 1],
    )
    assert.equal(Math.round(Number(order.total_amount) * 100), page.amount)
    const after = await pageOf(guest, page)
    assert.deepEqual(
      [after.status, after.payment_status, after.order_id, after.metadata],
      ['complete', 'paid', order.id, { source: 'web' }],
    )
    assert.equal(await available(house, 'MUG'), 1)
    const { data: cart } = await guest.ask(`GET /api/v1/carts/${guest.cart_id}`)
    assert.deepEqual([cart.cart.status, cart.cart.order_id], ['Converted', order.id])
    assert.deepEqual(await house.violations(), [])
  })

  it('answers the same page to the same request, and another once the cart is another', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 })
    const page = await openPage(guest)
    assert.equal((await openPage(guest)).ref, page.ref)

    await guest.ask(`POST /api/v1/carts/${guest.cart_id}/items`, { sku: 'TEA', quantity: 1 })
    const other = await openPage(guest)

    assert.notEqual(other.ref, page.ref)
    assert.ok(other.amount > page.amount)
    assert.equal((await pageOf(guest, page)).state, 'expired')
    await payer(house, other).pays()
    await goOn(house)
    assert.equal((await books(house)).length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('sells what was paid for when the cart changed meanwhile, and keeps the rest', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house)
    const ada = await newCustomer(house)
    const buyer = await newBuyer(house, ada, { MUG: 1 })
    const page = await openPage(buyer)
    const changed = { items: [{ sku: 'TEA', quantity: 3 }] }
    for (const item of changed.items) {
      await buyer.ask(`POST /api/v1/carts/${buyer.cart_id}/items`, item)
    }

    await payer(house, page).pays()
    await goOn(house)

    const [order] = await books(house)
    assert.deepEqual(
      order.payments.map(({ amount }: any) => Math.round(Number(amount) * 100)),
      [page.amount],
    )
    assert.equal(order.payment_status, 'paid')
    const { data: carts } = await buyer.ask('GET /api/v1/carts?status=Active')
    assert.deepEqual(
      carts.items.map(({ unit_count }: any) => unit_count),
      [3],
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('tells a failed payment, keeps cart and stock, and takes the next try', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house, { MUG: 1 })
    const guest = await newGuest(house, { MUG: 1 })
    const page = await openPage(guest, { email: 'ada@example.com' })

    await payer(house, page).fails()
    await goOn(house)

    const after = await pageOf(guest, page)
    assert.deepEqual([after.state, after.failure_code], ['open', 'card_declined'])
    assert.ok((await house.events()).includes('checkout.payment_failed'))
    assert.equal(await available(house, 'MUG'), 0)
    assert.deepEqual(await books(house), [])
    await payer(house, page).pays()
    await goOn(house)
    assert.equal((await books(house))[0].payment_status, 'paid')
    assert.deepEqual(await house.violations(), [])
  })

  it('gives back what it holds when the page expires, and the cart may go on', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house, { MUG: 1 })
    const guest = await newGuest(house, { MUG: 1 })
    const page = await openPage(guest)

    await payer(house, page).staysAway()
    await goOn(house)

    assert.equal(await available(house, 'MUG'), 1)
    assert.equal((await pageOf(guest, page)).state, 'expired')
    const next = await openPage(guest)
    assert.notEqual(next.ref, page.ref)
    assert.deepEqual(await house.violations(), [])
  })

  it('closes a page whose time is over by itself, or finds it paid in the last moment', async () => {
    const { clock, pass } = movableClock()
    await using house = await openHouse(engine, { ...SIGNED, clock })
    await openShop(house, { MUG: 2 })
    const [slow, quick] = [await newGuest(house, { MUG: 1 }), await newGuest(house, { MUG: 1 })]
    const [left, paid] = [await openPage(slow), await openPage(quick, { email: 'q@example.com' })]
    loseWebhooks(house)
    await payer(house, paid).pays()

    pass(61)
    await goOn(house)
    pass(11)
    await goOn(house)

    assert.equal((await pageOf(slow, left)).state, 'expired')
    assert.equal((await pageOf(quick, paid)).payment_status, 'paid')
    assert.equal((await books(house)).length, 1)
    assert.equal(await available(house, 'MUG'), 1)
    assert.deepEqual(await house.violations(), [])
  })
})
