import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { STEPS } from './dying-transfer.ts'
import { openShelves } from './shelves.ts'

const PROGRAM = join(import.meta.dirname, 'dying-transfer.ts')
const PATH = '/api/v1/inventory/transfers'

// Goal: whenever the server dies while it takes in a transfer, each unit is on a shelf or on its
// way, and whoever asks again with that key takes it in once.
onEveryEngine('a server that dies while it takes in a transfer', (engine) => {
  for (const step of STEPS) {
    it(`${step}: the same key takes it in once`, { timeout: 60_000 }, async () => {
      await using first = await openHouse(engine)
      const { url } = first
      await using house = await openHouse(engine, { at: url })
      const shop = await openShelves(house, { MUG: { EAST: 9, WEST: 0 } })
      const { data: transfer } = await house.ask(`POST ${PATH}`, {
        from_location_id: 'EAST',
        to_location_id: 'WEST',
        lines: [{ item_number: 'MUG', quantity: 5 }],
      })
      await house.ask(`POST ${PATH}/${transfer.id}/dispatch`)
      const key = randomUUID()

      const args = [PROGRAM, engine, url, step, transfer.id, key]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      child.stderr.on('data', (text) => (said += text))
      const [, signal] = await once(child, 'exit')
      assert.equal(signal, 'SIGKILL', `it did not die at its step: ${said}`)

      const left = await house.ask(`GET ${PATH}/${transfer.id}`)
      assert.equal(left.data.in_transit_quantity, step === STEPS[0] ? 5 : 3)
      assert.deepEqual(await house.violations(), [])
      const lines = [{ item_number: 'MUG', quantity: 2 }]
      const headers = { 'idempotency-key': key }
      const again = await house.ask(`POST ${PATH}/${transfer.id}/receive`, { lines }, { headers })
      assert.deepEqual([again.status, again.data.in_transit_quantity], [200, 3])
      assert.deepEqual(await shop.counts('MUG', 'WEST'), [2, 0, 2])
      assert.deepEqual(await house.violations(), [])
    })
  }
})
