import { it } from 'node:test'
import fc from 'fast-check'
import type { Engine } from '#platform/database/database'
import { onEveryEngine } from '#testing'
import { agree, openWorld, play, step } from './model.ts'

const RUNS: Record<Engine, number> = { sqlite: 30, postgres: 4 }
const seed = process.env.TEST_SEED ? Number(process.env.TEST_SEED) : undefined

// Goal: whatever guests and a customer do to their carts, with codes, prices and stock changing
// around them, every cart is what a map in memory says, and its money is what adding up says.
onEveryEngine('any history of carts', (engine) => {
  it('ends as the model says, to the cent, with every invariant kept', async () => {
    const history = fc.array(step, { minLength: 5, maxLength: 30, size: 'max' })
    const property = fc.asyncProperty(history, async (steps) => {
      await using world = await openWorld(engine)
      for (const one of steps) await play(world, one)
      await agree(world)
    })
    await fc.assert(property, {
      numRuns: Number(process.env.TEST_RUNS ?? RUNS[engine]),
      interruptAfterTimeLimit: 40_000,
      markInterruptAsFailure: false,
      ...(seed !== undefined && { seed }),
    })
  })
})
