import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openStripeShop } from './stripe-shop.ts'

const MANUAL = { capture: 'manual' }

onEveryEngine('payments by Stripe', (engine) => {
  it('takes what an order costs, under the key that was stored before', async () => {
    await using shop = await openStripeShop(engine)
    const { status, data } = await shop.pay(shop.newOrder(), 'pm_card_visa')
    assert.deepEqual([status, data.status, data.provider], [201, 'succeeded', 'stripe'])
    const intent = shop.stripe.books.intent(data.transaction_id)
    assert.deepEqual([intent.amount_received, intent.currency], [5990, 'usd'])
    assert.equal(intent.metadata.tradepost_request, data.id)
    const [made] = shop.stripe.events('payment_intent.created')
    assert.equal(made?.request.idempotency_key, data.id)
    assert.deepEqual(await shop.violations(), [])
  })

  it('tells a decline as Stripe words it, and takes another card for the same order', async () => {
    await using shop = await openStripeShop(engine)
    const order_id = shop.newOrder()
    const no = await shop.pay(order_id, 'pm_card_chargeDeclinedInsufficientFunds')
    assert.deepEqual([no.status, no.error.code], [402, 'PAYMENT_DECLINED'])
    assert.equal(no.error.details.decline_code, 'insufficient_funds')
    assert.equal((await shop.pay(order_id, 'pm_card_visa')).data.status, 'succeeded')
    const none = await shop.pay(shop.newOrder(), 'pm_card_of_nobody')
    assert.deepEqual([none.status, none.error.details.decline_code], [402, 'resource_missing'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('holds money and takes it; Stripe lets go what was not taken', async () => {
    await using shop = await openStripeShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'pm_card_visa', MANUAL)
    assert.equal(data.status, 'authorized')
    const path = `POST /api/v1/payments/${data.id}`
    const { data: taken } = await shop.ask(`${path}/capture`, { amount: '40.00' })
    assert.deepEqual(
      [taken.status, taken.captured_amount, taken.voided_amount],
      ['succeeded', '40.00', '19.90'],
    )
    const again = await shop.ask(`${path}/capture`, { amount: '1.00' })
    assert.equal(again.status, 422)
    assert.deepEqual(await shop.events(), [
      'payment.authorized',
      'payment.captured',
      'payment.voided',
    ])
    assert.deepEqual(await shop.violations(), [])
  })

  it('lets held money go', async () => {
    await using shop = await openStripeShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'pm_card_visa', MANUAL)
    const { data: gone } = await shop.ask(`POST /api/v1/payments/${data.id}/void`, {})
    assert.deepEqual([gone.status, gone.voided_amount], ['cancelled', '59.90'])
    assert.equal(shop.stripe.books.intent(data.transaction_id).status, 'canceled')
    assert.deepEqual(await shop.violations(), [])
  })

  it('sends the payer to 3-D Secure and goes on when they are back', async () => {
    await using shop = await openStripeShop(engine)
    const pay = async () => (await shop.pay(shop.newOrder(), 'pm_card_authenticationRequired')).data
    const passes = await pay()
    assert.equal(passes.status, 'requires_action')
    const visit = await fetch(passes.next_action.url, { redirect: 'manual' })
    const back = `https://shop.example/back?payment_intent=${passes.transaction_id}`
    assert.equal(visit.headers.get('location'), back)
    const confirm = (id: string) => shop.ask(`POST /api/v1/payments/${id}/confirm`, {})
    assert.equal((await confirm(passes.id)).data.status, 'succeeded')

    const fails = await pay()
    await fetch(`${fails.next_action.url}?outcome=failed`, { redirect: 'manual' })
    const told = await confirm(fails.id)
    assert.equal(told.status, 402)
    assert.equal(told.error.details.decline_code, 'payment_intent_authentication_failure')

    const dawdles = await pay()
    const early = await confirm(dawdles.id)
    assert.deepEqual([early.status, early.data.status], [200, 'requires_action'])
    await shop.stripe.conclude(dawdles.transaction_id)
    assert.equal((await confirm(dawdles.id)).data.status, 'succeeded')
    assert.deepEqual(await shop.violations(), [])
  })

  it('cancels a payment whose payer never came back', async () => {
    await using shop = await openStripeShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'pm_card_authenticationRequired')
    shop.pass(31 * 60_000)
    await shop.sweep()
    assert.equal((await shop.payment(data.id)).status, 'cancelled')
    assert.equal(shop.stripe.books.intent(data.transaction_id).status, 'canceled')
    assert.deepEqual(await shop.violations(), [])
  })

  it('gives back, also when Stripe takes its time or a bank sends it back days later', async () => {
    await using shop = await openStripeShop(engine)
    const paid = async (card: string) => (await shop.pay(shop.newOrder(), card)).data
    const refund = async (id: string, amount: string) =>
      (await shop.ask(`POST /api/v1/payments/${id}/refunds`, { amount })).data.refund

    const plain = await paid('pm_card_visa')
    assert.equal((await refund(plain.id, '20.00')).status, 'succeeded')
    const after = await shop.payment(plain.id)
    assert.deepEqual([after.status, after.refunded_amount], ['partially_refunded', '20.00'])

    const slow = await paid('pm_card_pendingRefund')
    const waits = await refund(slow.id, '59.90')
    assert.equal(waits.status, 'pending')
    const [, named] = shop.stripe.books.refunds.keys()
    await shop.stripe.endRefund(String(named), 'succeeded')
    shop.pass(60_000)
    await shop.sweep()
    assert.equal((await shop.payment(slow.id)).status, 'refunded')

    const [kept] = (await shop.payment(plain.id)).refunds
    await shop.stripe.endRefund(kept.transaction_id, 'failed')
    await shop.tellAll()
    const bounced = await shop.payment(plain.id)
    assert.deepEqual([bounced.status, bounced.refunds[0].status], ['succeeded', 'failed'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('charges tokens, saved methods and what an agent was granted', async () => {
    await using shop = await openStripeShop(engine)
    const { stripe } = shop
    assert.equal((await shop.pay(shop.newOrder(), 'tok_visa')).data.status, 'succeeded')

    const saved = stripe.savedMethod()
    const { data } = await shop.pay(shop.newOrder(), saved.id)
    assert.equal(data.status, 'succeeded')
    assert.equal(stripe.books.intent(data.transaction_id).customer, saved.customer)

    const grant = (max_amount: number) => stripe.grant({ currency: 'usd', max_amount })
    const spent = grant(5990)
    assert.equal((await shop.pay(shop.newOrder(), spent)).data.status, 'succeeded')
    assert.equal((await shop.pay(shop.newOrder(), spent)).status, 402)
    assert.equal((await shop.pay(shop.newOrder(), grant(5989))).status, 402)
    assert.equal((await shop.pay(shop.newOrder(), 'spt_unknown')).status, 402)
    const none = await shop.ask('POST /api/v1/payments', {
      order_id: shop.newOrder(),
      amount: '59.90',
      payment_method: 'credit_card',
    })
    assert.equal(none.error.details.decline_code, 'payment_method_missing')
    assert.deepEqual(await shop.violations(), [])
  })

  it('counts each currency as Stripe does', async () => {
    await using shop = await openStripeShop(engine)
    const taken = async (currency: string, total_amount: number) => {
      const { data, error } = await shop.pay(
        shop.newOrder(total_amount, { currency }),
        'pm_card_visa',
      )
      if (!data) return error.details.decline_code
      const { status, amount, transaction_id } = data
      return [status, amount, shop.stripe.books.intent(transaction_id).amount]
    }
    assert.deepEqual(await taken('JPY', 5990), ['succeeded', '5990', 5990])
    assert.deepEqual(await taken('KWD', 5990), ['succeeded', '5.990', 5990])
    assert.deepEqual(await taken('ISK', 5990), ['succeeded', '5990', 599_000])
    assert.deepEqual(await taken('MGA', 5900), ['succeeded', '59.00', 59])
    assert.equal(await taken('KWD', 5991), 'amount_not_payable')
    assert.equal(await taken('MGA', 5990), 'amount_not_payable')
    assert.deepEqual(await shop.violations(), [])
  })

  it('blames nobody’s card for a key that Stripe does not know, and says nothing of the key', async () => {
    await using shop = await openStripeShop(engine, { stripe_secret_key: 'sk_test_another' })
    const no = await shop.pay(shop.newOrder(), 'pm_usBankAccount_success')
    // Nothing was asked of Stripe but the method, so what it would have done is not known.
    assert.equal(no.status, 402)
    assert.equal(no.error.details.decline_code, 'provider_not_set_up')
    assert.doesNotMatch(JSON.stringify(no.body), /sk_/)
  })

  it('waits for a slow method until it is known how it ended', async () => {
    await using shop = await openStripeShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'pm_usBankAccount_success')
    assert.equal(data.status, 'processing')
    await shop.stripe.conclude(data.transaction_id)
    shop.pass(60_000)
    await shop.sweep()
    assert.equal((await shop.payment(data.id)).status, 'succeeded')
    assert.deepEqual(await shop.violations(), [])
  })
})
