import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import type { Engine } from '#platform/database/database'
import { engines, onEveryEngine } from '#testing'
import { audit } from './model/operations/audit.ts'
import { play } from './model/operations/play.ts'
import { type Step, step } from './model/operations/steps.ts'
import { openWarehouse, type Warehouse } from './model/operations/world.ts'

const RUNS: Record<Engine, number> = { sqlite: 30, postgres: 6 }
const TIME_MS: Record<Engine, number> = { sqlite: 40_000, postgres: 40_000 }
// As in the other histories: `TEST_SEED`, `TEST_PATH`, `TEST_RUNS`, `TEST_TIME_MS`.
const { TEST_SEED, TEST_PATH, TEST_RUNS, TEST_TIME_MS } = process.env
const steps = fc.array(step, { minLength: 10, maxLength: 90, size: 'max' })
const options = (runs: number, time_ms: number) => ({
  numRuns: Number(TEST_RUNS ?? runs),
  interruptAfterTimeLimit: Number(TEST_TIME_MS ?? time_ms),
  markInterruptAsFailure: false,
  ...(TEST_SEED !== undefined && { seed: Number(TEST_SEED) }),
  ...(TEST_PATH !== undefined && { path: TEST_PATH }),
})

// Goal: whatever is done to orders after the sale, to their goods and to the stock around them, in
// whatever order: no call breaks, every invariant of every module holds after each step, and every
// unit that came into the house is in it, on the road, at a buyer's, or lost by a name.
// Method: random steps through the API, orders to warranties mixed; the units are counted beside,
// from what was asked and answered.
onEveryEngine('any history of operations', (engine) => {
  it('keeps every invariant and every unit', async () => {
    const property = fc.asyncProperty(steps, async (history) => {
      await using world = closing(await openWarehouse(engine))
      for (const one of history) {
        await play(world, one)
        await audit(world)
      }
    })
    await fc.assert(property, options(RUNS[engine], TIME_MS[engine]))
  })
})

if (engines.length === 2) {
  it('the same history of operations is answered alike by both engines', async () => {
    const property = fc.asyncProperty(steps, async (history) => {
      const first = await transcriptOn('sqlite', history)
      assert.deepEqual(await transcriptOn('postgres', history), first)
    })
    await fc.assert(property, options(4, 15_000))
  })
}

async function transcriptOn(engine: Engine, history: readonly Step[]) {
  await using world = closing(await openWarehouse(engine))
  for (const one of history) await play(world, one)
  return world.transcript
}

const closing = (world: Warehouse) =>
  Object.assign(world, { [Symbol.asyncDispose]: () => world.house.close() })
