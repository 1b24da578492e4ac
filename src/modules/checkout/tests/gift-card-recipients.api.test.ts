import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { carryOver, findCart } from '#modules/carts'
import { transactAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { openCatcher, untilMails } from '../../notifications/tests/catcher.ts'
import { cardsOf, ONLY_CARDS, openGiftShop } from './gift-shop.ts'
import {
  type Buyer,
  complete,
  made,
  newBuyer,
  newCustomer,
  newGuest,
  ready,
  shopper,
} from './shopping.ts'

const BOB = { email: 'Bob@Example.com', name: 'Bob', message: 'Happy birthday!\nSee you soon.' }
const BOB_TOLD = { ...BOB, email: 'bob@example.com' }
const KEPT_IN = ['order_line_recipients', 'gift_cards', 'mails', 'events']
const CODE = /([0-9A-Z]{4}-){3}[0-9A-Z]{4}/

const put = (buyer: Buyer, item: object) =>
  buyer.ask(`POST /api/v1/carts/${buyer.cart_id}/items`, item)

/** A guest with a gift card for Bob, and one for Cy. */
async function giver(house: House, lines: Record<string, number> = {}): Promise<Buyer> {
  const guest = await newGuest(house, lines)
  const first = { sku: 'GIFT-25', quantity: 1, gift_card_recipient: BOB }
  assert.equal((await put(guest, first)).status, 200)
  const cy = { sku: 'GIFT-25', quantity: 2, gift_card_recipient: { email: 'cy@example.com' } }
  assert.equal((await put(guest, cy)).status, 200)
  return guest
}

const itemsOf = async ({ ask, cart_id }: Buyer): Promise<any[]> =>
  (await ask(`GET /api/v1/carts/${cart_id}`)).data.items

const ordered = async (house: House, buyer: Buyer) => {
  const done = await complete(buyer, await ready(buyer, undefined, ONLY_CARDS))
  assert.equal(done.status, 201, JSON.stringify(done.body))
  return (await house.ask(`GET /api/v1/orders/${done.data.order_id}`)).data
}

const told = (items: any[]) =>
  items.map(({ quantity, gift_card_recipient: to }) => `${quantity} ${to?.email ?? 'buyer'}`)

onEveryEngine('a gift card for somebody else', (engine) => {
  it('stands on a line of its own for each recipient, and only gift cards have one', async () => {
    await using house = await openHouse(engine)
    await openGiftShop(house)
    const guest = await giver(house, { MUG: 1, 'GIFT-25': 1 })
    await put(guest, { sku: 'GIFT-25', quantity: 1, gift_card_recipient: { email: BOB.email } })
    const items = await itemsOf(guest)
    const gifts = ['1 buyer', '1 buyer', '2 bob@example.com', '2 cy@example.com']
    assert.deepEqual(told(items).toSorted(), gifts)
    const bobs = items.find((item) => item.gift_card_recipient?.name === 'Bob')
    assert.deepEqual(bobs.gift_card_recipient, BOB_TOLD)

    const mug = { sku: 'MUG', quantity: 1, gift_card_recipient: BOB }
    const refused = await put(guest, mug)
    assert.deepEqual([refused.status, refused.error.details.field], [400, 'gift_card_recipient'])
    const nobody = { sku: 'GIFT-25', quantity: 1, gift_card_recipient: { email: 'nobody' } }
    assert.equal((await put(guest, nobody)).status, 400)
    await isChanged(guest, bobs)
    assert.deepEqual(await house.violations(), [])
  })

  async function isChanged(guest: Buyer, { id }: { id: string }) {
    const path = `PUT /api/v1/carts/${guest.cart_id}/items/${id}`
    const taken = { quantity: 1, gift_card_recipient: { email: 'CY@example.com' } }
    const same = await guest.ask(path, taken)
    assert.deepEqual([same.status, same.error.details.field], [400, 'gift_card_recipient'])
    const corrected = { quantity: 3, gift_card_recipient: { email: 'bo@example.com' } }
    assert.equal((await guest.ask(path, corrected)).status, 200)
    assert.equal((await guest.ask(path, { quantity: 2 })).status, 200)
    assert.ok(told(await itemsOf(guest)).includes('2 bo@example.com'))
  }

  it('keeps its recipient when carts are merged, and when the same is put in at once', async () => {
    await using house = await openHouse(engine)
    await openGiftShop(house)
    const guest = await giver(house)
    const bob = { sku: 'GIFT-25', quantity: 1, gift_card_recipient: BOB }
    const all = await Promise.all(Array.from({ length: 4 }, () => put(guest, bob)))
    assert.deepEqual([...new Set(all.map(({ status }) => status))], [200])
    const customer_id = await newCustomer(house)
    const own = await newBuyer(house, customer_id, { 'GIFT-25': 1 })
    await put(own, bob)
    const { session_id } = guest
    const merged = await house.ask(
      'POST /api/v1/carts/merge',
      { id: own.cart_id, session_id },
      { as: shopper(customer_id) },
    )
    assert.equal(merged.status, 200, JSON.stringify(merged.body))
    const lines = ['1 buyer', '2 cy@example.com', '6 bob@example.com']
    assert.deepEqual(told(merged.data.items).toSorted(), lines)
    const order = await ordered(house, own)
    assert.deepEqual(told(order.items).toSorted(), lines)
    const cards = await cardsOf(house)
    const mine = cards.filter((card) => card.customer_id === customer_id)
    assert.deepEqual([cards.length, mine.length, mine[0].recipient_email], [9, 1, null])
    const seen = await house.ask('GET /api/v1/gift-cards', undefined, {
      as: shopper(customer_id),
    })
    assert.ok(seen.status === 403 || seen.data.items.length === 1, 'a buyer sees what they gave')
    assert.deepEqual(await house.violations(), [])
  })

  it('is mailed to its recipient, and the buyer is told that it was, not the code', async () => {
    await using catcher = await openCatcher()
    const mail_from = 'Shop <orders@shop.example>'
    const settings = { smtp_url: catcher.url, mail_from, outbox_poll_interval_ms: 20 }
    await using house = await openHouse(engine, { settings, background: true })
    await openGiftShop(house)
    const order = await ordered(house, await giver(house))
    assert.deepEqual(order.items[0].gift_card_recipient, BOB_TOLD)
    await untilMails(house, 'kind=gift_card&status=sent', 3)
    await untilMails(house, 'kind=order_confirmed&status=sent', 1)
    const to = (mail: any): string => mail.to.value[0].address
    const gifts = catcher.mails.filter(({ subject }) => subject === 'A gift card for you')
    assert.deepEqual(gifts.map(to).toSorted(), [
      'bob@example.com',
      'cy@example.com',
      'cy@example.com',
    ])
    const bobs = gifts.find((mail) => to(mail) === 'bob@example.com')
    assert.match(bobs?.text ?? '', /Hello Bob,[\s\S]*Happy birthday!\s+See you soon\./)
    assert.ok(!bobs?.text?.includes(order.order_number), 'a recipient is told of the order')
    const codes = gifts.map(({ text }) => CODE.exec(text ?? '')?.[0] as string)
    const { data } = await house.ask('POST /api/v1/gift-cards/balance', { code: codes[0] })
    assert.equal(data.balance, '25.00')
    const buyers = catcher.mails.filter((mail) => to(mail) === 'guest@example.com')
    const read = buyers.map(({ text, html }) => `${text} ${html}`).join()
    assert.match(read, /We have sent 2 × [\s\S]*to cy@example\.com by e-mail/)
    for (const code of codes) assert.ok(!read.includes(code), 'the buyer is told the code')
    await isSentToTheCorrected(house, catcher.mails)
    assert.deepEqual(await house.violations(), [])
  })

  async function isSentToTheCorrected(house: House, mails: readonly any[]) {
    const { data } = await house.ask('GET /api/v1/notifications?kind=gift_card')
    const bobs = data.items.find((mail: any) => mail.to.includes('bob@'))
    const card = (await cardsOf(house)).find(({ recipient_name }) => recipient_name === 'Bob')
    const recipient_email = 'robert@example.com'
    const { status } = await house.ask(`PUT /api/v1/gift-cards/${card.id}`, { recipient_email })
    assert.equal(status, 200)
    await made(house, `POST /api/v1/notifications/${bobs.id}/send`, {})
    await untilMails(house, 'kind=gift_card&status=sent', 3)
    assert.equal(mails.at(-1)?.to.value[0].address, recipient_email)
  }

  it('goes along when an unpaid order is split or merged', async () => {
    await using house = await openHouse(engine)
    await openGiftShop(house)
    const customer_id = await newCustomer(house)
    const unpaid = async () => {
      const buyer = await newBuyer(house, customer_id, { MUG: 1 })
      const gift = { sku: 'GIFT-25', quantity: 2, gift_card_recipient: BOB }
      assert.equal((await put(buyer, gift)).status, 200)
      assert.equal((await complete(buyer, await ready(buyer, 'pm_test_declined'))).status, 402)
      const { data } = await house.ask('GET /api/v1/orders?limit=1&include_items=true')
      return data.items[0]
    }
    const [one, two] = [await unpaid(), await unpaid()]
    const gift = one.items.find((item: any) => item.gift_card_recipient)
    const units = [{ item_id: gift.id, quantity: 1 }]
    const split = await made(house, `POST /api/v1/orders/${one.id}/split`, { items: units })
    assert.deepEqual(told(split.new_order.items), ['1 bob@example.com'])
    assert.deepEqual(split.new_order.items[0].gift_card_recipient, BOB_TOLD)
    const into = `POST /api/v1/orders/${split.order.id}/merge`
    const orders = [two.id, split.new_order.id]
    const merged = await made(house, into, { orders, address_of: split.order.id })
    const gifts = told(merged.items).filter((text) => text.includes('bob'))
    assert.deepEqual(gifts.toSorted(), [
      '1 bob@example.com',
      '1 bob@example.com',
      '2 bob@example.com',
    ])
    const balance = { order_id: merged.id, amount: merged.total_amount, payment_method: 'cash' }
    await made(house, 'POST /api/v1/payments', balance)
    const cards = await cardsOf(house)
    assert.deepEqual(
      cards.map((card) => card.recipient_email),
      Array.from({ length: 4 }, () => 'bob@example.com'),
    )
    assert.deepEqual(await house.violations(), [])
  })

  it('is exported to its buyer and its recipient, and forgotten when either is erased', async () => {
    await using house = await openHouse(engine, {
      background: true,
      settings: { outbox_poll_interval_ms: 20 },
    })
    await openGiftShop(house)
    const [ada, bob] = [await newCustomer(house), await newCustomer(house, 'bob@example.com')]
    const buyer = await newBuyer(house, ada, {})
    await put(buyer, { sku: 'GIFT-25', quantity: 1, gift_card_recipient: BOB })
    await put(buyer, {
      sku: 'GIFT-50',
      quantity: 1,
      gift_card_recipient: { email: 'cy@x.example' },
    })
    const order = await ordered(house, buyer)
    await untilMails(house, 'kind=gift_card', 2)
    await untilMails(house, 'kind=order_confirmed', 1)
    const left = await newBuyer(house, await newCustomer(house, 'di@example.com'), {})
    await put(left, { sku: 'GIFT-25', quantity: 1, gift_card_recipient: BOB })
    const exported = async (id: string) =>
      (await house.ask(`GET /api/v1/customers/${id}/export`)).data.others
    const adas = await exported(ada)
    assert.deepEqual(adas.orders[0].items[0].gift_card_recipient, BOB_TOLD)
    assert.equal(adas.carts[0].items[0].recipient_email, 'bob@example.com')
    const [received] = (await exported(bob)).gift_cards_received
    assert.deepEqual(
      [received.recipient_email, received.recipient_name, received.initial_amount],
      ['bob@example.com', 'Bob', '25.00'],
    )
    assert.ok(!JSON.stringify(received).includes('birthday'), 'it is the words of another')
    const erase = async (id: string) => {
      const { status, body } = await house.ask(`POST /api/v1/customers/${id}/erase`, {})
      assert.ok(status < 300, JSON.stringify(body))
    }
    await erase(bob)
    await isNowhere(house, 'bob@example.com')
    await isNowhere(house, 'birthday')
    assert.equal((await house.ask(`GET /api/v1/orders/${order.id}`)).data.items.length, 2)
    await made(house, `POST /api/v1/orders/${order.id}/cancel`, {})
    await erase(ada)
    await isNowhere(house, 'cy@x.example')
    assert.deepEqual(await house.violations(), [])
  })

  async function isNowhere(house: House, text: string) {
    for (const table of ['cart_lines', 'draft_lines', ...KEPT_IN]) {
      const all = sql`select * from ${sql.table(table)}`
      const { rows } = await house.database.read(({ kysely }) => all.execute(kysely))
      assert.ok(!JSON.stringify(rows).includes(text), `${text} is still known to ${table}`)
    }
  }

  it('is carried over alone when it came into the cart after the others were paid', async () => {
    await using house = await openHouse(engine)
    await openGiftShop(house)
    const guest = await giver(house)
    const [first] = await itemsOf(guest)
    const { cart_id: id, session_id } = guest
    const carry = (units: number) =>
      transactAsSystem(house.app, async (ctx) => {
        const actor = { ...ctx.actor, own_only: false }
        const stored = await findCart({ ...ctx, actor }, { id: id as never, session_id })
        await carryOver(ctx, stored, new Map([[first.variant_id, units]]))
      })
    const carts = async () => (await guest.ask('GET /api/v1/carts')).data.items
    await carry(3)
    assert.equal((await carts()).length, 1)
    await carry(2)
    const [fresh] = await carts()
    const { data } = await guest.ask(`GET /api/v1/carts/${fresh.id}`)
    assert.deepEqual(told(data.items), ['1 cy@example.com'])
    assert.deepEqual(await house.violations(), [])
  })
})
