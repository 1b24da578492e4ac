import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'node:test'
import type { Engine } from '#platform/database/database'
import { systemProcess } from '#platform/execute'
import { type House, onEveryEngine, openDatabaseAt, openHouse } from '#testing'
import { sweepPayments } from '../sweep.ts'
import { STEPS, type Step } from './dying-payment.ts'

const PROGRAM = join(import.meta.dirname, 'dying-payment.ts')
const KEY = 'the-key-of-the-one-who-died'

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

type Death = { engine: Engine; url: string; step: Step; route: string; body: object }

async function die({ engine, url, step, route, body }: Death): Promise<void> {
  const args = [PROGRAM, engine, url, step, route, JSON.stringify(body), KEY]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  const [, signal] = await once(child, 'exit')
  assert.equal(signal, 'SIGKILL', `it did not die at its step: ${said}`)
}

/** The minutes that a dead process's claims last, in a moment. */
async function letTimePass(engine: Engine, url: string): Promise<void> {
  const database = openDatabaseAt(engine, url)
  const past = '2020-01-01T00:00:00.000Z'
  await database.write(async (session) => {
    for (const sql of [
      `update idempotency_keys set locked_until = '${past}' where locked_until is not null`,
      `update payment_requests set check_at = '${past}' where state in ('requested', 'sent', 'unknown')`,
    ]) {
      await session.run({ sql, parameters: [] })
    }
  })
  await database.close()
}

const LATER_MS = 10 * 60_000
const later = () => new Date(Date.now() + LATER_MS)

/** What each death leaves of a payment: how it stands, and what is on the card. */
const LEFT: Record<Step, [string | undefined, string]> = {
  'before the request is committed': [undefined, '40.00'],
  'before credit is asked': ['pending', '40.00'],
  'before the ledger is committed': ['pending', '40.00'],
  'after the ledger was written': ['pending', '15.00'],
  'before the answer is committed': ['pending', '15.00'],
  'before the answer is told': ['succeeded', '15.00'],
}

// Goal: whenever the server dies while a gift card pays or gets back, order, payment and card agree
// in the end, and nothing is taken or given back twice.
// Method: a process of its own asks and is killed at each step; then another house opens the
// database some minutes later, and the sweeper works, or the caller asks again with the same key.
onEveryEngine('a server that dies while a gift card is used', (engine) => {
  for (const step of STEPS) {
    for (const how of ['swept', 'asked again'] as const) {
      it(`pays: ${step}, then ${how}`, { timeout: 60_000 }, async () => {
        await using first = await openHouse(engine)
        const { order, card, body } = await openShop(first)
        const { url } = first
        const route = 'POST /api/v1/payments'
        await die({ engine, url, step, route, body })
        await letTimePass(engine, url)
        await using house = await openHouse(engine, { at: url, clock: later })
        assert.deepEqual(await house.violations(), [], 'right after the crash')
        const [payment] = (await house.ask(`GET /api/v1/payments/order/${order.id}`)).data
        const left = [payment?.status, await leftOn(house, card)]
        assert.deepEqual(left, LEFT[step], 'it died at another step')

        if (how === 'swept') await sweepPayments(systemProcess(house.app))
        const headers = { 'idempotency-key': KEY }
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

    it(`gets back: ${step}`, { timeout: 60_000 }, async () => {
      await using first = await openHouse(engine)
      const { card, body } = await openShop(first)
      const { url } = first
      const payment = await made(first, 'POST /api/v1/payments', body)
      const route = `POST /api/v1/payments/${payment.id}/refunds`
      await die({ engine, url, step, route, body: { amount: '10.00' } })
      await letTimePass(engine, url)
      await using house = await openHouse(engine, { at: url, clock: later })
      assert.deepEqual(await house.violations(), [], 'right after the crash')

      await sweepPayments(systemProcess(house.app))
      const headers = { 'idempotency-key': KEY }
      const again = await house.ask(route, { amount: '10.00' }, { headers })
      assert.equal(again.status, 201, JSON.stringify(again.body))
      assert.equal(again.data.refunded_amount, '10.00')
      assert.equal(await leftOn(house, card), '25.00')
      assert.deepEqual(await house.violations(), [])
    })
  }
})
