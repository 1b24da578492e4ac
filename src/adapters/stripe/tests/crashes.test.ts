import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'node:test'
import { sweepPayments } from '#modules/payments'
import type { Engine } from '#platform/database/database'
import { systemProcess } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { StripeDouble } from '../../../../tests/doubles/stripe/server.ts'
import { STEPS, type Step } from './dying-charge.ts'
import { HOOK } from './stripe-shop.ts'

const PROGRAM = join(import.meta.dirname, 'dying-charge.ts')
const KEY = 'the-key-of-the-one-who-died'
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

type Death = {
  engine: Engine
  url: string
  step: Step
  settings: object
  route: string
  body: object
}

async function die({ engine, url, step, settings, route, body }: Death): Promise<void> {
  const given = [engine, url, step, JSON.stringify(settings), route, JSON.stringify(body), KEY]
  const stdio = ['ignore', 'ignore', 'pipe'] as const
  const child = spawn(process.execPath, [PROGRAM, ...given], { stdio: [...stdio] })
  let said = ''
  child.stderr?.on('data', (text) => (said += text))
  const [, signal] = await once(child, 'exit')
  assert.equal(signal, 'SIGKILL', `it did not die at its step: ${said}`)
}

/** What comes first after the crash. */
const FIRST = ['the sweeper', 'the webhook'] as const

// Goal: whenever the server dies while Stripe is asked, order and Stripe agree in the end, and
// nothing is taken or given back twice. Method: a process of its own asks and is killed; then
// another house opens the database some minutes later.
onEveryEngine('a server that dies while Stripe is asked', (engine) => {
  for (const step of STEPS) {
    for (const first of FIRST) {
      it(`charges once or not at all: ${step}, then ${first}`, { timeout: 120_000 }, async () => {
        let ahead_ms = 0
        const clock = () => new Date(Date.now() + ahead_ms)
        await using stripe = await StripeDouble.open({ clock })
        const { settings } = stripe
        await using before = await openHouse(engine, { settings })
        const { url } = before
        const body = await payment(before)
        await die({ engine, url, step, settings, route: 'POST /api/v1/payments', body })
        ahead_ms = LATER_MS
        await using house = await openHouse(engine, { at: url, clock, settings })
        if (first === 'the webhook') {
          for (const event of stripe.events()) {
            const { body: payload, headers } = stripe.signed(event)
            await house.http.inject({ method: 'POST', url: HOOK, headers, payload })
          }
        }
        await sweepPayments(systemProcess(house.app))
        const charged = step === 'after Stripe has answered'
        const [paid] = (await house.ask(`GET /api/v1/payments/order/${body.order_id}`)).data
        assert.equal(paid.status, charged ? 'succeeded' : 'failed')
        const taken = [...stripe.books.intents.values()].map((one) => one.amount_received)
        assert.deepEqual(taken, charged ? [2500] : [])
        assert.deepEqual(await house.violations(), [])
      })
    }

    it(`gives back once: ${step}`, { timeout: 120_000 }, async () => {
      let ahead_ms = 0
      const clock = () => new Date(Date.now() + ahead_ms)
      await using stripe = await StripeDouble.open({ clock })
      const { settings } = stripe
      await using before = await openHouse(engine, { settings })
      const { url } = before
      const { id } = await made(before, 'POST /api/v1/payments', await payment(before))
      const route = `POST /api/v1/payments/${id}/refunds`
      await die({ engine, url, step, settings, route, body: { amount: '10.00' } })
      ahead_ms = LATER_MS
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
