import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type PaymentProvider, paymentProviders } from '#modules/payments'
import { onEveryEngine } from '#testing'
import { openShop, type Shop } from '../../../modules/payments/tests/paying.ts'
import { behaviours } from '../behaviours.ts'
import type { TestProvider } from '../test-provider.ts'

type Row = Record<string, unknown>
const providerOf = (shop: Shop) => paymentProviders.of(shop.app).active as TestProvider

/** Lets webhooks arrive and the sweeper do its work, until nothing is open any more. */
async function settleAll(shop: Shop): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await new Promise((done) => setTimeout(done, 5))
    shop.pass(60_000)
    await shop.sweep()
    const open = (await shop.rows('payment_requests')).filter((row) => row.resolved_at === null)
    if (open.length === 0) return
  }
  assert.fail('requests are still open after twenty sweeps')
}

/** Both sides' books say the same of every payment and every refund. */
async function assertAgreement(shop: Shop): Promise<void> {
  const { ledger } = providerOf(shop)
  const payments = await shop.rows('payments')
  for (const payment of payments as (Row & Record<string, number> & { id: string })[]) {
    const charge = ledger.byKey(payment.id)
    const succeeded = charge?.outcome === 'succeeded'
    assert.equal(payment.authorized_amount, succeeded ? charge.amount : 0)
    if (!charge)
      assert.deepEqual([payment.status, payment.failure_code], ['failed', 'not_executed'])
    if (charge?.outcome === 'failed')
      assert.ok(['failed', 'cancelled'].includes(String(payment.status)))
    const moved = (operation: string) =>
      ledger
        .all()
        .filter((entry) => entry.charge_ref === charge?.ref && entry.outcome === 'succeeded')
        .filter((entry) => entry.operation === operation)
        .reduce((total, { amount }) => total + amount, 0)
    const sold = succeeded && charge.operation === 'sale' ? charge.amount : 0
    assert.equal(payment.captured_amount, sold + moved('capture'))
    assert.equal(payment.voided_amount, moved('void'))
    assert.equal(payment.refunded_amount, moved('refund'))
  }
  const keys = new Set((await shop.rows('payment_requests')).map(({ id }) => id))
  for (const { key } of ledger.all()) assert.ok(keys.has(key), 'the provider did what nobody asked')
  const parked = (await shop.rows('payment_webhooks')).filter(({ status }) => status === 'parked')
  assert.deepEqual(parked, [])
  assert.deepEqual(await shop.violations(), [])
}

/** The provider whose process, or ours, dies in the middle of one kind of call. */
function dying(
  provider: TestProvider,
  operation: 'sale' | 'authorize' | 'capture' | 'refund' | 'void',
  moment: 'before' | 'after',
): PaymentProvider {
  const silence = new Promise<never>(() => {})
  const call = async (request: never) => {
    if (moment === 'after') await provider[operation](request)
    return silence
  }
  return new Proxy(provider, {
    get(target, name) {
      if (name === operation) return call
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** From now on the house speaks with this provider. */
function speakWith(shop: Shop, provider: PaymentProvider): void {
  const { named } = paymentProviders.of(shop.app)
  paymentProviders.provide(shop.app, {
    active: provider,
    named: (name) => (name === 'test' ? provider : named(name)),
  })
}

/** Waits until the request is stored and, where it is to be executed, the provider has done it. */
async function untilAsked(shop: Shop, executed: boolean, provider: TestProvider): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const requests = await shop.rows('payment_requests')
    const last = requests.find(({ resolved_at }) => resolved_at === null)
    if (last && (!executed || provider.ledger.byKey(String(last.id)))) return
    await new Promise((done) => setTimeout(done, 5))
  }
  assert.fail('the provider was never asked')
}

onEveryEngine('payment chaos', (engine) => {
  it('every behaviour of the test provider ends with both sides in agreement', async () => {
    await using shop = await openShop(engine)
    for (const behaviour of Object.keys(behaviours)) {
      for (const capture of ['automatic', 'manual']) {
        const order_id = shop.newOrder()
        const { status, data, error } = await shop.pay(order_id, behaviour, { capture })
        assert.ok([201, 402].includes(status), `${behaviour}: ${status} ${JSON.stringify(error)}`)
        const id = data?.id ?? error.details.payment_id
        if (data?.status === 'requires_action')
          await shop.ask(`POST /api/v1/payments/${id}/confirm`, {})
        await settleAll(shop)
        const paid = await shop.payment(id)
        if (paid.status === 'authorized') {
          await shop.ask(`POST /api/v1/payments/${id}/capture`, { amount: 40 })
          await settleAll(shop)
          await shop.ask(`POST /api/v1/payments/${id}/void`, {})
        }
        await shop.ask(`POST /api/v1/payments/${id}/refunds`, { amount: 15 })
        await settleAll(shop)
      }
    }
    await assertAgreement(shop)
    const statuses = new Set((await shop.rows('payments')).map(({ status }) => status))
    assert.ok(statuses.has('partially_refunded') && statuses.has('failed'))
  })

  it('a timeout is answered 201 and pending, never a failure that was none', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder()
    const { status, data } = await shop.pay(order_id, 'pm_test_timeout_after_charge')
    assert.deepEqual([status, data.status], [201, 'pending'])
    const again = await shop.pay(order_id)
    assert.equal(again.error.code, 'PAYMENT_IN_PROGRESS')
    await settleAll(shop)
    assert.equal((await shop.payment(data.id)).status, 'succeeded')
    assert.equal((await shop.pay(order_id)).error.code, 'ORDER_ALREADY_PAID')
    await assertAgreement(shop)
  })

  it('a charge that never reached the provider fails, and the order can be paid again', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder()
    const { data } = await shop.pay(order_id, 'pm_test_timeout_before_charge')
    await settleAll(shop)
    assert.equal((await shop.payment(data.id)).failure_code, 'not_executed')
    assert.equal((await shop.pay(order_id)).data.status, 'succeeded')
    await assertAgreement(shop)
  })

  const calls = { sale: 'automatic', authorize: 'manual' } as const
  for (const [operation, capture] of Object.entries(calls)) {
    for (const moment of ['before', 'after'] as const) {
      it(`a crash ${moment} the provider's ${operation} is swept to one end`, async () => {
        await using shop = await openShop(engine)
        const provider = providerOf(shop)
        speakWith(shop, dying(provider, operation as keyof typeof calls, moment))
        void shop.pay(shop.newOrder(), 'pm_test_success', { capture }).catch(() => {})
        await untilAsked(shop, moment === 'after', provider)
        speakWith(shop, provider)
        await settleAll(shop)
        const [payment] = await shop.rows('payments')
        const taken = capture === 'automatic' ? 'succeeded' : 'authorized'
        assert.equal(payment?.status, moment === 'after' ? taken : 'failed')
        await assertAgreement(shop)
      })
    }
  }

  const more = { capture: 'capture', void: 'void', refund: 'refunds' } as const
  for (const [operation, path] of Object.entries(more)) {
    for (const moment of ['before', 'after'] as const) {
      it(`a crash ${moment} the provider's ${operation} is swept to its end, done once`, async () => {
        await using shop = await openShop(engine)
        const provider = providerOf(shop)
        const capture = operation === 'refund' ? 'automatic' : 'manual'
        const { data } = await shop.pay(shop.newOrder(), 'pm_test_success', { capture })
        speakWith(shop, dying(provider, operation as keyof typeof more, moment))
        void shop.ask(`POST /api/v1/payments/${data.id}/${path}`, {}).catch(() => {})
        await untilAsked(shop, moment === 'after', provider)
        speakWith(shop, provider)
        await settleAll(shop)
        const ends = { capture: 'succeeded', void: 'cancelled', refund: 'refunded' }
        const { status } = await shop.payment(data.id)
        assert.equal(status, ends[operation as keyof typeof ends])
        await assertAgreement(shop)
      })
    }
  }

  it('a retry with the same key goes on where the crash was, and takes the money once', async () => {
    await using shop = await openShop(engine)
    const provider = providerOf(shop)
    const order_id = shop.newOrder()
    const headers = { 'idempotency-key': 'retried' }
    speakWith(shop, dying(provider, 'sale', 'after'))
    void shop.pay(order_id, 'pm_test_success', {}, { headers }).catch(() => {})
    await untilAsked(shop, true, provider)
    speakWith(shop, provider)
    const early = await shop.pay(order_id, 'pm_test_success', {}, { headers })
    assert.equal(early.error.code, 'IDEMPOTENCY_IN_PROGRESS')
    shop.pass(61_000)
    const { status, data } = await shop.pay(order_id, 'pm_test_success', {}, { headers })
    assert.deepEqual([status, data.status], [201, 'succeeded'])
    assert.equal(provider.ledger.all().length, 1)
    await assertAgreement(shop)
  })

  it('money that arrives for an order cancelled meanwhile is given back', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder()
    const { data } = await shop.pay(order_id, 'pm_test_webhook_never')
    const order = shop.orders.get(order_id)
    if (order) order.open = false
    await settleAll(shop)
    const after = await shop.payment(data.id)
    assert.deepEqual([after.status, after.refunds[0].kind], ['refunded', 'reversal'])
    await assertAgreement(shop)
  })

  it('of two payments that both arrive in the end, the second is given back', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder()
    const lost = (await shop.pay(order_id, 'pm_test_timeout_before_charge')).data
    await settleAll(shop)
    await shop.pay(order_id)
    // The provider had it after all, and says so only now.
    const provider = providerOf(shop)
    const charge = { key: lost.id, amount: 5990, currency: 'USD', payment_ref: null }
    const late = await provider.sale({
      ...charge,
      method: 'credit_card',
      payment_method_id: null,
      order_id,
      asked_at: new Date().toISOString(),
    })
    await shop.webhook({
      id: 'evt_late',
      type: 'payment.succeeded',
      created: new Date(Date.now() + 3_600_000).toISOString(),
      data: {
        transaction_id: late.payment_ref,
        reference: lost.id,
        amount: 5990,
        currency: 'USD',
        sequence: 1,
      },
    })
    await settleAll(shop)
    assert.equal((await shop.payment(lost.id)).status, 'refunded')
    const total = await shop.ask(`GET /api/v1/payments/order/${order_id}/total`)
    assert.equal(total.data.total_paid, '59.90')
    await assertAgreement(shop)
  })
})
