import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'node:test'
import type { Engine } from '#platform/database/database'
import { systemProcess } from '#platform/execute'
import { onEveryEngine, openDatabaseAt, openHouse } from '#testing'
import { EasyPostDouble } from '../../../../tests/doubles/easypost/server.ts'
import { sweepLabels } from '../index.ts'
import { openDock } from './dock.ts'
import { BUYING, SHIPPING, type Step, sharing } from './dying-shipper.ts'

const PROGRAM = join(import.meta.dirname, 'dying-shipper.ts')

// Goal: whenever the server dies while it buys a label or ships, there is exactly one label, and
// stock, order and shipment agree. Method: a process of its own is killed at each step; then
// another house opens the database, time passes, the sweeper works, and the caller asks again.
onEveryEngine('a server that dies', (engine) => {
  for (const step of BUYING) {
    for (const again of ['the same key', 'the sweeper'] as const) {
      it(`while it buys a label, ${step}: ${again} ends with one label`, async () => {
        await using easypost = await EasyPostDouble.open()
        await using dock = await openDock(engine)
        const settings = sharing(easypost.url)
        await using house = await openHouse(engine, { at: dock.url, settings })
        const order = await dock.place({ MUG: 2 })
        const { id } = await dock.create(order)
        const key = randomUUID()

        await dieAt(step, { engine, url: dock.url, easypost: easypost.url, id, key })
        await letTimePass(engine, dock.url)
        assert.deepEqual(await house.violations(), [], 'right after the crash')
        if (again === 'the sweeper') await sweepLabels(systemProcess(house.app))
        const headers = { 'idempotency-key': again === 'the same key' ? key : randomUUID() }
        const asked = await house.ask(`POST /api/v1/shipments/${id}/label`, {}, { headers })
        // What the sweeper has ended is there: another call need not, and may not, buy it again.
        const begun = step !== 'before the purchase is committed'
        const expected = again === 'the sweeper' && begun ? 409 : 201
        assert.equal(asked.status, expected, JSON.stringify(asked.body))

        const { items } = (await house.ask(`GET /api/v1/shipments/${id}/labels`)).data
        assert.deepEqual(
          items.map((label: any) => label.state),
          ['bought'],
        )
        assert.equal(easypost.books.sold, 1)
        const { status, tracking_number } = (await house.ask(`GET /api/v1/shipments/${id}`)).data
        assert.deepEqual([status, tracking_number], ['Ready to Ship', items[0].tracking_number])
        assert.deepEqual(await house.violations(), [])
      })
    }
  }

  for (const step of SHIPPING) {
    it(`while it ships, ${step}: asked again it has shipped once`, async () => {
      await using easypost = await EasyPostDouble.open()
      await using dock = await openDock(engine)
      const order = await dock.place({ MUG: 2 })
      const { id } = await dock.create(order)
      const key = randomUUID()

      await dieAt(step, { engine, url: dock.url, easypost: easypost.url, id, key })
      await letTimePass(engine, dock.url)
      assert.deepEqual(await dock.violations(), [], 'right after the crash')
      const headers = { 'idempotency-key': key }
      const shipped = await dock.ask(`POST /api/v1/shipments/${id}/ship`, {}, { headers })

      assert.equal(shipped.data?.status, 'Shipped', JSON.stringify(shipped.body))
      assert.deepEqual(await dock.stock('MUG'), { EAST: [98, 0] })
      assert.equal(await dock.standing(order.id), 'shipped fulfilled')
      assert.deepEqual(await dock.violations(), [])
    })
  }
})

type Death = { engine: Engine; url: string; easypost: string; id: string; key: string }

async function dieAt(step: Step, { engine, url, easypost, id, key }: Death): Promise<void> {
  const args = [PROGRAM, engine, url, easypost, step, id, key]
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
      `update labels set check_at = '${past}' where state in ('sent', 'unknown', 'voiding')`,
    ]) {
      await session.run({ sql, parameters: [] })
    }
  })
  await database.close()
}
