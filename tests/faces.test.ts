import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import {
  asking,
  goOn,
  newShopper,
  openShop,
  providerOf,
  SESSION,
  SIGNED,
} from '../src/faces/shop/tests/shopping.ts'
import { keptOf, loseWebhooks, nextOpen } from '../src/modules/checkout/tests/hosted.ts'
import { movableClock } from '../src/modules/checkout/tests/shopping.ts'
import { buyers } from './faces/buyers.ts'
import { readEverywhere, stockEverywhere } from './faces/readers.ts'
import { type Bought, openStage, type Stage, UNITS } from './faces/stage.ts'

// Goal: one house behind all faces. Method: something is bought through each, and read through
// every other: sums, stock and states must be the same in all their spellings.

onEveryEngine('the faces', (engine) => {
  it('agree on every order, its money and the stock, whoever it was bought through', async () => {
    await using stage = await openStage(engine)
    const { house, cli } = stage
    let left = UNITS
    const orders: [string, Bought][] = []
    for (const [face, buy] of Object.entries(buyers)) {
      const bought = await buy(stage)
      left -= bought.units
      orders.push([face, bought])
      await readEverywhere(stage, bought, { face, state: 'paid' })
      await stockEverywhere(stage, face, left)
    }
    assert.equal(orders.length, 10)
    assert.equal((await house.ask('GET /api/v1/orders')).data.total, orders.length)
    await cancelledEverywhere(stage, orders, left)
    const audited = await cli.run(['doctor'])
    assert.equal(audited.code, 0, audited.said)
  })

  /** One of them is cancelled through one face, and all others tell it. */
  async function cancelledEverywhere(stage: Stage, orders: [string, Bought][], left: number) {
    const { ucp } = Object.fromEntries(orders) as Record<string, Bought>
    assert.ok(ucp)
    const { house, staff } = stage
    await staff.told('cancel_order', { order: ucp.order_id, reason: 'by mistake', confirm: true })
    await goOn(house)
    await readEverywhere(stage, ucp, { face: 'ucp', state: 'cancelled' })
    assert.deepEqual(await ucp.again?.(), [ucp.total, 'removed'])
    await stockEverywhere(stage, 'a cancellation', left + ucp.units)
  }

  it('take one cart through two of them, at one total in three spellings', async () => {
    await using house = await openHouse(engine, { settings: SIGNED })
    await openShop(house)
    const ada = await newShopper(house)
    const shop = asking(house, ada)
    const { body } = await shop('POST /api/cart/items', { product_id: 'ROSE', quantity: 2 })
    const session = await shop('POST /api/checkout/session', SESSION)
    const { data: carts } = await house.ask('GET /api/v1/carts?status=Converting', undefined, {
      as: ada,
    })
    const [cart] = carts.items
    const { body: page } = await shop(`GET /api/checkout/session/${session.body.session_id}`)
    assert.deepEqual([body.cart.total, page.amount_total, cart.total], [674.98, 67498, '674.98'])

    // The rest of it at the canonical checkout: the page of the provider is closed by that.
    const address = {
      first_name: 'Ada',
      last_name: 'Brook',
      address_line_1: '12 Harbour Street',
      city: 'Portland',
      province: 'ME',
      postal_code: '04101',
      country_code: 'US',
    }
    const { data: checkout } = await house.ask(
      'POST /api/v1/checkout',
      { cart_id: cart.id, shipping_address: address, shipping_method: 'flat' },
      { as: ada },
    )
    const done = await house.ask(
      `POST /api/v1/checkout/${checkout.id}/complete`,
      { payment_method: 'CreditCard', payment_token: 'pm_test_success' },
      { as: ada, headers: { 'idempotency-key': randomUUID() } },
    )
    assert.equal(done.status, 201, JSON.stringify(done.body))
    await goOn(house)

    assert.equal(done.data.total, '674.98')
    const { body: closed } = await shop(`GET /api/checkout/session/${session.body.session_id}`)
    assert.deepEqual([closed.status, closed.payment_status], ['expired', 'unpaid'])
    assert.deepEqual((await shop('GET /api/cart')).body.items, [])
    assert.deepEqual(await house.violations(), [])
  })
})

type Story = {
  shop: ReturnType<typeof asking>
  house: House
  pass: (minutes: number) => void
}
/** A page that could be opened; it is asked for until it is. */
async function openPage({ shop }: Story): Promise<string> {
  for (let nth = 0; nth < 3; nth++) {
    const { status, body } = await shop('POST /api/checkout/session', SESSION)
    if (status === 200) return body.session_id
    assert.equal(status, 503, JSON.stringify(body))
  }
  throw new Error('no page was opened')
}

/** What can go wrong while money moves, and whether there is an order in the end. */
const failures: [string, (story: Story) => Promise<boolean>][] = [
  [
    'the payer completes twice, and the news come from all sides',
    async (story) => {
      const page = await openPage(story)
      const { house } = story
      const pays = () => providerOf(house).completeHosted(page, 'paid', { twice: true })
      await Promise.all([pays(), pays(), goOn(house), goOn(house)])
      return true
    },
  ],
  [
    'the webhook comes before the answer',
    async (story) => {
      nextOpen(story.house, async (open) => {
        const hosted = await open()
        await providerOf(story.house).completeHosted(hosted.ref, 'paid')
        return hosted
      })
      await openPage(story)
      return true
    },
  ],
  [
    'the answer is lost',
    async (story) => {
      nextOpen(story.house, async (open) => {
        await open()
        throw new Error('lost')
      })
      await providerOf(story.house).completeHosted(await openPage(story), 'paid')
      return true
    },
  ],
  [
    'the provider is down',
    async ({ house, shop, pass }) => {
      const { hosted } = providerOf(house)
      const down = async () => {
        throw new Error('nobody is there')
      }
      Object.assign(hosted, { open: down, read: down, expire: down })
      assert.equal((await shop('POST /api/checkout/session', SESSION)).status, 503)
      pass(5)
      return false
    },
  ],
  [
    'the session expires while it is paid, and the webhook is lost',
    async (story) => {
      const page = await openPage(story)
      loseWebhooks(story.house)
      await providerOf(story.house).completeHosted(page, 'paid')
      story.pass(75)
      return true
    },
  ],
  [
    'the card is declined and the payer goes away',
    async (story) => {
      const page = await openPage(story)
      await providerOf(story.house).completeHosted(page, 'failed')
      await providerOf(story.house).completeHosted(page, 'expired')
      return false
    },
  ],
]

onEveryEngine('one order and one charge, or neither', (engine) => {
  for (const [what, happens] of failures) {
    it(`when ${what}`, async () => {
      const { clock, pass } = movableClock()
      await using house = await openHouse(engine, { settings: SIGNED, clock })
      await openShop(house)
      const shop = asking(house, await newShopper(house))
      await shop('POST /api/cart/items', { product_id: 'ROSE', quantity: 1 })

      const isSold = await happens({ house, shop, pass })
      await goOn(house)
      await goOn(house)

      const { data } = await house.ask('GET /api/v1/orders')
      assert.equal(data.items.length, isSold ? 1 : 0)
      for (const { id, payment_status, total_amount } of data.items) {
        const { data: payments } = await house.ask(`GET /api/v1/payments/order/${id}`)
        assert.deepEqual([payment_status, total_amount], ['paid', '344.99'])
        assert.deepEqual(keptOf({ payments }), [34499])
      }
      const { body: cart } = await shop('GET /api/cart')
      assert.equal(cart.items.length, isSold ? 0 : 1)
      assert.deepEqual(await house.violations(), [])
    })
  }
})
