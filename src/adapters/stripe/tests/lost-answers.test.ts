import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import type { Kind } from '../../../../tests/doubles/stripe/routes.ts'
import type { Fault } from '../../../../tests/doubles/stripe/server.ts'
import { openStripeShop, type StripeShop } from './stripe-shop.ts'

/** How a call goes wrong; `times`, because a broken connection is tried once more at once. */
const TROUBLES: readonly (readonly [Fault, number])[] = [
  ['lost after', 2],
  ['lost before', 2],
  ['busy', 1],
  ['broken', 1],
  ['html', 1],
]

/** Lets the sweeper look, at growing distances, until nothing is open. */
async function sweepAll(shop: StripeShop): Promise<void> {
  for (let round = 0; round < 12; round++) {
    shop.pass(60_000)
    await shop.sweep()
    const open = (await shop.rows('payment_requests')).filter((row) => row.resolved_at === null)
    if (open.length === 0) return
  }
  assert.fail('a request is still open')
}

/** What Stripe has taken, holds and has given back in all. */
function moved({ stripe: { books } }: StripeShop) {
  const intents = [...books.intents.values()]
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
  return {
    taken: sum(intents.map(({ amount_received }) => amount_received)),
    held: sum(intents.map(({ amount_capturable }) => amount_capturable)),
    refunded: sum([...books.refunds.values()].map(({ amount }) => amount)),
  }
}

async function lose(shop: StripeShop, kind: Kind, [fault, times]: readonly [Fault, number]) {
  shop.stripe.fail(kind, fault, times)
}

onEveryEngine('answers of Stripe that never arrive', (engine) => {
  it('a charge is found out, and the order is charged once or not at all', async () => {
    await using shop = await openStripeShop(engine)
    for (const trouble of TROUBLES) {
      const before = moved(shop).taken
      await lose(shop, 'create_intent', trouble)
      const { status, data } = await shop.pay(shop.newOrder(), 'pm_card_visa')
      assert.deepEqual([status, data.status], [201, 'pending'], trouble[0])
      await sweepAll(shop)
      const after = await shop.payment(data.id)
      const charged = trouble[0] === 'lost after'
      assert.equal(after.status, charged ? 'succeeded' : 'failed', trouble[0])
      assert.equal(moved(shop).taken - before, charged ? 5990 : 0, trouble[0])
    }
    assert.deepEqual(await shop.violations(), [])
  })

  it('who asks again under the same key, and then anew, is charged once', async () => {
    await using shop = await openStripeShop(engine)
    for (const [nth, trouble] of TROUBLES.entries()) {
      const before = moved(shop).taken
      await lose(shop, 'create_intent', trouble)
      const headers = { 'idempotency-key': `lost-${nth}` }
      const order_id = shop.newOrder()
      const first = await shop.pay(order_id, 'pm_card_visa', {}, { headers })
      const again = await shop.pay(order_id, 'pm_card_visa', {}, { headers })
      assert.equal(again.data.id, first.data.id)
      await sweepAll(shop)
      await shop.pay(order_id, 'pm_card_visa')
      assert.equal(moved(shop).taken - before, 5990, trouble[0])
    }
    assert.deepEqual(await shop.violations(), [])
  })

  it('a capture, a void and a refund are done once in the end', async () => {
    await using shop = await openStripeShop(engine)
    for (const trouble of TROUBLES) {
      const hold = async () =>
        (await shop.pay(shop.newOrder(), 'pm_card_visa', { capture: 'manual' })).data.id as string
      const [taken, gone] = [await hold(), await hold()]
      const before = moved(shop)
      await lose(shop, 'capture_intent', trouble)
      await shop.ask(`POST /api/v1/payments/${taken}/capture`, { amount: '40.00' })
      await lose(shop, 'cancel_intent', trouble)
      await shop.ask(`POST /api/v1/payments/${gone}/void`, {})
      await sweepAll(shop)
      await lose(shop, 'create_refund', trouble)
      await shop.ask(`POST /api/v1/payments/${taken}/refunds`, { amount: '15.00' })
      await sweepAll(shop)
      const after = await shop.payment(taken)
      assert.deepEqual(
        [after.captured_amount, after.voided_amount, after.refunded_amount],
        ['40.00', '19.90', '15.00'],
        trouble[0],
      )
      assert.equal((await shop.payment(gone)).status, 'cancelled')
      const now = moved(shop)
      assert.deepEqual(
        [now.taken - before.taken, now.refunded - before.refunded, now.held],
        [4000, 1500, 0],
        trouble[0],
      )
    }
    assert.deepEqual(await shop.violations(), [])
  })

  it('a call that hangs is given up after its time, and found out', async () => {
    await using shop = await openStripeShop(engine, { stripe_timeout_ms: 150 })
    shop.stripe.fail('create_intent', 'hangs')
    const { data } = await shop.pay(shop.newOrder(), 'pm_card_visa')
    assert.equal(data.status, 'pending')
    await sweepAll(shop)
    assert.equal((await shop.payment(data.id)).status, 'succeeded')
    assert.equal(moved(shop).taken, 5990)
  })

  it('a look-up that fails too is tried again', async () => {
    await using shop = await openStripeShop(engine)
    shop.stripe.fail('create_intent', 'lost after', 2)
    const { data } = await shop.pay(shop.newOrder(), 'pm_card_visa')
    shop.stripe.fail('list', 'broken', 3)
    await sweepAll(shop)
    assert.equal((await shop.payment(data.id)).status, 'succeeded')
    assert.equal(moved(shop).taken, 5990)
  })

  it('a webhook may be the answer: it comes, and nothing more is asked', async () => {
    await using shop = await openStripeShop(engine)
    shop.stripe.fail('create_intent', 'lost after', 2)
    const { data } = await shop.pay(shop.newOrder(), 'pm_card_visa')
    await shop.tellAll()
    assert.equal((await shop.payment(data.id)).status, 'succeeded')
    const asked = shop.stripe.asked.length
    await sweepAll(shop)
    assert.equal(shop.stripe.asked.length, asked)
    assert.deepEqual(await shop.violations(), [])
  })

  it('a lookup and a webhook, and a refund in the dashboard, all at once, count once', async () => {
    await using shop = await openStripeShop(engine)
    shop.stripe.fail('create_intent', 'lost after', 2)
    const { data } = await shop.pay(shop.newOrder(), 'pm_card_visa')
    const [intent] = shop.stripe.books.intents.keys()
    await shop.stripe.refundByHand(String(intent), 1000)
    shop.pass(60_000)
    const events = shop.stripe.events()
    await Promise.all([
      shop.sweep(),
      ...events.map((event) => shop.tell(event)),
      ...events.map((event) => shop.tell(event)),
      shop.ask(`POST /api/v1/payments/${data.id}/refunds`, { amount: '5.00' }),
    ])
    await sweepAll(shop)
    const after = await shop.payment(data.id)
    assert.equal(after.captured_amount, '59.90')
    const given = moved(shop).refunded
    assert.equal(Number(after.refunded_amount) * 100, given)
    assert.deepEqual(await shop.violations(), [])
  })
})
