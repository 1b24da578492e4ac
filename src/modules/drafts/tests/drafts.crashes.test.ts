import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { sweepPayments } from '#modules/payments'
import { systemProcess } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { type Deed, deathsIn, letTimePass, type Moment } from '../../../../tests/crash/death.ts'
import { giftCards, sellGiftCards, shopOf, stocked } from './shop.ts'

const HOUR_MS = 60 * 60 * 1000
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
/** The first case waits until all have died. */
const PATIENT = { timeout: 180_000 }

const GIFT = { product_id: 'GIFT-25', gift_card_recipient: { email: 'bob@example.com' } }

/** A draft of mugs whose stock is held, and of two gift cards for somebody else. */
async function drafted(house: House) {
  const shop = await stocked(house)
  const expires_at = new Date(Date.now() + 10 * HOUR_MS).toISOString()
  await sellGiftCards(house)
  const lines = [
    { product_id: 'MUG', quantity: 2 },
    { ...GIFT, quantity: 2 },
  ]
  const { id } = await shop.draft({ lines, reserve_stock: true, expires_at })
  return { shop, id: id as string, customer_id: shop.customer_id }
}

/** Where paying an offer can be cut off, in the order in which it comes by. */
const PAYING: Record<string, Moment> = {
  'before the order is committed': { commit: 1 },
  'before the provider is asked': { before: 'sale' },
  'after the money was taken': { after: 'sale' },
  'before the answer is committed': { commit: 2 },
  'before the answer is told': 'told',
}

// Goal: whenever the server dies while an offer is paid, there is one order, paid once, and whoever
// pays again gets it.
onEveryEngine('a server that dies while an offer is paid', (engine) => {
  const dying = deathsIn(engine, {
    async prepare(house) {
      const { shop, id, customer_id } = await drafted(house)
      return { token: (await shop.offer(id)).token, customer_id }
    },
  })

  for (const [step, at] of Object.entries(PAYING)) {
    for (const sameKey of [true, false]) {
      const key = randomUUID()
      const payOffer = (token: string): Deed => ({
        route: 'POST /api/v1/draft-offers/pay',
        body: { token, payment_method: 'credit_card', payment_token: 'tok_visa' },
        as: 'nobody',
        ...keyed(key),
      })
      const died = dying(at, ({ token }) => payOffer(token))
      const how = sameKey ? 'the same key' : 'another key'
      it(`${step}: ${how} gets one order that is paid once`, PATIENT, async () => {
        const left = await died()
        const { token, customer_id } = left.shop
        const house = await openHouse(engine, { at: left.url, settings: left.settings })
        await using shop = shopOf(house, customer_id)
        assert.deepEqual(await shop.violations(), [], 'right after the crash')
        await letTimePass(engine, shop.url)
        if (!sameKey) await sweepPayments(systemProcess(shop.app))

        const { headers } = keyed(sameKey ? key : randomUUID())
        const again = await shop.pay(token, 'tok_visa', 'nobody', headers)
        // What was never asked is told as declined under its key: another click is another try.
        assert.ok([200, 402].includes(again.status), JSON.stringify(again.body))
        await sweepPayments(systemProcess(shop.app))
        const paid = await shop.pay(token)
        assert.equal(paid.status, 200, JSON.stringify(paid.error))
        assert.deepEqual(await ordersOf(shop), [[paid.data.order_id, 'paid']])
        const { data: payments } = await shop.ask('GET /api/v1/payments')
        const taken = payments.items.filter((one: any) => Number(one.captured_amount) > 0)
        assert.equal(taken.length, 1)
        await requireTwoCards(shop)
        assert.equal(await shop.available('MUG'), 8)
        assert.deepEqual(await shop.violations(), [])
      })
    }
  }
})

/** Where staff's own completion can be cut off, and how many orders there are then. */
const COMPLETING: Record<string, { at: Moment; orders: number }> = {
  'before the order is committed': { at: { commit: 1 }, orders: 0 },
  'before the answer is told': { at: 'told', orders: 1 },
}

// Goal: a draft becomes one order with the units that it held, whenever the server dies.
onEveryEngine('a server that dies while a draft becomes an order', (engine) => {
  const dying = deathsIn(engine, {
    async prepare(house) {
      const { id, customer_id } = await drafted(house)
      return { id, customer_id }
    },
  })

  for (const [step, { at, orders }] of Object.entries(COMPLETING)) {
    const key = randomUUID()
    const body = { payment: 'paid' }
    const route = (id: string) => `POST /api/v1/drafts/${id}/complete`
    const died = dying(at, ({ id }) => ({ route: route(id), body, ...keyed(key) }))
    it(`${step}: the same key gets one order`, PATIENT, async () => {
      const left = await died()
      const { id, customer_id } = left.shop
      const house = await openHouse(engine, { at: left.url, settings: left.settings })
      await using shop = shopOf(house, customer_id)
      assert.equal((await ordersOf(shop)).length, orders, 'it died at another step')
      assert.equal(await shop.available('MUG'), 8, 'its units are held')
      assert.deepEqual(await shop.violations(), [], 'right after the crash')

      await letTimePass(engine, shop.url)
      const made = await shop.ask(route(id), body, keyed(key))
      assert.ok(made.status < 300, JSON.stringify(made.body))
      assert.deepEqual(await ordersOf(shop), [[made.data.order_id, 'paid']])
      assert.equal(await shop.available('MUG'), 8)
      await requireTwoCards(shop)
      assert.deepEqual(await shop.violations(), [])
    })
  }
})

/** Each unit became a card once, and is for whom the draft has named. */
async function requireTwoCards(house: House): Promise<void> {
  const cards = await giftCards(house)
  assert.deepEqual(
    cards.map(({ balance, recipient_email }) => `${balance} ${recipient_email}`),
    ['25.00 bob@example.com', '25.00 bob@example.com'],
  )
}

async function ordersOf(house: House): Promise<[id: string, payment_status: string][]> {
  const { data } = await house.ask('GET /api/v1/orders')
  return data.items.map((one: any) => [one.id, one.payment_status])
}
