import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import type { Engine } from '#platform/database/database'
import { engines, onEveryEngine } from '#testing'
import { compare } from './model/compare.ts'
import { openWorld, play, type World } from './model/play.ts'
import { type Step, step } from './model/steps.ts'

const RUNS: Record<Engine, number> = { sqlite: 60, postgres: 10 }
const TIME_MS = 40_000
// One seed a day of trying: `TEST_SEED=123` plays what a report names.
const seed = process.env.TEST_SEED ? Number(process.env.TEST_SEED) : undefined
const history = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' })
const options = (numRuns: number) => ({
  numRuns: Number(process.env.TEST_RUNS ?? numRuns),
  interruptAfterTimeLimit: TIME_MS,
  markInterruptAsFailure: false,
  ...(seed !== undefined && { seed }),
})

// Goal: no sequence of deliveries, counts, promises, orders, payments, refunds and second thoughts,
// however often refused or repeated, makes the shop differ from a shop of two hundred lines in
// memory, or breaks a law that `tradepost doctor` knows.
// Method: play a random history through the API; after every step compare all that can be read, and
// audit the whole database.
onEveryEngine('any history', (engine) => {
  it('goes as the model says, and keeps every invariant after every step', async () => {
    const property = fc.asyncProperty(history, async (steps) => {
      await using world = closing(await openWorld(engine))
      for (const one of steps) {
        await play(world, one)
        await compare(world)
      }
    })
    await fc.assert(property, options(RUNS[engine]))
  })
})

if (engines.length === 2) {
  it('the same history is answered alike by both engines, to the letter', async () => {
    const property = fc.asyncProperty(history, async (steps) => {
      const [first, second] = [
        await transcriptOn('sqlite', steps),
        await transcriptOn('postgres', steps),
      ]
      assert.deepEqual(second, first)
    })
    await fc.assert(property, options(10))
  })
}

async function transcriptOn(engine: Engine, steps: readonly Step[]): Promise<unknown[]> {
  await using world = closing(await openWorld(engine))
  for (const one of steps) await play(world, one)
  return world.transcript
}

const closing = (world: World) =>
  Object.assign(world, { [Symbol.asyncDispose]: () => world.house.close() })
