import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type Id, newId } from '#kit/ids'
import {
  adoptPayment,
  answerOfHosted,
  type HostedPayments,
  type HostedRequest,
  paymentPersonalData,
  paymentProviders,
} from '#modules/payments'
import type { Context } from '#platform/context'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { openShop } from '../../../modules/payments/tests/paying.ts'
import type { TestProvider } from '../../test-provider/test-provider.ts'
import { openStripeShop, type StripeShop } from './stripe-shop.ts'

const hostedOf = ({ app }: Pick<StripeShop, 'app'>) =>
  paymentProviders.of(app).active?.hosted as HostedPayments

const request = (own: Partial<HostedRequest> = {}): HostedRequest => ({
  key: newId('checkout', Date.now()),
  kind: 'page',
  amount: 5990,
  currency: 'USD',
  lines: [{ name: 'Mug', quantity: 2, unit_amount: 2995 }],
  customer_email: 'ada@example.com',
  success_url: 'https://shop.example/thanks?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://shop.example/cart',
  metadata: { checkout_id: 'c-1' },
  method_types: null,
  expires_at: null,
  ...own,
})

/** What was told of pages and intents, oldest first. */
const told = async (shop: Pick<StripeShop, 'rows'>) =>
  (await shop.rows('events'))
    .filter(({ name }) => name === 'payment.hosted_changed')
    .map(({ payload }) => (typeof payload === 'string' ? JSON.parse(payload) : payload))

const adopt = (shop: Pick<StripeShop, 'app'>, order_id: Id<'order'>, change: any) =>
  transactAsSystem(
    shop.app,
    (ctx) =>
      adoptPayment(ctx, {
        order_id,
        provider: change.provider,
        payment_ref: change.payment_ref,
        answer: answerOfHosted(change),
        payment_method: 'credit_card',
      }),
    'read committed',
  )

onEveryEngine('payments that are made at Stripe', (engine) => {
  it('a page is opened once for its key, paid, and told of by session and by intent', async () => {
    await using shop = await openStripeShop(engine)
    const hosted = hostedOf(shop)
    const asked = request()
    const [page, again] = [await hosted.open(asked), await hosted.open(asked)]
    assert.equal(page.ref, again.ref)
    assert.deepEqual(
      [page.status, page.payment_status, page.amount, page.currency, page.metadata],
      ['open', 'unpaid', 5990, 'USD', { checkout_id: 'c-1' }],
    )
    const visit = await fetch(`${page.url}`, { redirect: 'manual' })
    const thanks = `https://shop.example/thanks?session=${page.ref}`
    assert.equal(visit.headers.get('location'), thanks)
    await shop.tellAll()
    await shop.tellAll()
    const changes = await told(shop)
    assert.deepEqual(
      changes.map(({ ref, status, payment_status, metadata }) => [
        ref.slice(0, 3),
        status,
        payment_status,
        metadata.checkout_id,
      ]),
      [
        ['pi_', 'complete', 'paid', 'c-1'],
        ['cs_', 'complete', 'paid', 'c-1'],
      ],
    )
    assert.equal(changes[0].payment_ref, changes[1].payment_ref)
    assert.equal((await hosted.read(page.ref)).payment_status, 'paid')
    assert.equal((await hosted.expire(page.ref)).status, 'complete')
  })

  it('what was paid becomes a payment of the order, once, and can be refunded', async () => {
    await using shop = await openStripeShop(engine)
    const page = await hostedOf(shop).open(request())
    await shop.stripe.pay(page.ref)
    await shop.tellAll()
    const [change] = await told(shop)
    const order_id = shop.newOrder()
    const twice = await Promise.all([1, 2].map(() => adopt(shop, order_id, change)))
    assert.equal(twice[0]?.id, twice[1]?.id)
    await assert.rejects(adopt(shop, shop.newOrder(), change), { code: 'PAYMENT_OF_ANOTHER_ORDER' })
    const { id, transaction_id } = await shop.payment(twice[0]?.id as string)
    assert.equal(transaction_id, change.payment_ref)
    const { data } = await shop.ask(`POST /api/v1/payments/${id}/refunds`, { amount: '10.00' })
    assert.equal(data.refund.status, 'succeeded')
    await shop.tellAll()
    assert.equal((await shop.payment(id)).refunded_amount, '10.00')
    assert.deepEqual(await shop.violations(), [])
  })

  it('what a payer has typed at Stripe can be erased with the customer', async () => {
    await using shop = await openStripeShop(engine)
    const page = await hostedOf(shop).open(request())
    await shop.stripe.pay(page.ref)
    await shop.tellAll()
    const [change] = await told(shop)
    const customer_id = newId('customer', Date.now())
    await adopt(shop, shop.newOrder(5990, { customer_id }), change)
    const erase = (ctx: Context) => paymentPersonalData.erase(ctx, customer_id)
    await transactAsSystem(shop.app, erase)
    for (const table of ['payment_webhooks', 'events', 'payments']) {
      assert.doesNotMatch(JSON.stringify(await shop.rows(table)), /ada@example/, table)
    }
    assert.deepEqual(await shop.violations(), [])
  })

  it('what is paid beyond what the order wants goes back by itself', async () => {
    await using shop = await openStripeShop(engine)
    const page = await hostedOf(shop).open(request())
    await shop.stripe.pay(page.ref)
    await shop.tellAll()
    const [change] = await told(shop)
    const { id } = await adopt(shop, shop.newOrder(5990, { open: false }), change)
    shop.pass(60_000)
    await shop.sweep()
    assert.equal((await shop.payment(id)).status, 'refunded')
    assert.deepEqual(await shop.violations(), [])
  })

  it('an intent is given to the payer’s browser; a failed try is told, and the next one may work', async () => {
    await using shop = await openStripeShop(engine)
    const hosted = hostedOf(shop)
    const intent = await hosted.open(request({ kind: 'intent', method_types: ['card'] }))
    assert.match(String(intent.client_secret), /^pi_.+_secret_/)
    assert.deepEqual(
      [intent.ref, intent.provider_status],
      [intent.payment_ref, 'requires_payment_method'],
    )
    await shop.stripe.payIntent(intent.ref, 'pm_card_chargeDeclined')
    await shop.stripe.payIntent(intent.ref)
    await shop.tellAll()
    assert.deepEqual(
      (await told(shop)).map(({ status, payment_status, failure }) => [
        status,
        payment_status,
        failure?.code ?? null,
      ]),
      [
        ['open', 'unpaid', 'generic_decline'],
        ['complete', 'paid', null],
      ],
    )
  })

  it('a page expires, by Stripe or by the house; an intent is cancelled', async () => {
    await using shop = await openStripeShop(engine)
    const hosted = hostedOf(shop)
    const page = await hosted.open(request({ kind: 'embedded' }))
    assert.deepEqual([page.url, typeof page.client_secret], [null, 'string'])
    assert.equal((await hosted.expire(page.ref)).status, 'expired')
    const intent = await hosted.open(request({ kind: 'intent' }))
    assert.equal((await hosted.expire(intent.ref)).status, 'expired')
    await shop.tellAll()
    assert.deepEqual(
      (await told(shop)).map(({ ref, status }) => [ref, status]),
      [
        [page.ref, 'expired'],
        [intent.ref, 'expired'],
      ],
    )
  })

  it('a slow method completes the page unpaid, and is told again when it is known how it ended', async () => {
    await using shop = await openStripeShop(engine)
    const page = await hostedOf(shop).open(request())
    await shop.stripe.pay(page.ref, 'pm_usBankAccount_success')
    const { payment_ref } = await hostedOf(shop).read(page.ref)
    await shop.stripe.conclude(String(payment_ref), false)
    await shop.tellAll()
    const pages = (await told(shop)).filter(({ ref }) => ref === page.ref)
    assert.deepEqual(
      pages.map(({ payment_status, failure }) => [payment_status, failure?.code ?? null]),
      [
        ['unpaid', null],
        ['unpaid', 'payment_failed'],
      ],
    )
  })

  it('what Stripe refuses for good is told as refused; anything else may be tried again', async () => {
    await using shop = await openStripeShop(engine)
    const hosted = hostedOf(shop)
    const soon = new Date(shop.clock().getTime() + 60_000).toISOString()
    await assert.rejects(hosted.open(request({ expires_at: soon })), {
      code: 'PAYMENT_PAGE_REFUSED',
    })
    shop.stripe.fail('create_session', 'lost after', 2)
    const asked = request()
    await assert.rejects(hosted.open(asked), (error: any) => error.code !== 'PAYMENT_PAGE_REFUSED')
    const page = await hosted.open(asked)
    assert.equal(shop.stripe.books.sessions.size, 1)
    assert.equal(page.status, 'open')
  })

  it('lines that do not add up to the amount are shown as one', async () => {
    await using shop = await openStripeShop(engine)
    const page = await hostedOf(shop).open(request({ amount: 6500 }))
    assert.equal(page.amount, 6500)
  })
})

onEveryEngine('payments that are made at the test provider', (engine) => {
  it('are opened, paid and adopted in the same way', async () => {
    await using shop = await openShop(engine)
    const provider = paymentProviders.of(shop.app).active as TestProvider
    const page = await provider.hosted.open(request())
    const same = await provider.hosted.open({ ...request(), key: page.ref.replace('cs_test_', '') })
    assert.equal(same.ref, page.ref)
    await provider.completeHosted(page.ref, 'failed')
    await provider.completeHosted(page.ref, 'paid', { twice: true })
    const changes = await told(shop)
    assert.deepEqual(
      changes.map(({ ref, payment_status, failure }) => [
        ref.slice(0, 3),
        payment_status,
        failure?.code ?? null,
      ]),
      [
        ['pi_', 'unpaid', 'card_declined'],
        ['cs_', 'paid', null],
        ['pi_', 'paid', null],
      ],
    )
    const { id } = await adopt(shop, shop.newOrder(), changes[1])
    const { data } = await shop.ask(`POST /api/v1/payments/${id}/refunds`, {})
    assert.equal(data.status, 'refunded')
    const late = await provider.hosted.open(request({ kind: 'intent' }))
    await provider.completeHosted(late.ref, 'expired')
    assert.equal((await provider.hosted.read(late.ref)).status, 'expired')
    assert.deepEqual(await shop.violations(), [])
  })
})
