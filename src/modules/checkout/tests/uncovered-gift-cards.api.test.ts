import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { type DisputeState, paymentsOfOrder } from '#modules/payments'
import { transactAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { keepDispute } from '../../payments/disputes.ts'
import { bought, cardAtCheckout, cardsOf, ONLY_CARDS, openGiftShop } from './gift-shop.ts'
import { made } from './shopping.ts'

/** What was told of cards whose money went back. */
async function told(house: House): Promise<any[]> {
  const { rows } = await house.database.read(({ kysely }) =>
    sql<{ payload: any }>`select payload from events
      where name = 'order.gift_cards_uncovered' order by occurred_at`.execute(kysely),
  )
  return rows.map(({ payload }) => (typeof payload === 'string' ? JSON.parse(payload) : payload))
}

/** What the provider says of a dispute about the payment of an order, under the order's lock. */
const disputed = (house: House, order: { id: string }, status: DisputeState, second = 0) =>
  transactAsSystem(
    house.app,
    async (ctx) => {
      const [payment] = await paymentsOfOrder(ctx, { order_id: order.id as never })
      if (!payment) throw new Error('nobody has paid')
      const opened_at = new Date(Date.parse(ctx.now)).toISOString()
      await keepDispute(ctx, payment, {
        ref: `dp_${order.id}`,
        payment_ref: payment.provider_ref ?? '',
        status,
        amount: payment.amount,
        currency: payment.currency,
        reason: 'fraudulent',
        evidence_due_at: null,
        occurred_at: new Date(Date.parse(opened_at) + second * 1000).toISOString(),
        opened_at,
      })
    },
    'read committed',
  )

onEveryEngine('gift cards whose money went back', (engine) => {
  it('are disabled when the dispute about it is lost, and staff can enable them', async () => {
    await using house = await openHouse(engine)
    await openGiftShop(house)
    const { order: other } = await bought(house, { 'GIFT-25': 1 }, ONLY_CARDS)
    const { order } = await bought(house, { 'GIFT-25': 2, MUG: 1 })
    await disputed(house, order, 'needs_response')
    await disputed(house, order, 'under_review', 1)
    const list = async (of: { id: string }) => {
      const { data } = await house.ask(`GET /api/v1/gift-cards?order_id=${of.id}`)
      return data.items.map(({ status, balance }: any) => `${status} ${balance}`)
    }
    assert.deepEqual(await list(order), ['active 25.00', 'active 25.00'])
    assert.deepEqual(await told(house), [])

    await disputed(house, order, 'lost', 2)
    assert.deepEqual(await list(order), ['disabled 25.00', 'disabled 25.00'])
    assert.deepEqual(await list(other), ['active 25.00'])
    const [event] = await told(house)
    const { because, issued_amount, usable_amount, account_ids } = event
    assert.deepEqual(
      [because, issued_amount, usable_amount, account_ids.length],
      ['dispute', 5000, 0, 2],
    )
    const [card] = (await house.ask(`GET /api/v1/gift-cards?order_id=${order.id}`)).data.items
    await made(house, `POST /api/v1/gift-cards/${card.id}/enable`, {})
    await disputed(house, order, 'lost', 2)
    assert.ok((await list(order)).includes('active 25.00'), 'the same news disables it again')
    // What is disabled is off the card all the same when its unit is given back.
    await made(house, `POST /api/v1/orders/${order.id}/cancel`, {})
    assert.deepEqual((await list(order)).toSorted(), ['active 0.00', 'disabled 0.00'])
    assert.deepEqual(await house.violations(), [])
  })

  it('stay as they are where the setting says so, and staff is told what can be spent', async () => {
    const settings = { disable_gift_cards_on_lost_dispute: false }
    await using house = await openHouse(engine, { settings })
    await openGiftShop(house)
    const { order } = await bought(house, { 'GIFT-25': 2 }, ONLY_CARDS)
    await disputed(house, order, 'lost')
    const [event] = await told(house)
    assert.deepEqual([event.because, event.usable_amount], ['dispute', 5000])
    assert.ok((await cardsOf(house)).every(({ status }) => status === 'active'))
    assert.deepEqual(await house.violations(), [])
  })

  it('are either spent or disabled, when both happen at once', async () => {
    await using house = await openHouse(engine)
    await openGiftShop(house)
    for (let round = 0; round < 3; round++) {
      const { order, card, spend } = await cardAtCheckout(house)
      const [spent] = await Promise.all([spend(), disputed(house, order, 'lost')])
      const { data } = await house.ask(`GET /api/v1/gift-cards/${card.id}`)
      const ended = `${spent.status} ${data.status} ${data.balance}`
      assert.ok(['201 active 0.00', '409 disabled 25.00'].includes(ended), ended)
      assert.deepEqual(await house.violations(), [])
    }
  })

  it('are told of when an amount is refunded that they were paid with, and only then', async () => {
    await using house = await openHouse(engine)
    await openGiftShop(house)
    const { order } = await bought(house, { 'GIFT-25': 2, MUG: 1 })
    const [payment] = (await house.ask(`GET /api/v1/payments/order/${order.id}`)).data
    const refund = (amount: string) =>
      made(house, `POST /api/v1/payments/${payment.id}/refunds`, { amount })
    await refund('5.00')
    assert.deepEqual(await told(house), [], 'what is left pays for both')
    const items = [{ item_id: order.items.find((item: any) => item.sku === 'GIFT-25').id }]
    const units = items.map((item) => ({ ...item, quantity: 1 }))
    await made(house, `POST /api/v1/orders/${order.id}/refund`, { items: units })
    assert.deepEqual(await told(house), [], 'its unit was given back')
    const left = Number(order.total_amount) - 5 - 25
    await refund((left - 20).toFixed(2))
    const [event] = await told(house)
    const { because, issued_amount, usable_amount, account_ids } = event
    assert.deepEqual(
      [because, issued_amount, usable_amount, account_ids.length],
      ['refund', 2500, 2500, 1],
    )
    const statuses = (await cardsOf(house)).map(({ status }) => status)
    assert.deepEqual([...new Set(statuses)], ['active'], 'a goodwill amount disables nothing')
    assert.deepEqual(await house.violations(), [])
  })

  it('are told of by nothing that gives their units back', async () => {
    await using house = await openHouse(engine)
    await openGiftShop(house)
    const { order } = await bought(house, { 'GIFT-50': 1, TEA: 1 })
    await made(house, `POST /api/v1/orders/${order.id}/cancel`, {})
    const { order: whole } = await bought(house, { 'GIFT-50': 1 }, ONLY_CARDS)
    await made(house, `POST /api/v1/orders/${whole.id}/refund`, {})
    assert.deepEqual(await told(house), [])
    assert.deepEqual(await house.violations(), [])
  })
})
