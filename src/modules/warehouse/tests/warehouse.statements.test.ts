import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Id } from '#kit/ids'
import { systemProcess } from '#platform/execute'
import { onEveryEngine } from '#testing'
import { type Count, counted } from '../../../../tests/statements/count.ts'
import { countJob } from '../counts/job.ts'
import { type Floor, openFloor, stockMany } from './floor.ts'

const asks = (floor: Floor, route: string, body?: object): Promise<Count> =>
  counted(floor.house.database.engine, async () => void (await floor.make(route, body)))

const same = (one: Count, many: Count, what: string) => {
  assert.deepEqual(new Set(many.statements), new Set(one.statements), what)
  assert.equal(many.waits, one.waits, what)
}

onEveryEngine('the warehouse asks the database', (engine) => {
  it('by the same statements for two lines as for fifty: receipts, moves, counts', async () => {
    await using floor = await openFloor(engine)
    const bins = [{ code: 'A' }, { code: 'B' }]
    await floor.make('POST /api/v1/warehouse/bins', { location_id: 'MAIN', bins })
    await floor.make('POST /api/v1/locations/MAIN/start-bins')
    await stockMany(floor, 60)
    const { items } = await floor.make('GET /api/v1/warehouse/places?limit=60')
    const skus: string[] = items.map((one: any) => one.item_number)
    const receive = (nth: number) => {
      const lines = skus.slice(0, nth).map((item_id) => ({ item_id, quantity: 2, bin: 'MAIN-A' }))
      return asks(floor, 'POST /api/v1/warehouse/receipts', { location_id: 'MAIN', lines })
    }
    await receive(2)
    same(await receive(2), await receive(50), 'receipts')
    const move = (nth: number) => {
      const lines = skus
        .slice(0, nth)
        .map((item_id) => ({ item_id, quantity: 1, from_bin: 'MAIN-A', to_bin: 'MAIN-B' }))
      return asks(floor, 'POST /api/v1/warehouse/moves', { location_id: 'MAIN', lines })
    }
    await move(2)
    same(await move(2), await move(50), 'moves')

    const counts: Record<string, Count>[] = []
    for (const [nth, many] of [2, 2, 50].entries()) {
      const item_ids = skus.slice(0, many)
      const body = { location_id: 'MAIN', item_ids }
      const { id } = await floor.make('POST /api/v1/cycle-counts', body)
      const { items: sheet } = await floor.make(`GET /api/v1/cycle-counts/${id}/sheet?limit=100`)
      const lines = sheet.map((line: any) => ({ line_id: line.id, quantity: 20 + nth }))
      const at = `POST /api/v1/cycle-counts/${id}`
      const enter = await asks(floor, `${at}/entries`, { lines })
      counts.push({ enter, approve: await asks(floor, `${at}/approve`, { skip_uncounted: true }) })
    }
    const [, two, fifty] = counts as [object, Record<string, Count>, Record<string, Count>]
    for (const call of ['enter', 'approve']) same(two[call] as Count, fifty[call] as Count, call)
    assert.deepEqual(await floor.house.violations(), [])
  })

  it('for a large count in batches, which go on where the last one ended', async () => {
    await using floor = await openFloor(engine)
    const MANY = 2_300
    await stockMany(floor, MANY)
    const process = systemProcess(floor.house.app)
    const work = (id: string) => countJob.run(process, { count_id: id as Id<'cycle_count'> })

    const planned = await floor.make('POST /api/v1/cycle-counts', { location_id: 'MAIN' })
    assert.deepEqual([planned.status, planned.lines], ['planning', 1_000])
    const at = `/api/v1/cycle-counts/${planned.id}`
    const early = { lines: [{ line_id: planned.id, quantity: 1 }] }
    assert.equal(await floor.refused(`POST ${at}/entries`, early), 'CYCLE_COUNT_NOT_OPEN')
    await work(planned.id)
    const open = await floor.make(`GET ${at}`)
    assert.deepEqual([open.status, open.lines], ['counting', MANY])

    const ids: string[] = []
    for (let cursor = ''; ; ) {
      const page = await floor.make(`GET ${at}/sheet?limit=100${cursor}`)
      ids.push(...page.items.map((line: any) => line.id))
      if (page.next_cursor === null) break
      cursor = `&cursor=${page.next_cursor}`
    }
    assert.equal(new Set(ids).size, MANY)
    for (let from = 0; from < MANY; from += 500) {
      const lines = ids.slice(from, from + 500).map((line_id) => ({ line_id, quantity: 4 }))
      await floor.make(`POST ${at}/entries`, { lines })
    }
    const approved = await floor.make(`POST ${at}/approve`)
    assert.deepEqual([approved.status, approved.lines_settled], ['approving', 500])
    assert.equal(await floor.refused(`POST ${at}/cancel`), 'CYCLE_COUNT_CANNOT_CANCEL')
    await Promise.all([work(planned.id), work(planned.id)])
    const done = await floor.make(`GET ${at}`)
    assert.deepEqual([done.status, done.lines_settled], ['completed', MANY])
    assert.equal(await floor.onHand('I-02299'), 4)
    assert.deepEqual(await floor.house.violations(), [])
  })
})
