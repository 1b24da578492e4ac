import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { type House, onEveryEngine, openHouse } from '#testing'
import { openCatcher, untilMails } from '../../notifications/tests/catcher.ts'
import { bought, cardAtCheckout, cardsOf, ONLY_CARDS, openGiftShop } from './gift-shop.ts'
import { type Buyer, complete, made, newGuest, ready } from './shopping.ts'

onEveryEngine('a gift card that is sold', (engine) => {
  it('needs no shipping, stock or tax, takes no discount, and is issued once a unit', async () => {
    await using house = await openHouse(engine)
    await openGiftShop(house)
    const promotion = { name: 'All', label: '20 %', code: 'ALL', kind: 'percent', percent: '20' }
    await made(house, 'POST /api/v1/promotions', { ...promotion, status: 'active' })
    const guest = await newGuest(house, { 'GIFT-25': 2, MUG: 2 }, { coupon_codes: ['ALL'] })
    const { cart } = (await guest.ask(`GET /api/v1/carts/${guest.cart_id}`)).data
    // A fifth of two mugs at 12.50, and the default tax of 8 % on what is left of them.
    assert.deepEqual([cart.discount_total, cart.subtotal], ['5.00', '75.00'])

    const { order, checkout, guest: buyer } = await bought(house, { 'GIFT-25': 2 }, ONLY_CARDS)
    assert.deepEqual([checkout.requires_shipping, checkout.step], [false, 'Payment'])
    assert.deepEqual([checkout.tax_total, checkout.total], ['0.00', '50.00'])
    assert.deepEqual([order.payment_status, order.taxes], ['paid', []])
    await Promise.all(Array.from({ length: 4 }, () => complete(buyer, checkout)))
    const cards = await cardsOf(house)
    assert.deepEqual(
      cards.map(({ balance, currency }) => `${balance} ${currency}`),
      ['25.00 USD', '25.00 USD'],
    )
    const days = (Date.parse(cards[0].expires_at) - Date.now()) / 86_400_000
    assert.ok(days > 729 && days <= 730, `it pays for ${days} days`)

    const mixed = await bought(house, { 'GIFT-50': 1, TEA: 1 })
    // Only the tea is taxed.
    const taxed = mixed.order.taxes.filter(({ amount }: any) => Number(amount) > 0)
    assert.deepEqual(
      taxed.map(({ taxable_amount }: any) => taxable_amount),
      ['4.00'],
    )
    assert.equal((await cardsOf(house)).length, 3)
    await isNotIssuedBeforeItIsPaid(house)
    await goesBackWithItsUnits(house)
    await goesBackWithItsOrder(house)
    await followsChanges(house)
    assert.deepEqual(await house.violations(), [])
  })

  async function isNotIssuedBeforeItIsPaid(house: House) {
    const before = (await cardsOf(house)).length
    const guest = await newGuest(house, { 'GIFT-25': 1 })
    const checkout = await ready(guest, 'pm_test_declined', ONLY_CARDS)
    assert.equal((await complete(guest, checkout)).status, 402)
    assert.equal((await cardsOf(house)).length, before)
    const done = await complete(guest, checkout, { payment_token: 'pm_test_success' })
    assert.equal(done.status, 201)
    assert.equal((await cardsOf(house)).length, before + 1)
  }

  const spend = async (house: House, card: any, sku: string) => {
    const { code } = await made(house, `POST /api/v1/gift-cards/${card.id}/code`, {})
    const guest = await newGuest(house, { [sku]: 1 })
    const checkout = await ready(guest)
    const applied = await guest.ask(`POST /api/v1/checkout/${checkout.id}/gift-cards`, { code })
    assert.equal(applied.status, 200, JSON.stringify(applied.body))
    assert.equal((await complete(guest, checkout)).status, 201)
  }

  async function goesBackWithItsUnits(house: House) {
    const { order } = await bought(house, { 'GIFT-50': 2 }, ONLY_CARDS)
    const [first, second] = await cardsOf(house)
    const path = `POST /api/v1/orders/${order.id}/refund`
    const items = [{ item_id: order.items[0].id, quantity: 1 }]
    const one = await house.ask(path, { items })
    assert.deepEqual([one.status, one.data.amount], [201, '50.00'])
    const now = async () => [
      (await house.ask(`GET /api/v1/gift-cards/${first.id}`)).data.balance,
      (await house.ask(`GET /api/v1/gift-cards/${second.id}`)).data.balance,
    ]
    assert.deepEqual((await now()).toSorted(), ['0.00', '50.00'])
    const left = (await now())[0] === '50.00' ? first : second
    await spend(house, left, 'TEA')
    const refused = await house.ask(path, { items })
    assert.deepEqual([refused.status, refused.error.code], [409, 'ORDER_GIFT_CARD_SPENT'])
    const cancelled = await house.ask(`POST /api/v1/orders/${order.id}/cancel`, {})
    assert.equal(cancelled.error.code, 'ORDER_GIFT_CARD_SPENT')
    assert.equal((await house.ask(`GET /api/v1/orders/${order.id}`)).data.status, 'confirmed')
  }

  it('is either spent or given back, when both are tried at once', async () => {
    await using house = await openHouse(engine)
    await openGiftShop(house)
    for (let round = 0; round < 3; round++) {
      const { order, spend } = await cardAtCheckout(house)
      const [refund, spent] = await Promise.all([
        house.ask(`POST /api/v1/orders/${order.id}/refund`, {}),
        spend(),
      ])
      const ended = `${refund.status} ${spent.status}`
      assert.ok(['201 409', '409 201'].includes(ended), ended)
      assert.deepEqual(await house.violations(), [])
    }
  })

  async function goesBackWithItsOrder(house: House) {
    const { order } = await bought(house, { 'GIFT-25': 3 }, ONLY_CARDS)
    const [newest] = await cardsOf(house)
    await made(house, `POST /api/v1/orders/${order.id}/cancel`, {})
    assert.equal((await house.ask(`GET /api/v1/gift-cards/${newest.id}`)).data.balance, '0.00')
  }

  async function followsChanges(house: House) {
    const { order } = await bought(house, { 'GIFT-25': 2 }, ONLY_CARDS)
    const before = (await cardsOf(house)).length
    const path = `POST /api/v1/orders/${order.id}/changes`
    const change = async (action: object) => {
      const set = await made(house, path, { actions: [action] })
      return made(house, `${path}/${set.id}/apply`, {})
    }
    const more = { action: 'set_quantity', item_id: order.items[0].id, quantity: 3 }
    await change(more)
    assert.equal((await cardsOf(house)).length, before, 'it is not paid yet')
    const pay = { order_id: order.id, amount: '25.00', payment_method: 'credit_card' }
    await made(house, 'POST /api/v1/payments', pay)
    assert.equal((await cardsOf(house)).length, before + 1)
    await change({ ...more, quantity: 1 })
    const good = (await cardsOf(house, true)).slice(0, 3).filter((balance) => balance === '25.00')
    assert.equal(good.length, 1)
  }

  it('is told to its buyer alone, by one mail', async () => {
    await using catcher = await openCatcher()
    const mail_from = 'Shop <orders@shop.example>'
    const settings = { smtp_url: catcher.url, mail_from, outbox_poll_interval_ms: 20 }
    await using house = await openHouse(engine, { settings, background: true })
    await openGiftShop(house)
    const { order } = await bought(house, { 'GIFT-25': 2 }, ONLY_CARDS)
    await untilMails(house, 'kind=gift_card&status=sent', 2)
    const mails = catcher.mails.filter(({ subject }) => subject?.includes('gift card'))
    assert.equal(mails.length, 2)
    const codes = mails.map(({ text }) => /([0-9A-Z]{4}-){3}[0-9A-Z]{4}/.exec(text ?? '')?.[0])
    assert.equal(new Set(codes).size, 2)
    for (const code of codes) {
      const { data } = await house.ask('POST /api/v1/gift-cards/balance', { code })
      assert.equal(data.balance, '25.00')
    }
    await isWrittenNowhere(house, codes as string[], order)
    await isSentAgainWithAnother(house, codes as string[])
    assert.deepEqual(await house.violations(), [])
  })

  async function isWrittenNowhere(house: House, codes: string[], order: any) {
    const { data: list } = await house.ask('GET /api/v1/notifications?kind=gift_card')
    const { data: mail } = await house.ask(`GET /api/v1/notifications/${list.items[0].id}`)
    const cards = await house.ask('GET /api/v1/gift-cards')
    const tables = ['events', 'jobs', 'mails', 'gift_cards']
    const stored = await house.database.read(({ kysely }) =>
      Promise.all(
        tables.map(
          async (table) => (await sql`select * from ${sql.table(table)}`.execute(kysely)).rows,
        ),
      ),
    )
    const told = JSON.stringify([list, mail, cards.body, order, stored])
    for (const code of codes) assert.ok(!told.includes(code), 'a code is told to others')
    assert.equal(list.items.length, 2)
  }

  async function isSentAgainWithAnother(house: House, codes: string[]) {
    const { data } = await house.ask('GET /api/v1/notifications?kind=gift_card')
    await made(house, `POST /api/v1/notifications/${data.items[0].id}/send`, {})
    const wrong = await Promise.all(
      codes.map((code) => house.ask('POST /api/v1/gift-cards/balance', { code })),
    )
    assert.deepEqual(wrong.map(({ status }) => status).toSorted(), [200, 404])
  }

  it('can be read in its kept mail where no mail server is set, and pays a checkout', async () => {
    await using house = await openHouse(engine, {
      background: true,
      settings: { outbox_poll_interval_ms: 20 },
    })
    await openGiftShop(house)
    await bought(house, { 'GIFT-50': 1 }, ONLY_CARDS)
    const [kept] = await untilMails(house, 'kind=gift_card&status=kept')
    const { data: mail } = await house.ask(`GET /api/v1/notifications/${kept.id}`)
    const code = /([0-9A-Z]{4}-){3}[0-9A-Z]{4}/.exec(mail.text)?.[0]
    assert.ok(code, mail.text)
    assert.ok(mail.html.includes(code))
    const guest: Buyer = await newGuest(house, { MUG: 1 })
    const checkout = await ready(guest)
    const applied = await guest.ask(`POST /api/v1/checkout/${checkout.id}/gift-cards`, { code })
    assert.equal(applied.data.amount_due, '0.00')
    assert.equal((await complete(guest, checkout)).status, 201)
    assert.deepEqual(await house.violations(), [])
  })
})
