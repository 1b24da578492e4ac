import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { eventually, onEveryEngine, openHouse } from '#testing'
import {
  askForPage,
  goOn,
  keptOf,
  loseWebhooks,
  nextOpen,
  openPage,
  pageOf,
  payer,
  providerOf,
  SIGNED,
} from './hosted.ts'
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
} from './shopping.ts'

onEveryEngine('paying at the provider, whatever comes between', (engine) => {
  it('takes news that come before the answer to our own call', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 }, { email: 'ada@example.com' })
    nextOpen(house, async (open) => {
      const hosted = await open()
      await payer(house, hosted).pays()
      return hosted
    })

    const page = await openPage(guest)
    await goOn(house)

    const after = await pageOf(guest, page)
    assert.deepEqual([after.status, after.ref], ['complete', page.ref])
    const [order, ...others] = await books(house)
    assert.deepEqual([others.length, keptOf(order)], [0, [page.amount]])
    assert.deepEqual(await house.violations(), [])
  })

  it('makes one order of news that come twice, from all sides at once', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 }, { email: 'ada@example.com' })
    const page = await openPage(guest)

    await Promise.all([
      payer(house, page).pays({ twice: true }),
      payer(house, page).pays(),
      goOn(house),
      pageOf(guest, page),
    ])
    await Promise.all([goOn(house), goOn(house), pageOf(guest, page)])
    await payer(house, page).fails()
    await payer(house, page).staysAway()
    await goOn(house)

    const [order, ...others] = await books(house)
    assert.deepEqual([others.length, order.payments.length, keptOf(order)], [0, 1, [page.amount]])
    assert.equal((await pageOf(guest, page)).status, 'complete')
    assert.deepEqual(await house.violations(), [])
  })

  it('finds the same page again after a lost answer', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 }, { email: 'ada@example.com' })
    const refs: string[] = []
    nextOpen(house, async (open) => {
      refs.push((await open()).ref)
      throw new Error('the connection was lost')
    })
    const key = { 'idempotency-key': randomUUID() }
    const lost = await askForPage(guest, {}, key)
    assert.deepEqual([lost.status, lost.error.code], [503, 'CHECKOUT_PAGE_UNREACHABLE'])

    const again = await askForPage(guest, {}, key)

    assert.equal(again.status, 201, JSON.stringify(again.body))
    assert.deepEqual([again.data.ref], refs)
    await payer(house, again.data).pays()
    await goOn(house)
    assert.equal((await books(house)).length, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('opens nothing and charges nothing while the provider is down, and goes on later', async () => {
    const { clock, pass } = movableClock()
    await using house = await openHouse(engine, { ...SIGNED, clock })
    await openShop(house, { MUG: 1 })
    const guest = await newGuest(house, { MUG: 1 }, { email: 'ada@example.com' })
    nextOpen(house, async () => {
      throw new Error('nobody is there')
    })
    assert.equal((await askForPage(guest)).status, 503)

    // Nobody asks again: the sweeper opens what was asked for, and closes it when its time is over.
    pass(5)
    await goOn(house)
    pass(60)
    await goOn(house)
    pass(30)
    await goOn(house)

    assert.equal(await available(house, 'MUG'), 1)
    assert.deepEqual(await books(house), [])
    assert.deepEqual(await house.violations(), [])
  })

  it('answers one page to two who ask at once', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 })
    const answers = await Promise.all([askForPage(guest), askForPage(guest), askForPage(guest)])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    )
    assert.equal(new Set(answers.map(({ data }) => data.ref)).size, 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('gives money back that comes when the stock is gone', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house, { MUG: 1 })
    const guest = await newGuest(house, { MUG: 1 }, { email: 'ada@example.com' })
    const page = await openPage(guest)
    await made(house, 'POST /api/v1/inventory/MUG/release', { quantity: 1 })
    const ada = await newCustomer(house, 'bo@example.com')
    const items = [{ sku: 'MUG', quantity: 1 }]
    await made(house, 'POST /api/v1/orders', { customer_id: ada, items })

    await payer(house, page).pays()
    await goOn(house)
    await goOn(house)

    const after = await pageOf(guest, page)
    assert.deepEqual([after.status, after.failure_code], ['returned', 'INSUFFICIENT_STOCK'])
    const order = (await books(house)).find(({ id }) => id === after.order_id)
    assert.deepEqual([order.status, order.payments.length, keptOf(order)], ['cancelled', 1, []])
    const { data } = await guest.ask(`GET /api/v1/carts/${guest.cart_id}`)
    assert.equal(data.cart.order_id, null)
    assert.ok((await house.events()).includes('checkout.payment_returned'))
    assert.deepEqual(await house.violations(), [])
  })

  it('gives money back that comes for a cart which its buyer has dropped', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house, { MUG: 1 })
    const guest = await newGuest(house, { MUG: 1 }, { email: 'ada@example.com' })
    const page = await openPage(guest)
    assert.equal((await guest.ask(`DELETE /api/v1/carts/${guest.cart_id}`)).status, 204)

    await payer(house, page).pays()
    await goOn(house)
    await goOn(house)

    const [order] = await books(house)
    assert.deepEqual([order.status, keptOf(order)], ['cancelled', []])
    assert.equal(await available(house, 'MUG'), 1)
    assert.deepEqual(await house.violations(), [])
  })

  it('charges once where a cart is completed here and paid there at the same time', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 })
    const checkout = await ready(guest)
    const page = await openPage(guest)

    const [done] = await Promise.all([complete(guest, checkout), payer(house, page).pays()])
    await goOn(house)
    await goOn(house)

    assert.ok([201, 409].includes(done.status), JSON.stringify(done.body))
    const [order, ...others] = await books(house)
    assert.equal(others.length, 0)
    assert.deepEqual(keptOf(order), [page.amount])
    assert.deepEqual(await house.violations(), [])
  })

  it('forgets nothing when it dies after the news are kept', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house)
    const guest = await newGuest(house, { MUG: 1 }, { email: 'ada@example.com' })
    const page = await openPage(guest)
    await payer(house, page).pays()
    assert.deepEqual(await books(house), [])

    await using next = await openHouse(engine, { ...SIGNED, at: house.url, background: true })
    await eventually(async () => (await books(next)).length === 1)

    const [order] = await books(next)
    assert.deepEqual([order.payment_status, keptOf(order)], ['paid', [page.amount]])
    assert.deepEqual(await next.violations(), [])
  })

  it('closes the page when its cart is paid for elsewhere', async () => {
    await using house = await openHouse(engine, SIGNED)
    await openShop(house)
    const ada = await newCustomer(house)
    const buyer = await newBuyer(house, ada, { MUG: 1 })
    const page = await openPage(buyer)
    const { data: intent } = await buyer.ask('POST /api/v1/checkout/payment-intents', {
      cart_id: buyer.cart_id,
      amount: page.amount,
      currency: 'usd',
    })
    assert.equal((await providerOf(house).hosted.read(page.ref)).status, 'expired')
    loseWebhooks(house)
    await payer(house, intent).pays()
    assert.equal((await pageOf(buyer, intent)).state, 'open')
    await goOn(house)
    assert.equal((await pageOf(buyer, intent)).amount, page.amount)
    assert.deepEqual(await house.violations(), [])
  })
})
