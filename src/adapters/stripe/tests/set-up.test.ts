import assert from 'node:assert/strict'
import { it } from 'node:test'
import { paymentProviders } from '#modules/payments'
import { redeemToken } from '#modules/vault'
import { loadSettings } from '#platform/config/load'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine, openHouse } from '#testing'
import { newToken } from '../../../modules/vault/tests/cards.ts'
import { openStripeShop } from './stripe-shop.ts'

const PRODUCTION = {
  APP__ENVIRONMENT: 'production',
  APP__JWT_SECRET: '9f2c41d07be35a68'.repeat(4),
  APP__ADMIN_PASSWORD: 'Correct-Horse-42-Battery',
  APP__VAULT_KEY: '3b7d90e1c5f824a6'.repeat(4),
  APP__PAYMENT_PROVIDER: 'stripe',
}

it('production demands the keys of Stripe where Stripe takes payments', () => {
  const keys = {
    APP__STRIPE_SECRET_KEY: 'sk_live_1',
    APP__STRIPE_WEBHOOK_SECRET: 'whsec_1',
  }
  assert.throws(() => loadSettings({ env: PRODUCTION }), /STRIPE_SECRET_KEY[\s\S]*required/)
  assert.throws(
    () => loadSettings({ env: { ...PRODUCTION, ...keys, APP__STRIPE_WEBHOOK_SECRET: '' } }),
    /STRIPE_WEBHOOK_SECRET/,
  )
  assert.equal(loadSettings({ env: { ...PRODUCTION, ...keys } }).payment_provider, 'stripe')
})

onEveryEngine('Stripe in the settings', (engine) => {
  const health = async (settings: object) => {
    await using house = await openHouse(engine, { settings })
    const { active } = paymentProviders.of(house.app)
    const { body } = await house.send('GET /health/detailed', { as: 'nobody' })
    const { status, message } = body.details.payments
    return { takes: active?.name, status, message }
  }

  it('without a key only the test provider is offered, and health says so', async () => {
    assert.deepEqual(await health({ payment_provider: 'stripe' }), {
      takes: 'test',
      status: 'degraded',
      message: 'The test provider takes payments, and moves no money. Stripe is not configured.',
    })
    const plain = await health({})
    assert.deepEqual([plain.takes, plain.status], ['test', 'up'])
    const stripe = await health({ payment_provider: 'stripe', stripe_secret_key: 'sk_test_1' })
    assert.deepEqual([stripe.takes, stripe.status], ['stripe', 'up'])
  })

  it('a card out of the vault is charged, once, and is nowhere in what is kept', async () => {
    await using shop = await openStripeShop(engine)
    const charge = async (number: string) => {
      const token = await newToken(shop, { payment_method: { number } })
      const allowed = { checkout_session_id: 'session-1', merchant_id: 'shop' }
      await transactAsSystem(shop.app, (ctx) =>
        redeemToken(ctx, { token, ...allowed, amount: 5000, currency: 'USD' }),
      )
      return { token, answer: await shop.pay(shop.newOrder(5000), token) }
    }
    const good = await charge('4242424242424242')
    assert.equal(good.answer.data.status, 'succeeded')
    assert.equal((await shop.pay(shop.newOrder(5000), good.token)).status, 402)
    const bad = await charge('4000000000009995')
    assert.equal(bad.answer.error.details.decline_code, 'insufficient_funds')
    await shop.tellAll()
    for (const table of [
      'payments',
      'payment_requests',
      'payment_events',
      'payment_webhooks',
      'events',
    ]) {
      const rows = JSON.stringify(await shop.rows(table))
      assert.doesNotMatch(rows, /4242424242424242|4000000000009995/, table)
    }
    assert.deepEqual(await shop.violations(), [])
  })
})
