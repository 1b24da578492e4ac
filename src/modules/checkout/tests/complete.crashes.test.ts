import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'node:test'
import type { Engine } from '#platform/database/database'
import { type House, onEveryEngine, openDatabaseAt, openHouse } from '#testing'
import { STEPS, type Step, sharing } from './dying-process.ts'
import { available, books, complete, newGuest, openShop, ready, sweep } from './shopping.ts'

const PROGRAM = join(import.meta.dirname, 'dying-process.ts')

// Goal: whenever the server dies while a checkout is completed, there is one order, money and stock
// agree, and whoever asks again gets that order, paid once.
// Method: a process of its own completes it and is killed at each step; then another house opens
// the database, time passes, the sweepers work, and the buyer asks again, with that key or another.
onEveryEngine('a server that dies while it completes a checkout', (engine) => {
  for (const step of STEPS) {
    for (const sameKey of [true, false]) {
      const how = sameKey ? 'the same key' : 'another key'
      it(`${step}: ${how} gets one order that is paid once`, { timeout: 60_000 }, async () => {
        const settings = (url: string) => ({ settings: sharing(url) })
        await using first = await openHouse(engine)
        const { url } = first
        await using house = await openHouse(engine, { at: url, ...settings(url) })
        await openShop(house)
        const guest = await newGuest(house, { MUG: 2 }, {})
        const checkout = await ready(guest)
        const key = randomUUID()

        await dieAt(step, { engine, url, checkout: checkout.id, secret: guest.session_id, key })
        assert.equal(await leftBy(house), LEFT[step], 'it died at another step')
        await letTimePass(engine, url)
        assert.deepEqual(await house.violations(), [], 'right after the crash')
        // With its own key a completion goes on by itself; another finds what the sweep found out.
        if (!sameKey) await sweep(house)
        assert.deepEqual(await house.violations(), [], 'after the sweep')

        const done = await complete(guest, checkout, {}, sameKey ? key : randomUUID())
        const paid = await untilPaid(house, done, () => complete(guest, checkout))

        assert.equal(paid.status, 201, JSON.stringify(paid.body))
        const [order, ...others] = await books(house)
        assert.equal(others.length, 0)
        assert.equal(paid.data.order_id, order.id)
        assert.deepEqual([order.status, order.payment_status], ['confirmed', 'paid'])
        const taken = order.payments.filter((one: any) => Number(one.captured_amount) > 0)
        assert.equal(taken.length, 1, JSON.stringify(order.payments))
        assert.equal(await available(house, 'MUG'), 98)
        const over = await guest.ask(`GET /api/v1/checkout/${checkout.id}`)
        assert.deepEqual([over.data.status, over.data.order_id], ['complete', order.id])
        assert.deepEqual(await house.violations(), [])
      })
    }
  }
})

/** What each death leaves: the orders, and how their payments stand. */
const LEFT: Record<Step, string> = {
  'before the order is committed': '',
  'before the provider is asked': 'pending',
  'after the money was taken': 'pending',
  'before the answer is committed': 'pending',
  'before the answer is told': 'succeeded',
}

const leftBy = async (house: House): Promise<string> =>
  (await books(house)).map(({ payments }) => payments.map((one: any) => one.status)).join()

type Death = { engine: Engine; url: string; checkout: string; key: string } & {
  secret: string | undefined
}

async function dieAt(step: Step, { engine, url, checkout, secret, key }: Death): Promise<void> {
  const args = [PROGRAM, engine, url, step, checkout, secret as string, key]
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

type Answer = Awaited<ReturnType<typeof complete>>

/**
 * What was never executed at the provider is told as declined, under its own key for ever: then the
 * buyer clicks once more.
 */
async function untilPaid(
  house: House,
  answer: Answer,
  again: () => Promise<Answer>,
): Promise<Answer> {
  if (answer.status === 201 && answer.data.payment.status === 'succeeded') return answer
  if (answer.status === 402) {
    assert.equal(answer.error.details.decline_code, 'not_executed')
  }
  await sweep(house)
  return again()
}
