import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import type { Engine } from '#platform/database/database'
import { engines, onEveryEngine } from '#testing'
import { compare, compareAll } from './model/commerce/compare.ts'
import type { Settings } from './model/commerce/edits.ts'
import { play } from './model/commerce/play.ts'
import { type Step, settings, step } from './model/commerce/steps.ts'
import { type Bazaar, openBazaar } from './model/commerce/world.ts'

const RUNS: Record<Engine, number> = { sqlite: 40, postgres: 8 }
const TIME_MS: Record<Engine, number> = { sqlite: 30_000, postgres: 30_000 }
// What a report names is played again by `TEST_SEED=123` (with `TEST_PATH=4:1` only the one that
// failed). `TEST_RUNS=500` plays more, `TEST_TIME_MS` for longer.
const { TEST_SEED, TEST_PATH, TEST_RUNS, TEST_TIME_MS } = process.env
const steps = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' })
const options = (runs: number, time_ms: number) => ({
  numRuns: Number(TEST_RUNS ?? runs),
  interruptAfterTimeLimit: Number(TEST_TIME_MS ?? time_ms),
  markInterruptAsFailure: false,
  ...(TEST_SEED !== undefined && { seed: Number(TEST_SEED) }),
  ...(TEST_PATH !== undefined && { path: TEST_PATH }),
})

// Goal: whatever visitors, customers and staff do to carts, coupons, checkouts, prices, taxes,
// orders and refunds, and whenever they do it, the shop answers like one in memory that shares none
// of its code: every status, every cent, every unit, every use of a coupon.
// Method: play a random history through the API; after every step compare all that can be read; at
// the end audit the whole database.
onEveryEngine('any history of commerce', (engine) => {
  it('goes as the model says, to the cent, and ends with every invariant kept', async () => {
    const property = fc.asyncProperty(settings, steps, async (how, history) => {
      await using world = closing(await openBazaar(engine, how))
      for (const one of history) {
        await play(world, one)
        await compare(world)
      }
      await compareAll(world)
    })
    await fc.assert(property, options(RUNS[engine], TIME_MS[engine]))
  })
})

if (engines.length === 2) {
  it('the same history of commerce is answered alike by both engines, to the letter', async () => {
    const property = fc.asyncProperty(settings, steps, async (how, history) => {
      const first = await transcriptOn('sqlite', how, history)
      assert.deepEqual(await transcriptOn('postgres', how, history), first)
    })
    await fc.assert(property, options(6, 15_000))
  })
}

async function transcriptOn(engine: Engine, how: Settings, history: readonly Step[]) {
  await using world = closing(await openBazaar(engine, how))
  for (const one of history) await play(world, one)
  return world.transcript
}

const closing = (world: Bazaar) =>
  Object.assign(world, { [Symbol.asyncDispose]: () => world.house.close() })
