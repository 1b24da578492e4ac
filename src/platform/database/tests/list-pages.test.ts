import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { db as jobs } from '#platform/jobs'
import { insertRows } from '#platform/tables'
import { type House, onEveryEngine, openHouse } from '#testing'
import { pageById } from '../list-pages.ts'

/** Jobs are the rows of this test: they have an id and need nothing else. */
async function addJobs(house: House, many: number): Promise<string[]> {
  return transactAsSystem(house.app, async (ctx) => {
    const rows = Array.from({ length: many }, (_, nth) => ({
      id: ctx.newId('job'),
      name: nth % 2 === 0 ? 'even' : 'odd',
      payload: {},
      status: 'done' as const,
      attempts: 1,
      run_at: ctx.now,
      finished_at: ctx.now,
      created_at: ctx.now,
    }))
    await insertRows(jobs, 'jobs')(ctx, { rows })
    return rows.map(({ id }) => id)
  })
}

type Asked = Parameters<typeof pageById>[1]
type Order = 'newest first' | 'oldest first'

const page = (
  house: House,
  query: Asked,
  { order, name = 'jobs' }: { order?: Order; name?: string } = {},
) =>
  readAsSystem(house.app, (ctx) =>
    pageById(ctx, query, {
      name,
      rows: jobs(ctx).selectFrom('jobs as j').where('j.name', '=', 'even').select('j.id'),
      id: 'j.id',
      ...(order && { order }),
      tell: async (rows) => rows.map(({ id }) => `job ${id}`),
    }),
  )

onEveryEngine('a list by its ids', (engine) => {
  it('comes page by page, each row once, in the order asked for', async () => {
    await using house = await openHouse(engine)
    const even = (await addJobs(house, 11)).filter((_, nth) => nth % 2 === 0)
    for (const order of ['newest first', 'oldest first'] as const) {
      const told: string[] = []
      let cursor: string | undefined
      do {
        const found = await page(house, { limit: 4, ...(cursor && { cursor }) }, { order })
        assert.deepEqual([found.total, found.total_is_estimate], [6, false])
        told.push(...found.items)
        cursor = found.next_cursor ?? undefined
      } while (cursor)
      const expected = order === 'newest first' ? even.toReversed() : even
      assert.deepEqual(
        told,
        expected.map((id) => `job ${id}`),
      )
    }
    const second = await page(house, { limit: 4, page: 2 })
    assert.deepEqual([second.items.length, second.page, second.next_cursor], [2, 2, null])
    const empty = await page(house, { limit: 4, page: 9 })
    assert.deepEqual([empty.items, empty.next_cursor], [[], null])
  })

  it('refuses a cursor of another list, and pages that lie too deep', async () => {
    await using house = await openHouse(engine)
    await addJobs(house, 5)
    const { next_cursor } = await page(house, { limit: 1 })
    const foreign = page(house, { cursor: next_cursor as string }, { name: 'others' })
    await assert.rejects(foreign, { code: 'CURSOR_INVALID' })
    await assert.rejects(page(house, { page: 600, limit: 20 }), { code: 'PAGE_TOO_DEEP' })
  })
})
