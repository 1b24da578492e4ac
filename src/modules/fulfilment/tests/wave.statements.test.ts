import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEveryEngine } from '#testing'
import { counted } from '../../../../tests/statements/count.ts'
import { openDepot } from './depot.ts'

onEveryEngine('a wave', (engine) => {
  it('takes as many statements for a dozen fulfilment orders as for one', async () => {
    await using depot = await openDepot(engine, { MUG: { EAST: 90 }, TEA: { EAST: 90 } })
    const wave = async (orders: number) => {
      const ids: string[] = []
      for (let n = 0; n < orders; n++) {
        ids.push((await depot.worked({ MUG: 1, TEA: 2 })).items[0].id)
      }
      const body = { location_id: 'EAST', fulfilment_order_ids: ids }
      const { statements } = await counted(engine, async () => {
        const { status, data } = await depot.ask('POST /api/v1/pick-lists', body)
        assert.deepEqual([status, data.quantity], [201, orders * 3])
      })
      // SQLite runs one statement once for each of its rows.
      return engine === 'sqlite' ? new Set(statements).size : statements.length
    }
    // The first call of all prepares what the others find prepared.
    await wave(1)
    const one = await wave(1)
    assert.equal(await wave(12), one)
    assert.ok(one <= 25, `${one} statements`)
    assert.deepEqual(await depot.violations(), [])
  })
})
