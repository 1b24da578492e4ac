import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { openShop, type Shop } from './paying.ts'

const crowd = <T>(many: number, call: (nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: many }, (_, nth) => call(nth)))

async function newCard(shop: Shop, initial_amount: string) {
  const { data } = await shop.ask('POST /api/v1/gift-cards', { initial_amount, currency: 'USD' })
  return data as { id: string; code: string }
}
const leftOn = async (shop: Shop, { id }: { id: string }): Promise<string> =>
  (await shop.ask(`GET /api/v1/gift-cards/${id}`)).data.balance

/** Refused before anything was written (422), or declined when the card was looked at (402). */
const REFUSED = new Set([402, 422])

onEveryEngine('one gift card', (engine) => {
  it('that many orders want at once is never overdrawn, and every order knows what it got', async () => {
    await using shop = await openShop(engine)
    const card = await newCard(shop, '50.00')
    const orders = Array.from({ length: 12 }, () => shop.newOrder(1200))
    const answers = await crowd(12, (nth) =>
      shop.ask('POST /api/v1/payments', {
        order_id: orders[nth],
        payment_method: 'gift_card',
        code: card.code,
        amount: '12.00',
      }),
    )
    for (const { status } of answers) assert.ok(status === 201 || REFUSED.has(status), `${status}`)
    const paid = answers.filter(({ status }) => status === 201)
    assert.equal(paid.length, 4)
    assert.equal(await leftOn(shop, card), '2.00')
    assert.deepEqual(await shop.violations(), [])
  })

  it('taken in parts by many orders at once is emptied to the cent', async () => {
    await using shop = await openShop(engine)
    const card = await newCard(shop, '50.00')
    const orders = Array.from({ length: 8 }, () => shop.newOrder(1200))
    const pay = (order_id: string | undefined) =>
      shop.ask('POST /api/v1/payments', {
        order_id,
        payment_method: 'gift_card',
        code: card.code,
      })
    const answers = await crowd(8, (nth) => pay(orders[nth]))
    for (const { status } of answers) assert.ok(status === 201 || REFUSED.has(status), `${status}`)
    // Whoever was told that less is left than they saw asks once more.
    for (const order_id of orders) await pay(order_id)
    assert.equal(await leftOn(shop, card), '0.00')
    const taken = (await shop.rows('payments')).reduce(
      (sum, { captured_amount }) => sum + Number(captured_amount),
      0,
    )
    assert.equal(taken, 5000)
    assert.deepEqual(await shop.violations(), [])
  })

  it('paid with by twins of one key pays once', async () => {
    await using shop = await openShop(engine)
    const card = await newCard(shop, '50.00')
    const order_id = shop.newOrder(1000)
    const headers = { 'idempotency-key': 'twins' }
    const body = { order_id, payment_method: 'gift_card', code: card.code }
    await crowd(6, () => shop.ask('POST /api/v1/payments', body, { headers }))
    const last = await shop.ask('POST /api/v1/payments', body, { headers })
    assert.equal(last.status, 201)
    assert.equal(await leftOn(shop, card), '40.00')
    assert.deepEqual(await shop.violations(), [])
  })

  it('stopped, topped up and refunded while it pays keeps every cent', async () => {
    await using shop = await openShop(engine)
    const card = await newCard(shop, '20.00')
    const first = shop.newOrder(500)
    const body = { order_id: first, payment_method: 'gift_card', code: card.code }
    const { data: payment } = await shop.ask('POST /api/v1/payments', body)
    const path = `POST /api/v1/gift-cards/${card.id}`
    const [refund, topUp, , ...paid] = await Promise.all([
      shop.ask(`POST /api/v1/payments/${payment.id}/refunds`, {}),
      shop.ask(`${path}/top-up`, { amount: '10.00' }),
      shop.ask(`${path}/disable`, {}),
      ...Array.from({ length: 5 }, () =>
        shop.ask('POST /api/v1/payments', { ...body, order_id: shop.newOrder(500) }),
      ),
    ])
    assert.equal(refund.status, 201)
    const went = paid.filter(({ status }) => status === 201).length * 5
    const came = topUp.status === 200 ? 10 : 0
    assert.equal(Number(await leftOn(shop, card)), 20 + came - went)
    assert.deepEqual(await shop.violations(), [])
  })
})
