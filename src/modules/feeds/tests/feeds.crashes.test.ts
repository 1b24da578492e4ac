import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'
import { systemProcess } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'
import { deathsIn, type Moment } from '../../../../tests/crash/death.ts'
import { pushDue } from '../push.ts'
import { openAgentFeed } from './agent-feed.ts'
import push from './pushing.ts'

const SKUS = ['MUG', 'TEA', 'POT']

async function openShop(house: House): Promise<string[]> {
  const ids: string[] = []
  for (const sku of SKUS) {
    const { data } = await house.ask('POST /api/v1/products', { name: sku, sku, price: '1.00' })
    ids.push(data.id)
  }
  return ids
}

/** Where a push can be cut off, and how many requests of it the agent has heard by then. */
const STEPS: Record<string, { at: Moment; heard: number }> = {
  'before what is due is noted': { at: { commit: 1 }, heard: 0 },
  'when the agent has it, before that is noted': { at: { commit: 3 }, heard: 1 },
  'when that is noted': { at: 'told', heard: 1 },
}

// Goal: whenever the server dies while it tells an agent's feed, the feed has every product in the
// end, as it is by then, and what is noted as told was told.
onEveryEngine('a server that dies while it pushes its feed', (engine) => {
  const dying = deathsIn(engine, { beside: openAgentFeed, prepare: openShop })
  const file = join(import.meta.dirname, 'pushing.ts')

  for (const [step, { at, heard }] of Object.entries(STEPS)) {
    const died = dying(at, () => ({ file }))
    it(`${step}: the feed has it all`, { timeout: 180_000 }, async () => {
      const { shop: ids, beside: feed, url, settings } = await died()
      assert.equal(feed.state.requests.length, heard, 'it died at another step')
      await using house = await openHouse(engine, { at: url, settings })
      const process = systemProcess(house.app)
      // What was due when it died is due still, with nobody marking it again.
      const left = heard === 1 && at !== 'told'
      assert.equal((await pushDue(process)) > 0, left)
      await house.ask('PUT /api/v1/products/TEA', { name: 'Green tea' })
      await push(house)
      assert.deepEqual([...feed.kept.keys()].toSorted(), ids.toSorted())
      const titles = [...feed.kept.values()].map(({ title }) => title)
      assert.deepEqual(titles.toSorted(), ['Green tea', 'MUG', 'POT'])
      const sent = feed.state.requests.length
      await push(house)
      assert.equal(feed.state.requests.length, sent, 'what it has is not sent again')
      assert.deepEqual(await house.violations(), [])
    })
  }
})
