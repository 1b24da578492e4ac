import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openShop, type Shop } from './paying.ts'

const partly = (shop: Shop, order_id: string, amount: string, more: object = {}) =>
  shop.pay(order_id, 'pm_test_success', { amount, partial: true, ...more })
const totalOf = async (shop: Shop, order_id: string) =>
  (await shop.ask(`GET /api/v1/payments/order/${order_id}/total`)).data

onEveryEngine('several payments of one order', (engine) => {
  it('pay it together, none above what is still owed, and the total tells how it stands', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder(5990)

    assert.equal((await partly(shop, order_id, '20.00')).status, 201)
    const cash = { payment_method: 'cash' }
    assert.equal((await partly(shop, order_id, '9.90', cash)).status, 201)
    const tooMuch = await partly(shop, order_id, '30.01')
    assert.deepEqual([tooMuch.status, tooMuch.error.code], [400, 'PAYMENT_EXCEEDS_BALANCE'])
    assert.equal(tooMuch.error.details.owed, '30.00')
    for (const amount of ['0', '-1.00']) {
      assert.equal((await partly(shop, order_id, amount)).status, 400, amount)
    }
    const whole = await shop.pay(order_id, 'pm_test_success', { amount: '29.00' })
    assert.deepEqual([whole.status, whole.error.code], [400, 'PAYMENT_AMOUNT_MISMATCH'])
    assert.equal((await totalOf(shop, order_id)).balance, '30.00')

    const held = await partly(shop, order_id, '10.00', { capture: 'manual' })
    assert.equal(held.status, 201)
    assert.deepEqual(await totalOf(shop, order_id), {
      order_id,
      currency: 'USD',
      total_amount: '59.90',
      authorized_amount: '39.90',
      held_amount: '10.00',
      captured_amount: '29.90',
      refunded_amount: '0.00',
      refund_pending_amount: '0.00',
      total_paid: '29.90',
      balance: '30.00',
    })
    // What is held counts as covered: only the rest is still to be paid.
    assert.equal((await partly(shop, order_id, '20.01')).status, 400)
    assert.equal((await shop.pay(order_id, 'pm_test_success', { amount: '20.00' })).status, 201)
    assert.equal((await shop.ask(`POST /api/v1/payments/${held.data.id}/capture`)).status, 200)

    const total = await totalOf(shop, order_id)
    assert.deepEqual(
      [total.total_paid, total.balance, total.held_amount],
      ['59.90', '0.00', '0.00'],
    )
    assert.equal((await partly(shop, order_id, '0.01')).error.code, 'ORDER_ALREADY_PAID')
    assert.deepEqual(await shop.violations(), [])
  })

  it('a declined part leaves the rest to be paid by another', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder(5000)
    await partly(shop, order_id, '20.00')
    const declined = await shop.pay(order_id, 'pm_test_declined', { amount: '30.00' })
    assert.equal(declined.status, 402)
    assert.equal((await partly(shop, order_id, '30.00')).status, 201)
    assert.equal((await totalOf(shop, order_id)).balance, '0.00')
    assert.deepEqual(await shop.violations(), [])
  })

  it('at once never come to more than the order costs', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder(1000)
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => partly(shop, order_id, '4.00')),
    )
    // Refused while another is on its way (409), or because only 2.00 is still owed by then (400).
    const refusals = answers.filter(({ status }) => status !== 201)
    const reasons = ['PAYMENT_IN_PROGRESS', 'PAYMENT_EXCEEDS_BALANCE']
    for (const { error } of refusals) assert.ok(reasons.includes(error.code), error.code)
    // One after the other: 4.00 fits twice, then 2.00 is owed.
    while ((await partly(shop, order_id, '4.00')).status === 201);
    assert.equal((await totalOf(shop, order_id)).total_paid, '8.00')
    assert.equal((await partly(shop, order_id, '2.00')).status, 201)
    assert.equal((await totalOf(shop, order_id)).balance, '0.00')
    assert.deepEqual(await shop.violations(), [])
  })
})

onEveryEngine('a held payment', (engine) => {
  it('is captured in several parts, and the remainder let go', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder(5990)
    const { data } = await shop.pay(order_id, 'pm_test_success', { capture: 'manual' })
    const path = `POST /api/v1/payments/${data.id}`
    const capture = (amount: string) => shop.ask(`${path}/capture`, { amount })

    assert.equal((await capture('20.00')).data.captured_amount, '20.00')
    assert.equal((await capture('10.00')).data.captured_amount, '30.00')
    const tooMuch = await capture('29.91')
    assert.deepEqual([tooMuch.status, tooMuch.error.details.available], [422, '29.90'])
    // Money that went back does not touch what is still held.
    assert.equal((await shop.ask(`${path}/refunds`, { amount: '5.00' })).status, 201)
    assert.equal((await capture('9.90')).data.captured_amount, '39.90')
    const rest = await shop.ask(`${path}/void`)
    assert.deepEqual([rest.status, rest.data.voided_amount], [200, '20.00'])

    assert.equal((await capture('0.01')).status, 409)
    const { captured_amount, voided_amount, refunded_amount, status } = await shop.payment(data.id)
    assert.deepEqual([captured_amount, voided_amount, refunded_amount], ['39.90', '20.00', '5.00'])
    assert.equal(status, 'partially_refunded')
    assert.equal((await totalOf(shop, order_id)).held_amount, '0.00')
    assert.deepEqual(await shop.violations(), [])
  })

  it('captured from many hands at once never gives more than was held', async () => {
    await using shop = await openShop(engine)
    const { data } = await shop.pay(shop.newOrder(1000), 'pm_test_success', { capture: 'manual' })
    const path = `POST /api/v1/payments/${data.id}/capture`
    await Promise.all(Array.from({ length: 10 }, () => shop.ask(path, { amount: '3.00' })))
    while ((await shop.ask(path, { amount: '3.00' })).status === 200);
    assert.equal((await shop.payment(data.id)).captured_amount, '9.00')
    assert.deepEqual(await shop.violations(), [])
  })
})
