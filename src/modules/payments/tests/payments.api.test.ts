import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type Id, newId } from '#kit/ids'
import { admin, onEveryEngine, someoneWho } from '#testing'
import { openShop } from './paying.ts'

onEveryEngine('payments', (engine) => {
  it('takes what an order owes, once, and tells what was taken', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder(5990)

    const { status, data } = await shop.pay(order_id)

    assert.equal(status, 201)
    assert.equal(data.status, 'succeeded')
    assert.equal(data.payment_method, 'CreditCard')
    assert.equal(data.captured_amount, '59.90')
    assert.match(data.transaction_id, /^ch_/)
    assert.ok(data.processed_at)
    const again = await shop.pay(order_id)
    assert.equal(again.status, 409)
    assert.equal(again.error.code, 'ORDER_ALREADY_PAID')
    assert.deepEqual(await shop.events(), ['payment.captured'])
    const total = await shop.ask(`GET /api/v1/payments/order/${order_id}/total`)
    assert.equal(total.data.total_paid, '59.90')
    assert.deepEqual(await shop.violations(), [])
  })

  it('refuses any amount but the one that is owed, and any other currency', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder(5990)
    for (const amount of ['59.89', '59.91', '119.80', 0, -1, '0']) {
      const { status, error } = await shop.pay(order_id, 'pm_test_success', { amount })
      assert.equal(status, 400)
      assert.equal(error.code, 'PAYMENT_AMOUNT_MISMATCH')
      assert.equal(error.details.expected, '59.90')
    }
    const finer = await shop.pay(order_id, 'pm_test_success', { amount: '59.901' })
    assert.equal(finer.error.code, 'AMOUNT_INVALID')
    const euros = await shop.pay(order_id, 'pm_test_success', { currency: 'eur' })
    assert.equal(euros.error.code, 'PAYMENT_CURRENCY_MISMATCH')
    assert.deepEqual(await shop.rows('payments'), [])
  })

  it('takes nothing for an order that is not there or takes no more payments', async () => {
    await using shop = await openShop(engine)
    const gone = newId('order', Date.now())
    const unknown = await shop.ask('POST /api/v1/payments', {
      order_id: gone,
      amount: 1,
      payment_method: 'credit_card',
    })
    assert.equal(unknown.status, 404)
    assert.equal(unknown.error.code, 'ORDER_NOT_FOUND')
    const closed = await shop.pay(shop.newOrder(100, { open: false }))
    assert.equal(closed.status, 409)
    assert.equal(closed.error.code, 'ORDER_NOT_PAYABLE')
  })

  it('answers 402 when the provider declines, keeps the attempt, and lets the payer try again', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder()
    const declined = await shop.pay(order_id, 'pm_test_insufficient_funds')
    assert.equal(declined.status, 402)
    assert.equal(declined.error.code, 'PAYMENT_DECLINED')
    assert.equal(declined.error.details.decline_code, 'insufficient_funds')
    const attempt = await shop.payment(declined.error.details.payment_id)
    assert.equal(attempt.status, 'failed')
    assert.equal(attempt.failure_code, 'insufficient_funds')
    assert.equal((await shop.pay(order_id)).data.status, 'succeeded')
    assert.deepEqual(await shop.events(), ['payment.failed', 'payment.captured'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('sends the payer to 3-D Secure and finishes when they come back', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder()
    const { status, data } = await shop.pay(order_id, 'pm_test_3ds')
    assert.equal(status, 201)
    assert.equal(data.status, 'requires_action')
    assert.match(data.next_action.url, /^https:/)
    const meanwhile = await shop.pay(order_id)
    assert.equal(meanwhile.status, 409)
    assert.equal(meanwhile.error.code, 'PAYMENT_IN_PROGRESS')
    assert.equal(meanwhile.error.details.payment_id, data.id)

    const confirmed = await shop.ask(`POST /api/v1/payments/${data.id}/confirm`, {})
    assert.equal(confirmed.status, 200)
    assert.equal(confirmed.data.status, 'succeeded')
    assert.equal(confirmed.data.next_action, null)
    const again = await shop.ask(`POST /api/v1/payments/${data.id}/confirm`, {})
    assert.equal(again.data.status, 'succeeded')
    assert.deepEqual(await shop.events(), ['payment.requires_action', 'payment.captured'])
    assert.deepEqual(await shop.violations(), [])
  })

  it('fails a payment whose payer does not pass, and cancels one whose payer never comes back', async () => {
    await using shop = await openShop(engine)
    const first = shop.newOrder()
    const { data } = await shop.pay(first, 'pm_test_3ds_fails')
    const failed = await shop.ask(`POST /api/v1/payments/${data.id}/confirm`, {})
    assert.equal(failed.status, 402)
    assert.equal((await shop.payment(data.id)).failure_code, 'authentication_failed')

    const second = shop.newOrder()
    const left = await shop.pay(second, 'pm_test_3ds')
    shop.pass(31 * 60 * 1000)
    await shop.sweep()
    assert.equal((await shop.payment(left.data.id)).status, 'cancelled')
    assert.equal((await shop.pay(second)).data.status, 'succeeded')
    assert.deepEqual(await shop.violations(), [])
  })

  it('holds money, takes part of it, and lets the rest go', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder(10_000)
    const { data: held } = await shop.pay(order_id, 'pm_test_success', { capture: 'manual' })
    assert.equal(held.status, 'authorized')
    const path = `POST /api/v1/payments/${held.id}`
    assert.equal((await shop.pay(order_id)).error.code, 'ORDER_ALREADY_PAID')

    const tooMuch = await shop.ask(`${path}/capture`, { amount: '100.01' })
    assert.equal(tooMuch.status, 422)
    assert.equal(tooMuch.error.code, 'PAYMENT_AMOUNT_TOO_LARGE')
    const part = await shop.ask(`${path}/capture`, { amount: 60 })
    assert.equal(part.data.captured_amount, '60.00')
    const rest = await shop.ask(`${path}/void`, {})
    assert.equal(rest.status, 200)
    assert.equal(rest.data.voided_amount, '40.00')
    assert.equal(rest.data.status, 'succeeded')
    const nothing = await shop.ask(`${path}/capture`, {})
    assert.equal(nothing.status, 422)
    assert.deepEqual(await shop.events(), [
      'payment.authorized',
      'payment.captured',
      'payment.voided',
    ])
    assert.deepEqual(await shop.violations(), [])
  })

  it('cancels what is only held, and then neither captures nor refunds it', async () => {
    await using shop = await openShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'pm_test_success', { capture: 'manual' })
    const refused = await shop.ask(`POST /api/v1/payments/${data.id}/refunds`, {})
    assert.equal(refused.status, 409)
    assert.equal(refused.error.code, 'PAYMENT_CANNOT_REFUND')
    const cancelled = await shop.ask(`POST /api/v1/payments/${data.id}/cancel`, {})
    assert.equal(cancelled.data.status, 'cancelled')
    const capture = await shop.ask(`POST /api/v1/payments/${data.id}/capture`, {})
    assert.equal(capture.status, 409)
    assert.equal(capture.error.code, 'PAYMENT_CANNOT_CAPTURE')
  })

  it('refunds part, then the rest by the published path, and never a cent more', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder(5990)
    const { data } = await shop.pay(order_id)
    const part = await shop.ask(`POST /api/v1/payments/${data.id}/refunds`, {
      amount: '9.90',
      reason: 'chipped',
    })
    assert.equal(part.status, 201)
    assert.equal(part.data.status, 'partially_refunded')
    assert.deepEqual(
      [
        part.data.refund.amount,
        part.data.refund.kind,
        part.data.refund.status,
        part.data.refund.reason,
      ],
      ['9.90', 'free_amount', 'succeeded', 'chipped'],
    )
    const tooMuch = await shop.ask('POST /api/v1/payments/refund', {
      payment_id: data.id,
      amount: '50.01',
    })
    assert.equal(tooMuch.status, 422)
    const rest = await shop.ask('POST /api/v1/payments/refund', { payment_id: data.id })
    assert.equal(rest.data.status, 'refunded')
    assert.equal(rest.data.refunded_amount, '59.90')
    const none = await shop.ask('POST /api/v1/payments/refund', { payment_id: data.id })
    assert.equal(none.status, 409)
    const total = await shop.ask(`GET /api/v1/payments/order/${order_id}/total`)
    assert.equal(total.data.total_paid, '0.00')
    const read = await shop.payment(data.id)
    assert.deepEqual(
      read.refunds.map(({ amount }: { amount: string }) => amount),
      ['9.90', '50.00'],
    )
    assert.deepEqual(await shop.violations(), [])
  })

  it('says so when a refund or a capture is refused, and frees what was set aside for it', async () => {
    await using shop = await openShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'pm_test_refund_fails')
    const refused = await shop.ask(`POST /api/v1/payments/${data.id}/refunds`, { amount: 10 })
    assert.equal(refused.status, 422)
    assert.equal(refused.error.code, 'PAYMENT_REQUEST_REFUSED')
    const after = await shop.payment(data.id)
    assert.equal(after.status, 'succeeded')
    assert.equal(after.refunds[0].status, 'failed')
    assert.equal(after.refunds[0].failure_code, 'refund_refused')

    const held = await shop.pay(shop.newOrder(), 'pm_test_capture_fails', { capture: 'manual' })
    const capture = await shop.ask(`POST /api/v1/payments/${held.data.id}/capture`, {})
    assert.equal(capture.status, 422)
    assert.equal((await shop.payment(held.data.id)).status, 'authorized')
    const events = await shop.events()
    assert.ok(events.includes('payment.refund_failed') && events.includes('payment.capture_failed'))
    assert.deepEqual(await shop.violations(), [])
  })

  it('gives the same answer to the same key and takes the money once', async () => {
    await using shop = await openShop(engine)
    const headers = { 'idempotency-key': 'one click'.replace(' ', '-') }
    const order_id = shop.newOrder()
    const first = await shop.pay(order_id, 'pm_test_success', {}, { headers })
    const second = await shop.pay(order_id, 'pm_test_success', {}, { headers })
    assert.equal(second.status, 201)
    assert.deepEqual(second.body, first.body)
    assert.equal((await shop.rows('payment_events')).length, 1)
  })

  it('obeys If-Match', async () => {
    await using shop = await openShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'pm_test_success', { capture: 'manual' })
    const stale = await shop.ask(
      `POST /api/v1/payments/${data.id}/capture`,
      {},
      {
        headers: { 'if-match': '"1"' },
      },
    )
    assert.equal(stale.status, 412)
    const fresh = await shop.ask(
      `POST /api/v1/payments/${data.id}/capture`,
      {},
      {
        headers: { 'if-match': `"${data.version}"` },
      },
    )
    assert.equal(fresh.status, 200)
  })

  it('lets customers pay and see what is theirs, and decide over no money that was taken', async () => {
    await using shop = await openShop(engine)
    const ada = newId('customer', Date.now())
    const ben = newId('customer', Date.now())
    const shopper = (customer_id: Id<'customer'>) => ({
      ...someoneWho('payments:read', 'payments:write'),
      id: `user:${customer_id}`,
      customer_id,
      own_only: true,
    })
    const order_id = shop.newOrder(5990, { customer_id: ada })

    const foreign = await shop.pay(order_id, 'pm_test_success', {}, { as: shopper(ben) })
    assert.equal(foreign.status, 404)
    assert.equal(foreign.error.code, 'ORDER_NOT_FOUND')
    const cash = { payment_method: 'cash' }
    const claimed = await shop.pay(order_id, 'pm_test_success', cash, { as: shopper(ada) })
    assert.equal(claimed.status, 403)
    const { data } = await shop.pay(order_id, 'pm_test_success', {}, { as: shopper(ada) })
    assert.equal(data.customer_id, ada)

    const path = `/api/v1/payments/${data.id}`
    assert.equal((await shop.ask(`GET ${path}`, undefined, { as: shopper(ada) })).status, 200)
    assert.equal((await shop.ask(`GET ${path}`, undefined, { as: shopper(ben) })).status, 404)
    const seen = async (as: typeof admin, query = '') =>
      (await shop.ask(`GET /api/v1/payments${query}`, undefined, { as })).data.items.length
    assert.deepEqual(
      [await seen(shopper(ada)), await seen(shopper(ben)), await seen(admin)],
      [1, 0, 1],
    )
    const total = `GET /api/v1/payments/order/${order_id}/total`
    assert.equal((await shop.ask(total, undefined, { as: shopper(ben) })).status, 404)
    const refund = await shop.ask(`POST ${path}/refunds`, {}, { as: shopper(ada) })
    assert.equal(refund.status, 403)
    assert.equal(refund.error.code, 'PAYMENT_STAFF_ONLY')
  })

  it('needs the permission to read and the one to write', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder()
    const reader = someoneWho('payments:read')
    assert.equal((await shop.pay(order_id, 'pm_test_success', {}, { as: reader })).status, 403)
    assert.equal((await shop.ask('GET /api/v1/payments', undefined, { as: reader })).status, 200)
    const writer = someoneWho('payments:write')
    assert.equal((await shop.ask('GET /api/v1/payments', undefined, { as: writer })).status, 403)
  })

  it('records cash without asking a provider, and gives it back', async () => {
    await using shop = await openShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'none', { payment_method: 'cash' })
    assert.deepEqual(
      [data.provider, data.status, data.payment_method],
      ['manual', 'succeeded', 'Cash'],
    )
    const back = await shop.ask(`POST /api/v1/payments/${data.id}/refunds`, {})
    assert.equal(back.data.status, 'refunded')
    assert.deepEqual(await shop.violations(), [])
  })

  it('lists by status, newest first, on pages that neither skip nor repeat', async () => {
    await using shop = await openShop(engine)
    const paid: string[] = []
    for (let n = 0; n < 5; n++) paid.push((await shop.pay(shop.newOrder())).data.id)
    await shop.pay(shop.newOrder(), 'pm_test_declined')
    const first = await shop.ask('GET /api/v1/payments?status=succeeded&per_page=2')
    assert.equal(first.data.total, 5)
    assert.equal(first.data.limit, 2)
    const found = first.data.items.map(({ id }: { id: string }) => id)
    for (let cursor = first.data.next_cursor; cursor; ) {
      const next = await shop.ask(
        `GET /api/v1/payments?status=succeeded&per_page=2&cursor=${cursor}`,
      )
      found.push(...next.data.items.map(({ id }: { id: string }) => id))
      cursor = next.data.next_cursor
    }
    assert.deepEqual(found, paid.toReversed())
    const failed = await shop.ask('GET /api/v1/payments?status=failed')
    assert.equal(failed.data.items.length, 1)
    assert.equal((await shop.ask('GET /api/v1/payments?status=lost')).status, 400)
  })
})
