import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sweepPayments } from '#modules/payments'
import { systemProcess } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { deathsIn, die, type Moment } from '../../../../tests/crash/death.ts'
import { StripeDouble } from '../../../../tests/doubles/stripe/server.ts'
import { HOOK } from './stripe-shop.ts'

const headers = { 'idempotency-key': 'the-key-of-the-one-who-died' }
/** The first case waits until all have died. */
const PATIENT = { timeout: 180_000 }
const LATER_MS = 10 * 60_000

async function made(house: House, route: string, body: object): Promise<any> {
  const { status, data, error } = await house.ask(route, body)
  assert.ok(status < 300, `${route}: ${JSON.stringify(error)}`)
  return data
}

/** What pays an order of 25.00. */
async function payment(house: House) {
  await made(house, 'POST /api/v1/locations', { code: 'MAIN', name: 'Main warehouse' })
  await made(house, 'POST /api/v1/products', { name: 'A mug', sku: 'MUG', price: '12.50' })
  const stock = { item_number: 'MUG', location_id: 'MAIN', quantity_on_hand: 10 }
  await made(house, 'POST /api/v1/inventory', stock)
  const person = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Brook' }
  const { id: customer_id } = await made(house, 'POST /api/v1/customers', person)
  const items = [{ product_id: 'MUG', quantity: 2 }]
  const order = await made(house, 'POST /api/v1/orders', { customer_id, items })
  const card = { payment_method: 'credit_card', payment_method_id: 'pm_card_visa' }
  return { order_id: order.id, amount: order.total_amount, ...card }
}

/** Where a call can be cut off. */
const STEPS: Record<string, (call: 'sale' | 'refund') => Moment> = {
  'before Stripe is asked': (call) => ({ before: call }),
  'after Stripe has answered': (call) => ({ after: call }),
}
/** What comes first after the crash. */
const FIRST = ['the sweeper', 'the webhook'] as const

/** A Stripe on whose clock, and on that of its houses, it can become later. */
async function openStripe() {
  let ahead_ms = 0
  const clock = () => new Date(Date.now() + ahead_ms)
  const stripe = await StripeDouble.open({ clock })
  return {
    stripe,
    clock,
    settings: stripe.settings,
    later() {
      ahead_ms = LATER_MS
    },
    [Symbol.asyncDispose]: () => stripe[Symbol.asyncDispose](),
  }
}

// Goal: whenever the server dies while Stripe is asked, order and Stripe agree in the end, and
// nothing is taken or given back twice. Method: a process of its own asks and is killed; then
// another house opens the database some minutes later.
onEveryEngine('a server that dies while Stripe is asked', (engine) => {
  const dying = deathsIn(engine, { beside: openStripe, prepare: payment })

  for (const [step, at] of Object.entries(STEPS)) {
    for (const first of FIRST) {
      const died = dying(at('sale'), (body) => ({ route: 'POST /api/v1/payments', body, headers }))
      it(`charges once or not at all: ${step}, then ${first}`, PATIENT, async () => {
        const { shop, beside, url, settings } = await died()
        const { stripe, clock, later } = beside
        later()
        await using house = await openHouse(engine, { at: url, clock, settings })
        if (first === 'the webhook') {
          for (const event of stripe.events()) {
            const { body: payload, headers } = stripe.signed(event)
            await house.http.inject({ method: 'POST', url: HOOK, headers, payload })
          }
        }
        await sweepPayments(systemProcess(house.app))
        const charged = step === 'after Stripe has answered'
        const [paid] = (await house.ask(`GET /api/v1/payments/order/${shop.order_id}`)).data
        assert.equal(paid.status, charged ? 'succeeded' : 'failed')
        const taken = [...stripe.books.intents.values()].map((one) => one.amount_received)
        assert.deepEqual(taken, charged ? [2500] : [])
        assert.deepEqual(await house.violations(), [])
      })
    }

    it(`gives back once: ${step}`, PATIENT, async () => {
      await using beside = await openStripe()
      const { stripe, clock, later, settings } = beside
      await using before = await openHouse(engine, { settings })
      const { url } = before
      const { id } = await made(before, 'POST /api/v1/payments', await payment(before))
      const route = `POST /api/v1/payments/${id}/refunds`
      const deed = { route, body: { amount: '10.00' }, headers }
      await die(engine, { url, settings, at: at('refund'), deed })
      later()
      await using house = await openHouse(engine, { at: url, clock, settings })
      await sweepPayments(systemProcess(house.app))
      const paid = (await house.ask(`GET /api/v1/payments/${id}`)).data
      assert.deepEqual([paid.status, paid.refunded_amount], ['partially_refunded', '10.00'])
      assert.deepEqual(
        [...stripe.books.refunds.values()].map(({ amount }) => amount),
        [1000],
      )
      assert.deepEqual(await house.violations(), [])
    })
  }
})
