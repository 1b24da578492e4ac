import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { giftCards, openShop, sellGiftCards } from './shop.ts'

const BOB = { email: 'bob@example.com', name: 'Bob', message: 'From all of us.' }
const GIFT = { product_id: 'GIFT-25', quantity: 2, gift_card_recipient: BOB }

onEveryEngine('gift cards in drafts', (engine) => {
  it('are issued once, when the offer is paid, whoever pays how often', async () => {
    await using shop = await openShop(engine)
    await sellGiftCards(shop)
    const own = { product_id: 'GIFT-25', quantity: 1 }
    const draft = await shop.draft({ lines: [GIFT, own], shipping_address: null })
    assert.deepEqual(draft.problems, [])
    assert.deepEqual(draft.lines[0].gift_card_recipient, BOB)
    const { token } = await shop.offer(draft.id)
    assert.equal((await shop.pay(token, 'pm_test_declined')).status, 402)
    assert.deepEqual(await giftCards(shop), [])
    const paid = await Promise.all(Array.from({ length: 4 }, () => shop.pay(token)))
    assert.ok(paid.some(({ status }) => status === 200))
    await shop.pay(token)
    const cards = (await giftCards(shop)).map((card) => [
      card.balance,
      card.recipient_email,
      card.recipient_name,
      card.message,
      card.customer_id,
    ])
    const bobs = ['25.00', BOB.email, BOB.name, BOB.message, null]
    const mine = ['25.00', null, null, null, shop.customer_id]
    assert.deepEqual(cards.toSorted(), [bobs, bobs, mine].toSorted())
    const { order_id } = (await shop.ask(`GET /api/v1/drafts/${draft.id}`)).data
    const { items } = await shop.order(order_id)
    assert.deepEqual(
      items.map((item: any) => item.gift_card_recipient),
      [BOB, null],
    )
    assert.deepEqual(await shop.violations(), [])
  })

  it('are issued when staff takes the money, and not before', async () => {
    await using shop = await openShop(engine)
    await sellGiftCards(shop)
    const draft = await shop.draft({ lines: [GIFT] })
    const path = `POST /api/v1/drafts/${draft.id}/complete`
    await shop.ask(path, { payment: 'pending' })
    assert.deepEqual(await giftCards(shop), [])
    const both = await Promise.all([
      shop.ask(path, { payment: 'paid' }),
      shop.ask(path, { payment: 'paid' }),
    ])
    assert.ok(both.every(({ status }) => status < 300))
    await shop.ask(path, { payment: 'paid' })
    assert.equal((await giftCards(shop)).length, 2)
    assert.deepEqual(await shop.violations(), [])
  })

  it('take part in no discount of the whole, and have a recipient alone', async () => {
    await using shop = await openShop(engine)
    await sellGiftCards(shop)
    const mug = { product_id: 'MUG', quantity: 2 }
    const discount = { percent: '20' }
    const draft = await shop.draft({ lines: [GIFT, mug], discount })
    assert.deepEqual([draft.subtotal, draft.discount_total], ['75.00', '5.00'])
    const less = await shop.draft({ lines: [{ ...GIFT, discount: { amount: '10.00' } }] })
    assert.equal(less.discount_total, '10.00')

    const lines = [{ ...mug, gift_card_recipient: BOB }]
    const { customer_id } = shop
    const refused = await shop.ask('POST /api/v1/drafts', { customer_id, lines })
    const field = 'lines.0.gift_card_recipient'
    assert.deepEqual([refused.status, refused.error.details.field], [400, field])
    const changed = await shop.ask(`PUT /api/v1/drafts/${draft.id}`, {
      lines: [{ ...GIFT, gift_card_recipient: { email: 'Cy@example.com' } }],
    })
    assert.equal(changed.data.lines[0].gift_card_recipient.email, 'cy@example.com')
    assert.deepEqual(await shop.violations(), [])
  })
})
