import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import { deathsIn, letTimePass, type Moment } from '../../../../tests/crash/death.ts'
import {
  available,
  books,
  complete,
  guestAt,
  made,
  newGuest,
  openShop,
  ready,
  sweep,
} from './shopping.ts'

/** Where a completion can be cut off, and how the payments of the orders stand that it leaves. */
const STEPS: Record<string, { at: Moment; left: string }> = {
  'before the order is committed': { at: { commit: 1 }, left: '' },
  'before the provider is asked': { at: { before: 'sale' }, left: 'pending' },
  'after the money was taken': { at: { after: 'sale' }, left: 'pending' },
  'before the answer is committed': { at: { commit: 2 }, left: 'pending' },
  'before the answer is told': { at: 'told', left: 'succeeded' },
}

// Goal: whenever the server dies while a checkout is completed, there is one order, money and stock
// agree, and whoever asks again gets that order, paid once.
// Method: a process of its own completes it and is killed at each step; then another house opens
// the database, time passes, the sweepers work, and the buyer asks again, with that key or another.
onEveryEngine('a server that dies while it completes a checkout', (engine) => {
  const dying = deathsIn(engine, {
    async prepare(house) {
      await openShop(house)
      const { cart_id, session_id = '' } = await newGuest(house, { MUG: 2 }, {})
      const checkout = await ready(guestAt(house, { cart_id, session_id }))
      return { cart_id, session_id, checkout }
    },
  })

  for (const [step, { at, left }] of Object.entries(STEPS)) {
    for (const sameKey of [true, false]) {
      const how = sameKey ? 'the same key' : 'another key'
      const key = randomUUID()
      const died = dying(at, ({ checkout, session_id }) => ({
        route: `POST /api/v1/checkout/${checkout.id}/complete`,
        headers: { 'x-cart-session': session_id, 'idempotency-key': key },
        as: 'nobody',
      }))
      it(`${step}: ${how} gets one order that is paid once`, { timeout: 180_000 }, async () => {
        const { shop, url, settings } = await died()
        const { checkout } = shop
        await using house = await openHouse(engine, { at: url, settings })
        const guest = guestAt(house, shop)
        assert.equal(await leftBy(house), left, 'it died at another step')
        await letTimePass(engine, url)
        assert.deepEqual(await house.violations(), [], 'right after the crash')
        // With its own key a completion goes on by itself; another finds what the sweep found out.
        if (!sameKey) await sweep(house)
        assert.deepEqual(await house.violations(), [], 'after the sweep')

        const done = await complete(guest, checkout, {}, sameKey ? key : randomUUID())
        const paid = await untilPaid(house, done, () => complete(guest, checkout))

        assert.equal(paid.status, 201, JSON.stringify(paid.body))
        const [order, ...others] = await books(house)
        assert.equal(others.length, 0)
        assert.equal(paid.data.order_id, order.id)
        assert.deepEqual([order.status, order.payment_status], ['confirmed', 'paid'])
        const taken = order.payments.filter((one: any) => Number(one.captured_amount) > 0)
        assert.equal(taken.length, 1, JSON.stringify(order.payments))
        assert.equal(await available(house, 'MUG'), 98)
        const over = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
        assert.deepEqual([over.data.status, over.data.order_id], ['complete', order.id])
        assert.deepEqual(await house.violations(), [])
      })
    }
  }
})

/** Where it can be cut off besides while a gift card pays a part of it. */
const CREDIT_STEPS: Record<string, { at: Moment; left: string }> = {
  'before the gift card is taken': { at: { commit: 2 }, left: 'pending' },
  'before it is known that the gift card was taken': { at: { commit: 3 }, left: 'pending' },
  'before the rest is asked for': { at: { commit: 4 }, left: 'succeeded' },
}

// The same while a gift card pays first: whatever the server has come to, the card is taken once,
// and the rest is paid once.
onEveryEngine('a server that dies while a gift card pays a part', (engine) => {
  const dying = deathsIn(engine, {
    async prepare(house) {
      await openShop(house)
      const value = { initial_amount: '10.00', currency: 'USD' }
      const { id: card_id, code } = await made(house, 'POST /api/v1/gift-cards', value)
      const { cart_id, session_id = '' } = await newGuest(house, { MUG: 2 }, {})
      const guest = guestAt(house, { cart_id, session_id })
      const checkout = await ready(guest)
      await guest.ask(`POST /api/v1/checkout/${checkout.id}/gift-cards`, { code })
      return { cart_id, session_id, checkout, card_id }
    },
  })

  for (const [step, { at, left }] of Object.entries(CREDIT_STEPS)) {
    const died = dying(at, ({ checkout, session_id }) => ({
      route: `POST /api/v1/checkout/${checkout.id}/complete`,
      headers: { 'x-cart-session': session_id, 'idempotency-key': randomUUID() },
      as: 'nobody',
    }))
    it(`${step}: the card is taken once and the rest paid once`, { timeout: 180_000 }, async () => {
      const { shop, url, settings } = await died()
      await using house = await openHouse(engine, { at: url, settings })
      assert.equal(await leftBy(house), left, 'it died at another step')
      await letTimePass(engine, url)
      assert.deepEqual(await house.violations(), [], 'right after the crash')
      await sweep(house)

      const done = await complete(guestAt(house, shop), shop.checkout)
      assert.equal(done.status, 201, JSON.stringify(done.body))
      const [order, ...others] = await books(house)
      assert.deepEqual([order.payment_status, others.length], ['paid', 0])
      const paid = order.payments.filter(({ status }: any) => status === 'succeeded')
      assert.deepEqual(paid.map(({ payment_method }: any) => payment_method).toSorted(), [
        'CreditCard',
        'GiftCard',
      ])
      const { data } = await house.ask(`GET /api/v1/gift-cards/${shop.card_id}`)
      assert.equal(data.balance, '0.00')
      assert.deepEqual(await house.violations(), [])
    })
  }
})

const leftBy = async (house: House): Promise<string> =>
  (await books(house)).map(({ payments }) => payments.map((one: any) => one.status)).join()

type Answer = Awaited<ReturnType<typeof complete>>

/**
 * What was never executed at the provider is told as declined, under its own key for ever: then the
 * buyer clicks once more.
 */
async function untilPaid(
  house: House,
  answer: Answer,
  again: () => Promise<Answer>,
): Promise<Answer> {
  if (answer.status === 201 && answer.data.payment.status === 'succeeded') return answer
  if (answer.status === 402) {
    assert.equal(answer.error.details.decline_code, 'not_executed')
  }
  await sweep(house)
  return again()
}
