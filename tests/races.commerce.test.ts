import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { type House, onEveryEngine, openHouse } from '#testing'
import {
  ADDRESS,
  complete,
  endOf,
  newCart,
  newCheckout,
  newGrown,
  newOrder,
  openStage,
  type Scene,
  start,
} from './races/scenes.ts'
import { type Answered, assertSound, runSchedules, stockOf, tally } from './races/shop.ts'

const MINUTE_MS = 60_000
const IN_PROGRESS = 'PAYMENT_IN_PROGRESS'

type Command = (scene: Scene) => Promise<Answered>
type Pair = readonly [first: string, second: string]

const cart =
  (route: string, body?: object): Command =>
  ({ ask, cart_id, sku, item_id }) => {
    const [method, path = ''] = route.replace(':item', item_id).replace(':code', sku).split(' ')
    return ask(`${method} /api/v1/carts/${cart_id}${path}`, body)
  }
const onOrder =
  (route: string, body: (scene: Scene) => object = () => ({})): Command =>
  (scene) =>
    scene.house.ask(route.replace(':id', `/api/v1/orders/${scene.order_id}`), body(scene))

const commands = {
  complete,
  'complete again': complete,
  start,
  'add an item': ({ ask, cart_id, sku }) =>
    ask(`POST /api/v1/carts/${cart_id}/items`, { sku, quantity: 1 }),
  'set the quantity': cart('PUT /items/:item', { quantity: 3 }),
  'take the item out': cart('DELETE /items/:item'),
  'take the coupon out': cart('DELETE /coupons/:code'),
  abandon: cart('DELETE '),
  'give the checkout up': ({ ask, checkout_id }) => ask(`DELETE /api/v1/checkout/${checkout_id}`),
  'send it elsewhere': ({ ask, checkout_id }) => {
    const address = { ...ADDRESS, country_code: 'DE', province: 'BE' }
    return ask(`PUT /api/v1/checkout/${checkout_id}/shipping-address`, address)
  },
  'send it faster': ({ ask, checkout_id }) =>
    ask(`PUT /api/v1/checkout/${checkout_id}/shipping-method`, { method: 'express' }),
  'merge the cart': ({ asCustomer }) => asCustomer('POST /api/v1/carts/merge', {}),
  'pause the coupon': ({ house, promotion_id }) =>
    house.ask(`POST /api/v1/promotions/${promotion_id}/pause`),
  'raise the price': ({ house, variant_id }) =>
    house.ask(`PUT /api/v1/products/variants/${variant_id}/price`, { price: '12.00' }),
  'take stock away': async ({ house, sku }) => {
    const adjustments = [{ item_number: sku, location_id: 'MAIN', quantity_delta: -3 }]
    const answer = await house.ask('POST /api/v1/inventory/bulk-adjust', { adjustments })
    // The list is always answered 200; what counts is whether its one row was taken.
    return { ...answer, status: answer.data.successful === 1 ? 200 : 422 }
  },
  'pay with another card': (scene) => complete(scene, { payment_token: 'pm_test_success' }),
  'let staff charge it': ({ house, order_id }) => {
    const cash = { order_id, amount: '29.44', payment_method: 'cash' }
    return house.ask('POST /api/v1/payments', cash)
  },
  'cancel the order': onOrder('POST :id/cancel'),
  'ship it': onOrder('PUT :id/status', () => ({ status: 'shipped' })),
  'refund a unit': onOrder('POST :id/refund', ({ order_item_id }) => ({
    items: [{ item_id: order_item_id, quantity: 1 }],
  })),
  'refund everything': onOrder('POST :id/refund'),
  'refund an amount': ({ house, payment_id }) =>
    house.ask(`POST /api/v1/payments/${payment_id}/refunds`, { amount: '20.00' }),
  'add to the order': onOrder('POST :id/items', ({ sku }) => ({ sku, quantity: 3 })),
  async confirm({ ask, checkout_id }) {
    const click = () => ask(`POST /api/v1/checkout/${checkout_id}/confirm`)
    let answer = await click()
    // While another one is at work its outcome is not known yet: ask again, as one is told to.
    for (let nth = 0; nth < 50 && answer.error?.code === IN_PROGRESS; nth++) answer = await click()
    return answer
  },
} satisfies Record<string, Command>
type Name = keyof typeof commands

const each = (first: Name, ...others: Name[]): Pair[] => others.map((other) => [first, other])
const all = (...names: Name[]): Pair[] =>
  names.flatMap((first, nth) => names.slice(nth).map((second): Pair => [first, second]))

type Meeting = { scene: (house: House) => Promise<Scene>; pairs: readonly Pair[] }

// What meets on what. Everything that can come between a click on «buy» and its order.
const MEETINGS: Record<string, Meeting> = {
  'a checkout': {
    scene: newCheckout,
    pairs: [
      ...each('complete', 'complete again', 'start', 'add an item', 'set the quantity'),
      ...each('complete', 'take the item out', 'take the coupon out', 'abandon'),
      ...each('complete', 'give the checkout up', 'send it elsewhere', 'send it faster'),
      ...each('complete', 'merge the cart', 'pause the coupon', 'raise the price'),
      ...each('complete', 'take stock away'),
      ...each('give the checkout up', 'add an item', 'start', 'abandon', 'merge the cart'),
      ...each('give the checkout up', 'send it faster'),
    ],
  },
  'a cart that has grown since it was held': {
    scene: newGrown,
    pairs: each('complete', 'take stock away', 'add an item', 'give the checkout up', 'start'),
  },
  'a cart': {
    scene: newCart,
    pairs: [
      ...each('merge the cart', 'start', 'add an item', 'take the item out', 'abandon'),
      ...each('merge the cart', 'merge the cart'),
      ...each('start', 'start', 'abandon', 'add an item', 'take stock away', 'pause the coupon'),
    ],
  },
  'an order whose payment was declined': {
    scene: (house) => newOrder(house, 'pm_test_declined'),
    pairs: [
      ...all('pay with another card', 'let staff charge it', 'cancel the order'),
      ...each('pay with another card', 'give the checkout up', 'add to the order'),
      ...each('give the checkout up', 'cancel the order', 'let staff charge it'),
    ],
  },
  'an order that waits for 3-D Secure': {
    scene: (house) => newOrder(house, 'pm_test_3ds'),
    pairs: each('confirm', 'confirm', 'cancel the order', 'complete'),
  },
  'a paid order': {
    scene: newOrder,
    pairs: [
      ...all('cancel the order', 'refund a unit', 'refund everything', 'refund an amount'),
      ...each('add to the order', 'cancel the order', 'refund a unit', 'add to the order'),
      ...each('cancel the order', 'complete again', 'ship it'),
    ],
  },
}

const AT_A_TIME = 5

/** Three scenes for each pair; a few pairs at a time, because making articles collides too. */
async function setUp(house: House, { scene, pairs }: Meeting) {
  const rows = []
  for (let nth = 0; nth < pairs.length; nth += AT_A_TIME) {
    const some = pairs.slice(nth, nth + AT_A_TIME).map(async ([first, second]) => ({
      pair: `${first} and ${second}`,
      commands: [commands[first as Name], commands[second as Name]] as [Command, Command],
      atOnce: await scene(house),
      inOrder: await scene(house),
      reversed: await scene(house),
    }))
    rows.push(...(await Promise.all(some)))
  }
  return rows
}

// Goal: two commands that meet end as if one of them had come first; which one, is chance.
// Method: each pair on three scenes that are alike: at once, in this order and in that one.
onEveryEngine('any two commands at once on', (engine) => {
  const clock = { now: Date.parse('2026-01-05T09:00:00.000Z') }
  let house: House
  before(async () => {
    house = await openHouse(engine, { clock: () => new Date(clock.now) })
    await openStage(house)
  })
  after(() => house.close())

  for (const [what, { scene, pairs }] of Object.entries(MEETINGS)) {
    it(`${what} end as one after the other`, async () => {
      const met = []
      for (const row of await setUp(house, { scene, pairs })) {
        const [a, b] = row.commands
        const together = await Promise.all([a(row.atOnce), b(row.atOnce)])
        const forth = [await a(row.inOrder), await b(row.inOrder)]
        const back = [await b(row.reversed), await a(row.reversed)].reverse()
        met.push({ ...row, together, forth, back })
      }
      // What must go back to its payer goes back meanwhile.
      for (let round = 0; round < 3; round++) {
        clock.now += MINUTE_MS
        await runSchedules(house)
      }
      for (const { pair, together, forth, back, ...scenes } of met) {
        const actual = await endOf(scenes.atOnce, together)
        const serial = [await endOf(scenes.inOrder, forth), await endOf(scenes.reversed, back)]
        const told = `${pair}:\n${actual}\nbut alone\n${serial.join('\nor\n')}`
        assert.ok(serial.includes(actual), told)
      }
      const answers = met.flatMap(({ together, forth, back }) => [...together, ...forth, ...back])
      await assertSound(house, answers)
    })
  }

  // While the payer is at their bank nobody can know how that ends, so both may come through.
  it('the way back from 3-D Secure and out of the checkout keep the books: paid, or given back', async () => {
    for (let round = 0; round < 4; round++) {
      const scene = await newOrder(house, 'pm_test_3ds')
      const { ask, checkout_id, order_id, sku } = scene
      const answers = await Promise.all([
        commands.confirm(scene),
        ask(`DELETE /api/v1/checkout/${checkout_id}`),
      ])
      for (let nth = 0; nth < 3; nth++) {
        clock.now += MINUTE_MS
        await runSchedules(house)
      }
      const { data: order } = await house.ask(`GET /api/v1/orders/${order_id}`)
      const { data } = await house.ask(`GET /api/v1/payments/order/${order_id}/total`)
      const isPaid = order.status === 'confirmed'
      assert.equal(order.status, isPaid ? 'confirmed' : 'cancelled')
      assert.equal(data.total_paid, isPaid ? order.total_amount : '0.00')
      assert.equal((await stockOf(house, sku)).allocated, isPaid ? 2 : 0)
      await assertSound(house, answers)
    }
  })
})

onEveryEngine('two carts', (engine) => {
  it('want the last unit: one checkout holds it, the other is told, and one order is made', async () => {
    await using house = await openHouse(engine)
    await openStage(house)
    for (let round = 0; round < 4; round++) {
      const scene = await newCart(house, { units: 2 })
      const other = await scene.asOther('POST /api/v1/carts', {
        items: [{ sku: scene.sku, quantity: 2 }],
      })
      const rival = { ...scene, ask: scene.asOther, cart_id: other.data.id }
      const answers = await Promise.all([start(scene), start(rival)])
      assert.deepEqual(tally(answers), { 201: 1, 422: 1 })
      const clicks = await Promise.all(
        answers.flatMap(({ status, data }, nth) =>
          status === 201
            ? [complete({ ...(nth === 0 ? scene : rival), checkout_id: data.id })]
            : [],
        ),
      )
      assert.deepEqual(tally(clicks), { 201: 1 })
      await assertSound(house, [...answers, ...clicks])
    }
  })

  it('want the last use of a coupon: one gets it, the other pays in full once it agrees', async () => {
    await using house = await openHouse(engine)
    await openStage(house)
    for (let round = 0; round < 4; round++) {
      const scene = await newCheckout(house, { uses: 1 })
      const opened = await scene.asOther('POST /api/v1/carts', {
        items: [{ sku: scene.sku, quantity: 2 }],
        coupon_codes: [scene.sku],
      })
      const rival = { ...scene, ask: scene.asOther, cart_id: opened.data.id }
      const begun = await start(rival)
      const both = [scene, { ...rival, checkout_id: begun.data.id }]
      const answers = await Promise.all(both.map((one) => complete(one)))
      assert.deepEqual(tally(answers), { 201: 1, 409: 1 })
      const late = both[answers.findIndex(({ status }) => status === 409)] as Scene
      const asked = await complete(late)
      const last = asked.status === 201 ? asked : await complete(late)
      const totals = [answers.find(({ status }) => status === 201)?.data.total, last.data.total]
      assert.deepEqual(totals, ['29.44', '31.60'])
      const { data } = await house.ask(`GET /api/v1/promotions/${scene.promotion_id}`)
      assert.equal(data.usage.times_redeemed, 1)
      await assertSound(house, [...answers, asked, last])
    }
  })
})
