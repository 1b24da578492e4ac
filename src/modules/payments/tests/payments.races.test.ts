import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openShop } from './paying.ts'

type Answers = { status: number; error?: { code: string } }[]
const count = (answers: Answers, status: number) =>
  answers.filter((answer) => answer.status === status).length
const times = <T>(n: number, ask: (nth: number) => Promise<T>) =>
  Promise.all(Array.from({ length: n }, (_, nth) => ask(nth)))

onEveryEngine('payments that meet', (engine) => {
  it('50 refunds at once never give back more than was captured', async () => {
    await using shop = await openShop(engine)
    const { data } = await shop.pay(shop.newOrder(5990))

    const answers = await times(50, () =>
      shop.ask(`POST /api/v1/payments/${data.id}/refunds`, { amount: 2 }),
    )

    // 29 × 2.00 fit into 59.90; nobody is told yes for nothing, and nobody no without a reason.
    assert.equal(count(answers, 201), 29)
    assert.equal(count(answers, 422), 21)
    const after = await shop.payment(data.id)
    assert.equal(after.refunded_amount, '58.00')
    assert.equal(after.refunds.length, 29)
    assert.deepEqual(await shop.violations(), [])
  })

  it('many payments for one order at once: one is taken, the others are told why not', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder()
    const answers = await times(12, () => shop.pay(order_id))
    assert.equal(count(answers, 201), 1)
    assert.equal(count(answers, 409), 11)
    assert.equal((await shop.rows('payment_events')).length, 1)
    const total = await shop.ask(`GET /api/v1/payments/order/${order_id}/total`)
    assert.equal(total.data.total_paid, '59.90')
    assert.deepEqual(await shop.violations(), [])
  })

  it('twins with one key take the money once and are never told two stories', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder()
    const headers = { 'idempotency-key': 'twins' }
    const answers = await times(8, () => shop.pay(order_id, 'pm_test_success', {}, { headers }))
    const told = new Set(answers.filter(({ status }) => status === 201).map(({ data }) => data.id))
    assert.equal(told.size, 1)
    for (const { status, error } of answers) {
      if (status !== 201) assert.equal(error.code, 'IDEMPOTENCY_IN_PROGRESS')
    }
    const last = await shop.pay(order_id, 'pm_test_success', {}, { headers })
    assert.ok(told.has(last.data.id))
    assert.equal((await shop.rows('payments')).length, 1)
  })

  it('a capture and a void at once: one of them is done, not both', async () => {
    await using shop = await openShop(engine)
    for (let round = 0; round < 5; round++) {
      const { data } = await shop.pay(shop.newOrder(), 'pm_test_success', { capture: 'manual' })
      const path = `POST /api/v1/payments/${data.id}`
      await Promise.all([shop.ask(`${path}/capture`, {}), shop.ask(`${path}/void`, {})])
      const { captured_amount, voided_amount } = await shop.payment(data.id)
      assert.deepEqual([captured_amount, voided_amount].toSorted(), ['0.00', '59.90'])
    }
    assert.deepEqual(await shop.violations(), [])
  })

  it('the payer comes back in several windows while the webhook arrives: taken once', async () => {
    await using shop = await openShop(engine)
    const { data } = await shop.pay(shop.newOrder(), 'pm_test_3ds')
    const news = {
      id: 'evt_passed',
      type: 'payment.succeeded',
      created: new Date().toISOString(),
      data: {
        transaction_id: data.transaction_id,
        reference: data.id,
        amount: 5990,
        currency: 'USD',
        sequence: 2,
      },
    }
    const [webhook, ...windows] = await Promise.all([
      shop.webhook(news),
      ...Array.from({ length: 5 }, () => shop.ask(`POST /api/v1/payments/${data.id}/confirm`, {})),
    ])
    assert.equal(webhook.statusCode, 200)
    for (const { status, error } of windows) {
      if (status !== 200) assert.equal(error.code, 'PAYMENT_IN_PROGRESS')
    }
    await shop.ask(`POST /api/v1/payments/${data.id}/confirm`, {})
    assert.equal((await shop.payment(data.id)).captured_amount, '59.90')
    const captures = (await shop.events()).filter((name) => name === 'payment.captured')
    assert.equal(captures.length, 1)
    assert.deepEqual(await shop.violations(), [])
  })
})
