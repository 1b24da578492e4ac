import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine, openHouse } from '#testing'
import { deathsIn, letTimePass, type Moment } from '../../../../tests/crash/death.ts'
import { openShelves } from './shelves.ts'

const PATH = '/api/v1/inventory/transfers'
const LINES = 60
const SENT = 5
const TAKEN = 2
const headers = { 'idempotency-key': 'the-key-of-the-one-who-died' }

const skus = Array.from({ length: LINES }, (_, nth) => `PART-${nth}`)
const lines = (quantity: number) => skus.map((item_number) => ({ item_number, quantity }))

/** Where a receipt can be cut off, and what is still on its way then. */
const STEPS: Record<string, { at: Moment; left: number }> = {
  'before the commit': { at: { commit: 1 }, left: LINES * SENT },
  'before the answer': { at: 'told', left: LINES * (SENT - TAKEN) },
}

// Goal: whenever the server dies while it takes in a transfer of many lines, all of them are in or
// none is, each unit is on a shelf or on its way, and whoever asks again takes it in once.
onEveryEngine('a server that dies while it takes in a transfer of many lines', (engine) => {
  const dying = deathsIn(engine, {
    async prepare(house) {
      const stock = Object.fromEntries(skus.map((sku) => [sku, { EAST: 9 }]))
      await openShelves(house, { ...stock, OTHER: { WEST: 0 } })
      const sent = { from_location_id: 'EAST', to_location_id: 'WEST', lines: lines(SENT) }
      const { data } = await house.ask(`POST ${PATH}`, sent)
      await house.ask(`POST ${PATH}/${data.id}/dispatch`)
      return { path: `${PATH}/${data.id}` }
    },
  })

  for (const [step, { at, left }] of Object.entries(STEPS)) {
    const body = { lines: lines(TAKEN) }
    const died = dying(at, ({ path }) => ({ route: `POST ${path}/receive`, body, headers }))
    it(`${step}: the same key takes it in once`, { timeout: 180_000 }, async () => {
      const { shop, url, settings } = await died()
      const { path } = shop
      await using house = await openHouse(engine, { at: url, settings })
      const found = await house.ask(`GET ${path}`)
      assert.equal(found.data.in_transit_quantity, left)
      assert.deepEqual(await house.violations(), [], 'right after the crash')

      await letTimePass(engine, url)
      const again = await house.ask(`POST ${path}/receive`, body, { headers })
      const open = LINES * (SENT - TAKEN)
      assert.deepEqual([again.status, again.data.in_transit_quantity], [200, open])
      for (const sku of [skus[0], skus.at(-1)]) {
        const { data } = await house.ask(`GET /api/v1/inventory/${sku}`)
        const west = data.locations.find((at: any) => at.location_name === 'WEST')
        assert.equal(Number(west.quantities.on_hand), TAKEN)
      }
      assert.deepEqual(await house.violations(), [])
    })
  }
})
