import assert from 'node:assert/strict'
import { it } from 'node:test'
import { reconcile } from '#modules/payments'
import { onEveryEngine } from '#testing'
import { openStripeShop, type StripeShop } from './stripe-shop.ts'

/** What the two sides know differently of the last hour, and of what is yet to come. */
async function compare(shop: StripeShop) {
  const at = (ms: number) => new Date(shop.clock().getTime() + ms).toISOString()
  const window = { from: at(-3_600_000), to: at(3_600_000) }
  const { differences } = await reconcile(shop.app, { provider: 'stripe', window })
  return differences.map(({ kind, payment_ref, about }) => `${kind} ${payment_ref}: ${about}`)
}

onEveryEngine('reconciliation with Stripe', (engine) => {
  it('finds nothing where both sides know the same', async () => {
    await using shop = await openStripeShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'pm_card_visa')
    await shop.ask(`POST /api/v1/payments/${data.id}/refunds`, { amount: '9.00' })
    await shop.pay(shop.newOrder(), 'pm_card_visa', { capture: 'manual' })
    await shop.pay(shop.newOrder(), 'pm_card_chargeDeclined')
    assert.deepEqual(await compare(shop), [])
  })

  it('lists what only one side knows, and changes nothing', async () => {
    await using shop = await openStripeShop(engine)
    const { stripe } = shop
    const foreign = stripe.books.addIntent({ amount: 700, currency: 'usd' })
    await stripe.payIntent(foreign.id)

    const ours = (await shop.pay(shop.newOrder(), 'pm_card_visa')).data.transaction_id
    await stripe.refundByHand(ours, 1000)

    const gone = (await shop.pay(shop.newOrder(), 'pm_card_visa')).data.transaction_id
    stripe.books.intents.delete(gone)

    stripe.fail('create_intent', 'lost after', 2)
    await shop.pay(shop.newOrder(), 'pm_card_visa')
    const lost = [...stripe.books.intents.keys()].at(-1)

    const found = await compare(shop)
    assert.deepEqual(
      found.toSorted(),
      [
        `differs ${lost}: 59.90 USD taken at stripe, nothing here`,
        `differs ${ours}: 59.90 USD taken, 10.00 USD given back at stripe, 59.90 USD taken here`,
        `not_here ${foreign.id}: 7.00 USD taken at stripe, and no payment here`,
        `not_there ${gone}: sale of 59.90 USD (${gone}) here, not at stripe`,
        'undecided null: sale is unknown',
      ].toSorted(),
    )
    assert.deepEqual(await compare(shop), found)

    shop.pass(60_000)
    await shop.sweep()
    await shop.tellAll()
    const left = await compare(shop)
    assert.deepEqual(left.map((one) => one.split(' ')[0]).toSorted(), ['not_here', 'not_there'])
    assert.deepEqual(await shop.violations(), [])
  })
})
