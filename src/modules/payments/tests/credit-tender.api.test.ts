import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Actor } from '#platform/context'
import { admin, onEveryEngine } from '#testing'
import { openShop, type Shop } from './paying.ts'

const DAY_MS = 24 * 60 * 60 * 1000

async function made(shop: Shop, route: string, body: object): Promise<any> {
  const { status, data, error } = await shop.ask(route, body)
  assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
  return data
}
const newCard = (shop: Shop, initial_amount = '50.00', more: object = {}) =>
  made(shop, 'POST /api/v1/gift-cards', { initial_amount, currency: 'USD', ...more })
const leftOn = async (shop: Shop, { id }: { id: string }): Promise<string> =>
  (await shop.ask(`GET /api/v1/gift-cards/${id}`)).data.balance
const payBy = (shop: Shop, order_id: string, body: object, more: object = {}) =>
  shop.ask('POST /api/v1/payments', { order_id, payment_method: 'gift_card', ...body }, more)
const totalOf = async (shop: Shop, order_id: string) =>
  (await shop.ask(`GET /api/v1/payments/order/${order_id}/total`)).data

async function customerWith(shop: Shop, amount: string) {
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id } = await made(shop, 'POST /api/v1/customers', person)
  const grant = { customer_id: id, currency: 'USD', amount, reason: 'Sorry' }
  const account = await made(shop, 'POST /api/v1/store-credit/grants', grant)
  const as: Actor = { ...admin, id: `user:${id}`, customer_id: id, own_only: true }
  return { id, account, as }
}

onEveryEngine('a payment by gift card', (engine) => {
  it('takes what the order owes, remembers no code, and gives it back exactly', async () => {
    await using shop = await openShop(engine)
    const card = await newCard(shop, '100.00')
    const order_id = shop.newOrder(5990)
    const { status, data } = await payBy(shop, order_id, { code: card.code, amount: '59.90' })
    assert.equal(status, 201)
    assert.deepEqual(
      [data.status, data.payment_method, data.provider, data.captured_amount],
      ['succeeded', 'GiftCard', 'credit', '59.90'],
    )
    assert.equal(data.payment_method_id, card.id)
    assert.equal(await leftOn(shop, card), '40.10')
    for (const table of ['payments', 'payment_requests', 'payment_events', 'events']) {
      const text = JSON.stringify(await shop.rows(table))
      assert.ok(!text.includes(card.code), table)
    }
    const path = `POST /api/v1/payments/${data.id}/refunds`
    assert.equal((await shop.ask(path, { amount: '9.90' })).data.refund.status, 'succeeded')
    assert.equal(await leftOn(shop, card), '50.00')
    assert.equal((await shop.ask(path, { amount: '50.01' })).status, 422)
    assert.equal((await shop.ask(path, {})).status, 201)
    assert.equal(await leftOn(shop, card), '100.00')
    const { items } = (await shop.ask(`GET /api/v1/gift-cards/${card.id}/entries`)).data
    assert.deepEqual(
      items.map(({ kind, amount, order_id: of }: any) => [kind, amount, of]),
      [
        ['given_back', '50.00', order_id],
        ['given_back', '9.90', order_id],
        ['taken', '-59.90', order_id],
        ['issued', '100.00', null],
      ],
    )
    assert.deepEqual(await shop.violations(), [])
  })

  it('that covers a part leaves the rest to others', async () => {
    await using shop = await openShop(engine)
    const card = await newCard(shop, '20.00')
    const second = await newCard(shop, '15.00')
    const order_id = shop.newOrder(5990)
    const whole = await payBy(shop, order_id, { code: card.code, amount: '59.90' })
    assert.deepEqual([whole.status, whole.error.code], [422, 'CREDIT_INSUFFICIENT'])
    assert.equal(whole.error.details.available, '20.00')
    const part = await payBy(shop, order_id, { code: card.code })
    assert.deepEqual([part.status, part.data.amount], [201, '20.00'])
    const empty = await payBy(shop, order_id, { code: card.code })
    assert.deepEqual([empty.status, empty.error.code], [422, 'CREDIT_INSUFFICIENT'])
    const named = { code: second.code, amount: '10.00', partial: true }
    assert.equal((await payBy(shop, order_id, named)).data.amount, '10.00')
    assert.equal((await shop.pay(order_id, 'pm_test_success', { amount: '29.90' })).status, 201)
    assert.equal((await totalOf(shop, order_id)).balance, '0.00')
    assert.deepEqual([await leftOn(shop, card), await leftOn(shop, second)], ['0.00', '5.00'])
    const more = await payBy(shop, order_id, { code: second.code })
    assert.equal(more.error.code, 'ORDER_ALREADY_PAID')
    assert.deepEqual(await shop.violations(), [])
  })

  it('never takes more than the order owes', async () => {
    await using shop = await openShop(engine)
    const card = await newCard(shop, '100.00')
    const order_id = shop.newOrder(1000)
    const more = await payBy(shop, order_id, { code: card.code, amount: '10.01', partial: true })
    assert.equal(more.error.code, 'PAYMENT_EXCEEDS_BALANCE')
    assert.equal((await payBy(shop, order_id, { code: card.code })).data.amount, '10.00')
    assert.equal(await leftOn(shop, card), '90.00')
  })

  it('is held, captured in parts, and the rest let go', async () => {
    await using shop = await openShop(engine)
    const card = await newCard(shop, '50.00')
    const order_id = shop.newOrder(4000)
    const { data } = await payBy(shop, order_id, { code: card.code, capture: 'manual' })
    assert.deepEqual([data.status, await leftOn(shop, card)], ['authorized', '10.00'])
    const path = `POST /api/v1/payments/${data.id}`
    assert.equal((await shop.ask(`${path}/capture`, { amount: '25.00' })).status, 200)
    assert.equal(await leftOn(shop, card), '10.00')
    assert.equal((await shop.ask(`${path}/void`)).data.voided_amount, '15.00')
    assert.equal(await leftOn(shop, card), '25.00')
    assert.equal((await shop.ask(`${path}/refunds`, { amount: '25.00' })).status, 201)
    assert.equal(await leftOn(shop, card), '50.00')
    assert.deepEqual(await shop.violations(), [])
  })

  it('is refused where the card cannot pay, and nothing is written', async () => {
    await using shop = await openShop(engine)
    const order_id = shop.newOrder(1000)
    const euros = await newCard(shop, '20.00', { currency: 'EUR' })
    const stopped = await newCard(shop)
    await made(shop, `POST /api/v1/gift-cards/${stopped.id}/disable`, {})
    const over = await newCard(shop, '50.00', {
      expires_at: new Date(Date.now() + DAY_MS).toISOString(),
    })
    shop.pass(2 * DAY_MS)
    const cases: [object, number, string][] = [
      [{}, 400, 'VALIDATION_FAILED'],
      [{ code: 'ABCD-EFGH' }, 404, 'GIFT_CARD_CODE_UNKNOWN'],
      [{ code: euros.code }, 422, 'CREDIT_CURRENCY_MISMATCH'],
      [{ code: stopped.code }, 422, 'GIFT_CARD_DISABLED'],
      [{ code: over.code }, 422, 'GIFT_CARD_EXPIRED'],
    ]
    for (const [body, status, code] of cases) {
      const answer = await payBy(shop, order_id, body)
      assert.deepEqual([answer.status, answer.error.code], [status, code], JSON.stringify(body))
    }
    const card = await shop.ask('POST /api/v1/payments', {
      order_id,
      payment_method: 'credit_card',
    })
    assert.deepEqual([card.status, card.error.details.field], [400, 'amount'])
    assert.deepEqual(await shop.rows('payments'), [])
  })

  it('that comes back to a card which has expired meanwhile opens it for 90 days', async () => {
    await using shop = await openShop(engine)
    const expires_at = new Date(Date.now() + DAY_MS).toISOString()
    const card = await newCard(shop, '50.00', { expires_at })
    const { data } = await payBy(shop, shop.newOrder(3000), { code: card.code })
    shop.pass(2 * DAY_MS)
    assert.equal((await shop.ask(`POST /api/v1/payments/${data.id}/refunds`, {})).status, 201)
    const read = (await shop.ask(`GET /api/v1/gift-cards/${card.id}`)).data
    assert.equal(read.status, 'active')
    const days = (Date.parse(read.expires_at) - Date.now()) / DAY_MS
    assert.ok(days > 91 && days < 93)
    assert.equal((await shop.events()).at(-1), 'payment.refunded')
    assert.ok((await shop.events()).includes('gift_card.reopened'))
    assert.deepEqual(await shop.violations(), [])
  })
})

onEveryEngine('a payment by store credit', (engine) => {
  it('takes from the customer of the order, and goes back there', async () => {
    await using shop = await openShop(engine)
    const { id: customer_id, account, as } = await customerWith(shop, '30.00')
    const order_id = shop.newOrder(4500, { customer_id: customer_id as never })
    const by = { payment_method: 'store_credit' }
    const paid = await payBy(shop, order_id, by, { as })
    assert.deepEqual([paid.status, paid.data.amount], [201, '30.00'])
    assert.equal(paid.data.payment_method, 'StoreCredit')
    const rest = await payBy(shop, order_id, by, { as })
    assert.equal(rest.error.code, 'CREDIT_INSUFFICIENT')
    assert.equal((await shop.ask(`POST /api/v1/payments/${paid.data.id}/refunds`)).status, 201)
    const left = await shop.ask(`GET /api/v1/store-credit/${account.id}`)
    assert.equal(left.data.balance, '30.00')
    assert.deepEqual((await shop.events()).slice(-5), [
      'store_credit.granted',
      'store_credit.taken',
      'payment.captured',
      'store_credit.given_back',
      'payment.refunded',
    ])
    assert.deepEqual(await shop.violations(), [])
  })

  it('is refused to guests, and in another currency', async () => {
    await using shop = await openShop(engine)
    const { id: customer_id } = await customerWith(shop, '30.00')
    const by = { payment_method: 'store_credit' }
    const guest = await payBy(shop, shop.newOrder(1000), by)
    assert.deepEqual([guest.status, guest.error.code], [422, 'STORE_CREDIT_NONE'])
    const more = { currency: 'EUR', customer_id: customer_id as never }
    assert.equal((await payBy(shop, shop.newOrder(1000, more), by)).error.code, 'STORE_CREDIT_NONE')
  })
})
