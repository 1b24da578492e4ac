import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openStripeShop, type StripeShop } from './stripe-shop.ts'

const OFTEN = { stripe_multicapture: true }

async function hold(shop: StripeShop, card = 'pm_card_visa'): Promise<{ id: string; ref: string }> {
  const { data, body } = await shop.pay(shop.newOrder(), card, { capture: 'manual' })
  assert.equal(data?.status, 'authorized', JSON.stringify(body))
  return { id: data.id, ref: data.transaction_id }
}

const capture = (shop: StripeShop, id: string, body: object) =>
  shop.ask(`POST /api/v1/payments/${id}/capture`, body)

/** Held, taken, let go and given back, as this house has it. */
async function books(shop: StripeShop, id: string): Promise<string[]> {
  const { authorized_amount, captured_amount, voided_amount, refunded_amount } =
    await shop.payment(id)
  return [authorized_amount, captured_amount, voided_amount, refunded_amount]
}

onEveryEngine('several captures of one payment at Stripe', (engine) => {
  it('take it in parts, to the cent, and give it back across them', async () => {
    await using shop = await openStripeShop(engine, OFTEN)
    const { id, ref } = await hold(shop)
    for (const [amount, taken] of [
      ['10.01', '10.01'],
      ['0.03', '10.04'],
      ['20.00', '30.04'],
    ] as const) {
      const { status, data } = await capture(shop, id, { amount, keep_rest: true })
      assert.deepEqual([status, data.captured_amount, data.voided_amount], [200, taken, '0.00'])
    }
    const beyond = await capture(shop, id, { amount: '29.87' })
    assert.deepEqual(
      [beyond.status, beyond.error.code, beyond.error.details.available],
      [422, 'PAYMENT_AMOUNT_TOO_LARGE', '29.86'],
    )
    // More than any one of the captures, less than all of them.
    const refund = await shop.ask(`POST /api/v1/payments/${id}/refunds`, { amount: '25.00' })
    assert.equal(refund.data.refund.status, 'succeeded')
    assert.equal((await capture(shop, id, {})).data.captured_amount, '59.90')
    const rest = await shop.ask(`POST /api/v1/payments/${id}/refunds`, {})
    assert.equal(rest.data.refund.amount, '34.90')
    const intent = shop.stripe.books.intent(ref)
    assert.deepEqual(
      [intent.status, intent.amount_received, intent.amount_capturable],
      ['succeeded', 5990, 0],
    )
    assert.deepEqual(await books(shop, id), ['59.90', '59.90', '0.00', '59.90'])
    const captured = (await shop.rows('events')).filter(({ name }) => name === 'payment.captured')
    const amounts = captured.map(({ payload }) =>
      typeof payload === 'string' ? JSON.parse(payload).amount : (payload as any).amount,
    )
    assert.deepEqual(amounts, [1001, 3, 2000, 2986])
    assert.deepEqual(await shop.violations(), [])
  })

  it('are the same in whatever order and however often their news come', async () => {
    await using shop = await openStripeShop(engine, OFTEN)
    const { id } = await hold(shop)
    for (const amount of ['10.00', '15.00', '5.00']) await capture(shop, id, { amount })
    await shop.ask(`POST /api/v1/payments/${id}/void`, {})
    const expected = ['59.90', '30.00', '29.90', '0.00']
    assert.deepEqual(await books(shop, id), expected)
    const events = shop.stripe.events()
    const shuffled = [...events.toReversed(), ...events, ...events.slice(2), ...events.slice(0, 3)]
    await shop.tellAll(shuffled)
    await shop.sweep()
    assert.deepEqual(await books(shop, id), expected)
    assert.deepEqual(await shop.violations(), [])
  })

  it('may be made in the dashboard between ours, and each is counted once', async () => {
    await using shop = await openStripeShop(engine, OFTEN)
    const { id, ref } = await hold(shop)
    await capture(shop, id, { amount: '10.00' })
    await shop.stripe.captureByHand(ref, 700, { final_capture: 'false' })
    // The answer to ours is lost, or it never arrives: either way it is found out which.
    for (const fault of ['lost after', 'lost before'] as const) {
      shop.stripe.fail('capture_intent', fault, 2)
      await capture(shop, id, { amount: '10.00' })
      await shop.tellAll()
      shop.pass(60_000)
      await shop.sweep()
    }
    assert.deepEqual(await books(shop, id), ['59.90', '37.00', '0.00', '0.00'])
    assert.equal(shop.stripe.books.intent(ref).amount_received, 3700)
    assert.deepEqual(await shop.violations(), [])
  })

  it('are refused where the rest must stay held and Stripe would let it go', async () => {
    for (const [settings, card] of [
      [OFTEN, 'pm_card_unionpay'],
      [{}, 'pm_card_visa'],
    ] as const) {
      await using shop = await openStripeShop(engine, settings)
      const { id, ref } = await hold(shop, card)
      const no = await capture(shop, id, { amount: '10.00', keep_rest: true })
      assert.deepEqual([no.status, no.error.code], [422, 'PAYMENT_CAPTURED_ONCE'])
      assert.equal(shop.stripe.books.intent(ref).amount_capturable, 5990)
      const once = await capture(shop, id, { amount: '10.00' })
      assert.deepEqual([once.data.captured_amount, once.data.voided_amount], ['10.00', '49.90'])
      assert.deepEqual(await shop.violations(), [])
    }
  })

  it('let the rest go, also where Stripe does not cancel what was taken in part', async () => {
    await using shop = await openStripeShop(engine, OFTEN)
    const { id, ref } = await hold(shop)
    await capture(shop, id, { amount: '10.00' })
    shop.stripe.books.cancelsParts = false
    const { data } = await shop.ask(`POST /api/v1/payments/${id}/void`, {})
    assert.deepEqual([data.captured_amount, data.voided_amount], ['10.00', '49.90'])
    assert.equal(shop.stripe.books.intent(ref).status, 'succeeded')
    assert.deepEqual(await shop.violations(), [])
  })
})
