import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'node:test'
import { sweepPayments } from '#modules/payments'
import type { Engine } from '#platform/database/database'
import { systemProcess } from '#platform/execute'
import { createDatabase, onEveryEngine, openDatabaseAt } from '#testing'
import { ARTICLES, approved, delivered, done, openStore, type Store } from './desk.ts'
import { STEPS, type Step, sharing } from './dying-process.ts'

const PROGRAM = join(import.meta.dirname, 'dying-process.ts')

// Goal: whenever the server dies while a return is paid back or taken in, units and money are as if
// it had not died or had not begun, and whoever asks again gets it done, once.
// Method: a process of its own asks and is killed at each step; then this house opens the database,
// time passes, the sweeper works, and staff asks again, with that key or another.
onEveryEngine('a server that dies while a return', (engine) => {
  for (const step of STEPS) {
    for (const sameKey of [true, false]) {
      const how = sameKey ? 'the same key' : 'another key'
      it(`is paid back, ${step}: ${how} pays once`, { timeout: 60_000 }, async () => {
        await using store = await openShop(engine)
        const order = await delivered(store, { MUG: 2 })
        const { id } = await approved(store, order, { items: [{ sku: 'MUG', quantity: 1 }] })
        await done(store, `POST /api/v1/returns/${id}/restock`)
        const key = randomUUID()
        await dieAt(store, step, { engine, route: `POST /api/v1/returns/${id}/refund`, key })
        assert.deepEqual(await store.violations(), [], 'right after the crash')
        await letTimePass(engine, store.url)
        if (!sameKey) await sweepPayments(systemProcess(store.app))
        assert.deepEqual(await store.violations(), [], 'after the sweep')
        const headers = { 'idempotency-key': sameKey ? key : randomUUID() }
        const again = await store.ask(`POST /api/v1/returns/${id}/refund`, {}, { headers })
        const isOver = again.status === 409 && again.error.code === 'RETURN_CANNOT_REFUND'
        assert.ok(again.status === 200 || isOver, JSON.stringify(again.body))
        await sweepPayments(systemProcess(store.app))
        const { data } = await store.ask(`GET /api/v1/returns/${id}`)
        assert.deepEqual([data.status, data.refund_amount], ['Refunded', '10.00'])
        const { data: refunds } = await store.ask(`GET /api/v1/orders/${order.id}/refunds`)
        assert.equal(refunds.total, 1)
        assert.deepEqual(await store.violations(), [])
      })
    }
  }

  for (const step of ['before the first commit', 'before the answer is told'] as const) {
    it(`is taken in, ${step}: its units come in once`, { timeout: 60_000 }, async () => {
      await using store = await openShop(engine)
      const order = await delivered(store, { MUG: 2 })
      const shelf = await store.available('MUG')
      const { id } = await approved(store, order)
      const route = `POST /api/v1/returns/${id}/restock`
      const key = randomUUID()
      await dieAt(store, step, { engine, route, key })
      assert.deepEqual(await store.violations(), [], 'right after the crash')
      await letTimePass(engine, store.url)
      const again = await store.ask(route, {}, { headers: { 'idempotency-key': key } })
      assert.equal(again.status, 200, JSON.stringify(again.body))
      assert.equal(await store.available('MUG'), shelf + 2)
      assert.deepEqual(await store.violations(), [])
    })
  }
})

/** A shop whose provider's books another process can open too. */
async function openShop(engine: Engine): Promise<Store> {
  const { url, drop } = await createDatabase(engine)
  const store = await openStore(engine, ARTICLES, { at: url, settings: sharing(url) })
  const close = async () => {
    await store.close()
    await drop()
  }
  return Object.assign(store, { [Symbol.asyncDispose]: close })
}

type Death = { engine: Engine; route: string; key: string }

async function dieAt(store: Store, step: Step, { engine, route, key }: Death): Promise<void> {
  const args = [PROGRAM, engine, store.url, step, route, key]
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
