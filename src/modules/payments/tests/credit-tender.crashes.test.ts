import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemProcess } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { deathsIn, letTimePass, type Moment } from '../../../../tests/crash/death.ts'
import { sweepPayments } from '../sweep.ts'

const KEY = 'the-key-of-the-one-who-died'
/** The first case waits until all have died. */
const TIMEOUT_MS = 180_000

async function made(house: House, route: string, body: object): Promise<any> {
  const { status, data, error } = await house.ask(route, body)
  assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
  return data
}

/** An order of 25.00 and a gift card of 40.00. */
async function openShop(house: House) {
  await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  await made(house, 'POST /api/v1/products', { name: 'A mug', sku: 'MUG', price: '12.50' })
  const stock = { item_number: 'MUG', location_id: 'MAIN', quantity_on_hand: 10 }
  await made(house, 'POST /api/v1/inventory', stock)
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id: customer_id } = await made(house, 'POST /api/v1/customers', person)
  const items = [{ product_id: 'MUG', quantity: 2 }]
  const order = await made(house, 'POST /api/v1/orders', { customer_id, items })
  const money = { initial_amount: '40.00', currency: 'USD' }
  const card = await made(house, 'POST /api/v1/gift-cards', money)
  const body = { order_id: order.id, payment_method: 'gift_card', code: card.code }
  return { order, card, body }
}

const leftOn = async (house: House, { id }: { id: string }): Promise<string> =>
  (await house.ask(`GET /api/v1/gift-cards/${id}`)).data.balance

const LATER_MS = 10 * 60_000
const later = () => new Date(Date.now() + LATER_MS)

type Step = { at: (call: 'sale' | 'refund') => Moment; left: [string | undefined, string] }

/** Where a call can be cut off, and what that leaves of a payment: its state, and the card's. */
const STEPS: Record<string, Step> = {
  'before the request is committed': { at: () => ({ commit: 2 }), left: [undefined, '40.00'] },
  'before credit is asked': { at: (call) => ({ before: call }), left: ['pending', '40.00'] },
  'before the ledger is committed': { at: () => ({ commit: 3 }), left: ['pending', '40.00'] },
  'after the ledger was written': { at: (call) => ({ after: call }), left: ['pending', '15.00'] },
  'before the answer is committed': { at: () => ({ commit: 4 }), left: ['pending', '15.00'] },
  'before the answer is told': { at: () => 'told', left: ['succeeded', '15.00'] },
}

const headers = { 'idempotency-key': KEY }

// Goal: whenever the server dies while a gift card pays or gets back, order, payment and card agree
// in the end, and nothing is taken or given back twice.
// Method: a process of its own asks and is killed at each step; then another house opens the
// database some minutes later, and the sweeper works, or the caller asks again with the same key.
onEveryEngine('a server that dies while a gift card pays', (engine) => {
  const dying = deathsIn(engine, { prepare: openShop })
  const route = 'POST /api/v1/payments'

  for (const [step, { at, left }] of Object.entries(STEPS)) {
    for (const how of ['swept', 'asked again'] as const) {
      const died = dying(at('sale'), ({ body }) => ({ route, body, headers }))
      it(`${step}, then ${how}`, { timeout: TIMEOUT_MS }, async () => {
        const { shop, url, settings } = await died()
        const { order, card, body } = shop
        await letTimePass(engine, url)
        await using house = await openHouse(engine, { at: url, clock: later, settings })
        assert.deepEqual(await house.violations(), [], 'right after the crash')
        const [payment] = (await house.ask(`GET /api/v1/payments/order/${order.id}`)).data
        const found = [payment?.status, await leftOn(house, card)]
        assert.deepEqual(found, left, 'it died at another step')

        if (how === 'swept') await sweepPayments(systemProcess(house.app))
        const again = await house.ask(route, body, { headers })
        // What was given up, or comes too late, is told as declined under its key: another click is
        // another payment. But only if nothing was taken.
        assert.ok([201, 402].includes(again.status), JSON.stringify(again.body))
        if (again.status === 402) {
          assert.equal(await leftOn(house, card), '40.00')
          await made(house, route, body)
        }
        const total = await house.ask(`GET /api/v1/payments/order/${order.id}/total`)
        assert.deepEqual([total.data.total_paid, total.data.balance], ['25.00', '0.00'])
        assert.equal(await leftOn(house, card), '15.00')
        assert.deepEqual(await house.violations(), [])
      })
    }
  }
})

onEveryEngine('a server that dies while a gift card gets back', (engine) => {
  const dying = deathsIn(engine, {
    async prepare(house) {
      const { card, body } = await openShop(house)
      const { id } = await made(house, 'POST /api/v1/payments', body)
      return { card, route: `POST /api/v1/payments/${id}/refunds` }
    },
  })
  const body = { amount: '10.00' }

  for (const [step, { at }] of Object.entries(STEPS)) {
    const died = dying(at('refund'), ({ route }) => ({ route, body, headers }))
    it(step, { timeout: TIMEOUT_MS }, async () => {
      const { shop, url, settings } = await died()
      await letTimePass(engine, url)
      await using house = await openHouse(engine, { at: url, clock: later, settings })
      assert.deepEqual(await house.violations(), [], 'right after the crash')

      await sweepPayments(systemProcess(house.app))
      const again = await house.ask(shop.route, body, { headers })
      assert.equal(again.status, 201, JSON.stringify(again.body))
      assert.equal(again.data.refunded_amount, '10.00')
      assert.equal(await leftOn(house, shop.card), '25.00')
      assert.deepEqual(await house.violations(), [])
    })
  }
})
