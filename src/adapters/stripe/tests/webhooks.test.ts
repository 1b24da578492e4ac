import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { systemProcess } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { HOOK_SECRET } from '../../../../tests/doubles/stripe/server.ts'
import { lookAtPayment } from '../../../modules/payments/look-at-payment.ts'
import { HOOK, openStripeShop, type StripeShop } from './stripe-shop.ts'

const waiting = async (shop: StripeShop, body: object = {}) =>
  (await shop.pay(shop.newOrder(), 'pm_card_authenticationRequired', body)).data
const inbox = async (shop: StripeShop) =>
  new Map((await shop.rows('payment_webhooks')).map((row) => [row.type, row.status]))

onEveryEngine('webhooks of Stripe', (engine) => {
  it('are taken at each of their addresses when they are signed, and refused flatly when not', async () => {
    await using shop = await openStripeShop(engine)
    const [event] = await waiting(shop).then(() => shop.stripe.events())
    assert.ok(event)
    for (const url of [HOOK, '/api/v1/webhooks/stripe']) {
      const taken = await shop.tell(event, url)
      assert.deepEqual([taken.statusCode, taken.json()], [200, { received: true }])
      const { body, headers } = shop.stripe.signed(event, 'whsec_of_somebody_else')
      const forged = await shop.http.inject({ method: 'POST', url, headers, payload: body })
      assert.equal(forged.statusCode, 400)
      const told = forged.json()
      assert.deepEqual(Object.keys(told), [
        'error',
        'message',
        'details',
        'request_id',
        'timestamp',
      ])
      assert.equal(told.error, 'webhook_verification_failed')
    }
    const documented = await shop.tell(event, '/api/v1/payments/webhook')
    assert.deepEqual([documented.statusCode, documented.body], [200, 'ok'])
    assert.equal((await shop.rows('payment_webhooks')).length, 1)
  })

  it('are refused when they are signed nonsense, and nothing of it is kept', async () => {
    await using shop = await openStripeShop(engine)
    const event = (type: string, object: unknown) =>
      JSON.stringify({ id: 'evt_1', object: 'event', type, created: 1, data: { object } })
    for (const body of [
      '',
      '[]',
      '{}',
      event('payment_intent.succeeded', {}),
      event('payment_intent.succeeded', { id: 'pi_1', amount: -1, currency: 'usd' }),
      event('refund.created', { id: 're_1', amount: 1, currency: 'dollars' }),
      event('charge.dispute.created', { id: 'dp_1' }),
      event('checkout.session.completed', null),
    ]) {
      const headers = shop.stripe.postman.sign(body, HOOK_SECRET)
      const answer = await shop.http.inject({ method: 'POST', url: HOOK, headers, payload: body })
      assert.equal(answer.statusCode, 400, body)
    }
    assert.deepEqual(await shop.rows('payment_webhooks'), [])
  })

  it('bring what the payer did, once, however often they come', async () => {
    await using shop = await openStripeShop(engine)
    const { id, transaction_id } = await waiting(shop)
    await shop.stripe.conclude(transaction_id)
    const [event] = shop.stripe.events('payment_intent.succeeded')
    assert.ok(event)
    await Promise.all(Array.from({ length: 10 }, () => shop.tell(event)))
    assert.equal((await shop.payment(id)).status, 'succeeded')
    assert.deepEqual(await shop.events(), ['payment.requires_action', 'payment.captured'])
  })

  it('may come before the answer to the call that caused them', async () => {
    await using shop = await openStripeShop(engine)
    const address = await shop.http.listen({ port: 0, host: '127.0.0.1' })
    shop.stripe.sendTo({ url: `${address}${HOOK}`, secret: HOOK_SECRET, before: true })
    const { data } = await shop.pay(shop.newOrder(), 'pm_card_visa')
    assert.equal(data.status, 'succeeded')
    assert.equal((await inbox(shop)).get('payment_intent.succeeded'), 'applied')
    const { data: refunded } = await shop.ask(`POST /api/v1/payments/${data.id}/refunds`, {})
    assert.equal(refunded.status, 'refunded')
    assert.deepEqual(await shop.events(), ['payment.captured', 'payment.refunded'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('end in the same state in any order and with any repetition', async () => {
    await using shop = await openStripeShop(engine)
    const { stripe } = shop
    const order = fc.tuple(
      fc.infiniteStream(fc.nat(1000)).map((stream) => [...stream.take(40)]),
      fc.array(fc.nat(6), { maxLength: 4 }),
    )
    const property = fc.asyncProperty(order, async ([weights, again]) => {
      const from = stripe.events().length
      const paid = await waiting(shop, { capture: 'manual' })
      await stripe.conclude(paid.transaction_id)
      const intent = stripe.books.intent(paid.transaction_id)
      await stripe.captureByHand(intent.id, 4000)
      const refund = await stripe.refundByHand(intent.id, 1500)
      const bad = await stripe.refundByHand(intent.id, 500)
      await stripe.endRefund(bad.id, 'failed')
      const news = stripe.events().slice(from)
      const shuffled = news
        .map((event, nth) => ({ event, weight: weights[nth] ?? 0 }))
        .toSorted((a, b) => a.weight - b.weight)
        .map(({ event }) => event)
      const repeated = again.flatMap((nth) => shuffled[nth] ?? [])
      for (const event of [...shuffled, ...repeated]) {
        assert.equal((await shop.tell(event)).statusCode, 200)
      }
      shop.pass(60 * 60 * 1000)
      await shop.sweep()
      const after = await shop.payment(paid.id)
      assert.deepEqual(
        [after.status, after.captured_amount, after.voided_amount, after.refunded_amount],
        ['partially_refunded', '40.00', '19.90', '15.00'],
      )
      const given = after.refunds.filter(({ status }: any) => status === 'succeeded')
      assert.deepEqual(
        given.map((one: any) => [one.transaction_id, one.kind]),
        [[refund.id, 'external']],
      )
      assert.deepEqual(await shop.violations(), [])
    })
    await fc.assert(property, { numRuns: engine === 'sqlite' ? 15 : 5 })
  })

  it('that tell only the sum that was refunded make the house ask which refunds there are', async () => {
    await using shop = await openStripeShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'pm_card_visa')
    const refund = await shop.stripe.refundByHand(data.transaction_id, 1000)
    const [event] = shop.stripe.events('charge.refunded')
    assert.ok(event)
    await shop.tell(event)
    const [job] = (await shop.rows('jobs')).filter(({ name }) => name === lookAtPayment.name)
    assert.ok(job)
    const payload = { provider: 'stripe', payment_ref: data.transaction_id }
    await lookAtPayment.run(systemProcess(shop.app), payload)
    await lookAtPayment.run(systemProcess(shop.app), payload)
    const after = await shop.payment(data.id)
    assert.equal(after.refunded_amount, '10.00')
    assert.deepEqual(
      after.refunds.map((one: any) => [one.kind, one.transaction_id]),
      [['external', refund.id]],
    )
    // The refund's own news are no second refund.
    await shop.tellAll(shop.stripe.events('refund.created'))
    assert.equal((await shop.payment(data.id)).refunded_amount, '10.00')
    assert.deepEqual(await shop.violations(), [])
  })

  it('keep a dispute as its newest news, and leave the payment as it is', async () => {
    await using shop = await openStripeShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'pm_card_visa')
    const dispute = await shop.stripe.dispute(data.transaction_id)
    shop.pass(2_000)
    await shop.stripe.decide(dispute.id, 'under_review')
    shop.pass(2_000)
    await shop.stripe.decide(dispute.id, 'won')
    for (const event of shop.stripe.events().toReversed()) await shop.tell(event)
    const { data: page } = await shop.ask('GET /api/v1/payments/disputes')
    const [kept] = page.items
    assert.deepEqual(
      [page.items.length, kept.dispute_ref, kept.status, kept.amount, kept.reason],
      [1, dispute.id, 'won', '59.90', 'fraudulent'],
    )
    assert.equal((await shop.payment(data.id)).status, 'succeeded')
    const names = (await shop.events()).filter((name) => name.includes('disput'))
    assert.deepEqual(names, ['payment.disputed'])

    const lost = await shop.stripe.dispute(data.transaction_id, 'product_not_received')
    await shop.tellAll()
    shop.pass(2_000)
    await shop.stripe.decide(lost.id, 'lost')
    await shop.tellAll()
    const one = await shop.ask('GET /api/v1/payments/disputes?status=lost')
    assert.deepEqual(
      one.data.items.map(({ dispute_ref }: any) => dispute_ref),
      [lost.id],
    )
    assert.deepEqual(
      (await shop.events()).filter((name) => name.includes('disput')),
      ['payment.disputed', 'payment.disputed', 'payment.dispute_changed'],
    )
    assert.deepEqual(await shop.violations(), [])
  })

  it('are all taken in a burst, whatever limits others have', async () => {
    const limits = { rate_limit_enabled: true, rate_limit_requests_per_window: 2 }
    await using shop = await openStripeShop(engine, limits)
    const intents = Array.from({ length: 12 }, (_, nth) =>
      shop.stripe.books.addIntent({ amount: 100 + nth, currency: 'usd' }),
    )
    const events = shop.stripe.events('payment_intent.created')
    assert.equal(events.length, intents.length)
    const answers = await Promise.all(events.map((event) => shop.tell(event)))
    assert.deepEqual(new Set(answers.map(({ statusCode }) => statusCode)), new Set([200]))
    assert.equal((await shop.rows('payment_webhooks')).length, events.length)
    const others = await Promise.all([1, 2, 3].map(() => shop.http.inject('/nothing-is-here')))
    assert.ok(others.some(({ statusCode }) => statusCode === 429))
  })

  it('about payments of other programs of the account are none of this house’s business', async () => {
    await using shop = await openStripeShop(engine)
    const intent = shop.stripe.books.addIntent({ amount: 100, currency: 'usd' })
    await shop.stripe.payIntent(intent.id)
    const [event] = shop.stripe.events('payment_intent.succeeded')
    assert.ok(event)
    await shop.tell(event)
    assert.equal((await inbox(shop)).get('payment_intent.succeeded'), 'ignored')
  })
})
