import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openStripeShop, type StripeShop } from './stripe-shop.ts'

// Amounts that are easily got wrong: units without cents, units of a thousand, parts of parts.

const OFTEN = { stripe_multicapture: true }
type Case = {
  currency: string
  /** Minor units of the order, and how Stripe counts them. */
  total: number
  counted: number
  /** What is captured of it, then given back, each as it is told; and what is kept. */
  takes: [string, string]
  gives: [string, string]
  kept: string
}
const CASES: Case[] = [
  {
    currency: 'JPY',
    total: 5990,
    counted: 5990,
    takes: ['1', '5988'],
    gives: ['5001', '987'],
    kept: '1',
  },
  {
    currency: 'KWD',
    total: 5990,
    counted: 5990,
    takes: ['0.010', '5.970'],
    gives: ['5.000', '0.970'],
    kept: '0.010',
  },
  {
    currency: 'ISK',
    total: 5990,
    counted: 599_000,
    takes: ['1', '5988'],
    gives: ['5001', '987'],
    kept: '1',
  },
  {
    currency: 'USD',
    total: 1,
    counted: 1,
    takes: ['0.01', '0.00'],
    gives: ['0.01', '0.00'],
    kept: '0.00',
  },
]

const over = (shop: StripeShop, id: string, path: string, body: object) =>
  shop.ask(`POST /api/v1/payments/${id}/${path}`, body)
const minor = (amount: string) => Number(amount.replace('.', ''))
const isNone = (amount: string) => minor(amount) === 0

onEveryEngine('amounts on their way to Stripe and back', (engine) => {
  it('are taken and given back in parts, in every kind of currency', async () => {
    await using shop = await openStripeShop(engine, OFTEN)
    for (const { currency, total, counted, takes, gives, kept } of CASES) {
      const order = shop.newOrder(total, { currency })
      const { data, body } = await shop.pay(order, 'pm_card_visa', { capture: 'manual' })
      assert.equal(data?.status, 'authorized', JSON.stringify(body))
      const intent = () => shop.stripe.books.intent(data.transaction_id)
      assert.equal(intent().amount, counted, currency)
      for (const amount of takes) {
        if (!isNone(amount)) await over(shop, data.id, 'capture', { amount, keep_rest: true })
      }
      for (const amount of gives) {
        if (isNone(amount)) continue
        const { data: given } = await over(shop, data.id, 'refunds', { amount })
        assert.equal(given.refund.status, 'succeeded', `${currency} ${amount}`)
      }
      await over(shop, data.id, 'void', {})
      await shop.tellAll()
      const { captured_amount, refunded_amount, authorized_amount, voided_amount } =
        await shop.payment(data.id)
      const left = minor(captured_amount) - minor(refunded_amount)
      assert.equal(left, minor(kept), currency)
      const taken = minor(captured_amount) + minor(voided_amount)
      assert.equal(taken, minor(authorized_amount), currency)
      assert.equal(taken, total, currency)
      assert.equal(intent().amount_capturable, 0, currency)
    }
    assert.deepEqual(await shop.violations(), [])
  })

  it('are refused, and nothing is set aside, where Stripe cannot count them', async () => {
    await using shop = await openStripeShop(engine, OFTEN)
    const { data } = await shop.pay(shop.newOrder(5990, { currency: 'KWD' }), 'pm_card_visa', {
      capture: 'manual',
    })
    const part = await over(shop, data.id, 'capture', { amount: '1.235' })
    assert.deepEqual([part.status, part.error.code], [422, 'PAYMENT_REQUEST_REFUSED'])
    assert.match(part.error.message, /last digit/)
    assert.equal((await over(shop, data.id, 'capture', {})).data.captured_amount, '5.990')
    const back = await over(shop, data.id, 'refunds', { amount: '0.001' })
    assert.deepEqual([back.status, back.error.code], [422, 'PAYMENT_REQUEST_REFUSED'])
    assert.equal(
      (await over(shop, data.id, 'refunds', { amount: '5.990' })).data.status,
      'refunded',
    )
    const odd = await shop.pay(shop.newOrder(5991, { currency: 'KWD' }), 'pm_card_visa')
    assert.deepEqual([odd.status, odd.error.details.decline_code], [402, 'amount_not_payable'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('stay in the books as they are when a dispute is lost, and can go back once it is won', async () => {
    await using shop = await openStripeShop(engine)
    const paid = async () => (await shop.pay(shop.newOrder(), 'pm_card_visa')).data
    const lost = await paid()
    await over(shop, lost.id, 'refunds', { amount: '9.90' })
    const dispute = await shop.stripe.dispute(lost.transaction_id)
    await shop.tellAll()
    const refused = await over(shop, lost.id, 'refunds', { amount: '10.00' })
    assert.deepEqual([refused.status, refused.error.code], [422, 'PAYMENT_REQUEST_REFUSED'])
    assert.match(refused.error.message, /charged back/)
    shop.pass(2_000)
    await shop.stripe.decide(dispute.id, 'lost')
    await shop.tellAll()
    const after = await shop.payment(lost.id)
    assert.deepEqual(
      [after.status, after.captured_amount, after.refunded_amount],
      ['partially_refunded', '59.90', '9.90'],
    )

    const won = await paid()
    const doubt = await shop.stripe.dispute(won.transaction_id)
    await shop.tellAll()
    shop.pass(2_000)
    await shop.stripe.decide(doubt.id, 'won')
    await shop.tellAll()
    assert.equal((await over(shop, won.id, 'refunds', {})).data.status, 'refunded')
    assert.deepEqual(await shop.violations(), [])
  })
})
