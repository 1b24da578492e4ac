import assert from 'node:assert/strict'
import { it } from 'node:test'
import { JobRunner } from '#platform/job-runner'
import { type House, onEveryEngine, openHouse } from '#testing'
import { type Deed, deathsIn, letTimePass, type Moment } from '../../../../tests/crash/death.ts'
import { floorOf, stockMany } from './floor.ts'

/** Lines of the batches: two whole ones, and what is left for a third. */
const LINES = 1_001
const BATCH = 500
const COUNTED = 4
const headers = { 'idempotency-key': 'the-key-of-the-one-who-died' }
/** The first case waits until all have died, and a thousand lines are counted before. */
const PATIENT = { timeout: 300_000 }

async function prepare(house: House) {
  const { data: location } = await house.ask('POST /api/v1/locations', { code: 'MAIN', name: 'M' })
  const floor = floorOf(house, location.id)
  await stockMany(floor, LINES)
  return floor
}

/** Does the jobs that wait until something is so, as a process does that came up again. */
async function work(house: House, isDone: () => Promise<boolean>): Promise<void> {
  const runner = new JobRunner(house.app)
  runner.start()
  for (let waited = 0; !(await isDone()); waited += 50) {
    assert.ok(waited < 120_000, 'its job was never taken up again')
    await new Promise((done) => setTimeout(done, 50))
  }
  await runner.stop()
}

type Approving = { at: Moment; jobs: boolean; left: [status: string, settled: number] }

// Goal: whenever the server dies while a large count is posted, in the request or in its job, each
// difference is posted once, and the count is completed by whoever comes after.
// Method: a process is killed in the request, between it and its job, and inside a batch of the
// job; then another one does what waits. Each batch posts one unit a line too few.
onEveryEngine('a server that dies while it posts a cycle count', (engine) => {
  const dying = deathsIn(engine, {
    async prepare(house) {
      const floor = await prepare(house)
      const planned = await floor.make('POST /api/v1/cycle-counts', { location_id: 'MAIN' })
      const path = `/api/v1/cycle-counts/${planned.id}`
      await work(house, async () => (await floor.make(`GET ${path}`)).status === 'counting')
      const ids: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: any = await floor.make(`GET ${path}/sheet?limit=100${cursor}`)
        ids.push(...page.items.map((line: any) => line.id))
        cursor = page.next_cursor === null ? null : `&cursor=${page.next_cursor}`
      }
      for (let from = 0; from < LINES; from += BATCH) {
        const some = ids.slice(from, from + BATCH)
        const lines = some.map((line_id) => ({ line_id, quantity: COUNTED }))
        await floor.make(`POST ${path}/entries`, { lines })
      }
      return { path, location_id: floor.location_id }
    },
  })

  const CASES: Record<string, Approving> = {
    'before the approval is committed': {
      at: { commit: 1 },
      jobs: false,
      left: ['counting', 0],
    },
    'before the approval is told': { at: 'told', jobs: false, left: ['approving', BATCH] },
    'when its job has been taken up': { at: { commit: 3 }, jobs: true, left: ['approving', BATCH] },
    'in the middle of its job': { at: { commit: 4 }, jobs: true, left: ['approving', 2 * BATCH] },
  }
  for (const [step, { at, jobs, left }] of Object.entries(CASES)) {
    const died = dying(at, ({ path }): Deed[] => [
      { route: `POST ${path}/approve`, headers },
      ...(jobs ? [{ jobs: true } as const] : []),
    ])
    it(`${step}: each difference is posted once`, PATIENT, async () => {
      const { shop, url, settings } = await died()
      const { path, location_id } = shop
      await using house = await openHouse(engine, { at: url, settings })
      const floor = floorOf(house, location_id)
      const found = await floor.make(`GET ${path}`)
      assert.deepEqual([found.status, found.lines_settled], left, 'it died at another step')
      assert.deepEqual(await house.violations(), [], 'right after the crash')

      await letTimePass(engine, url)
      await floor.make(`POST ${path}/approve`, {}, { headers })
      await work(house, async () => (await floor.make(`GET ${path}`)).status === 'completed')
      const done = await floor.make(`GET ${path}`)
      assert.deepEqual([done.status, done.lines_settled], ['completed', LINES])
      for (const sku of ['I-00000', 'I-00700', 'I-01000']) {
        assert.equal(await floor.onHand(sku), COUNTED)
        const { items } = await floor.make(`GET /api/v1/inventory/${sku}/movements`)
        const posted = items.filter((one: any) => one.reference_id === done.id)
        assert.deepEqual(
          posted.map((one: any) => one.quantity_delta),
          [-1],
        )
      }
      assert.deepEqual(await house.violations(), [])
    })
  }
})

// Goal: an import that was cut off goes on behind its last batch and writes no row twice.
onEveryEngine('a server that dies while it imports counted stock', (engine) => {
  const dying = deathsIn(engine, {
    async prepare(house) {
      const { location_id } = await prepare(house)
      const rows = Array.from(
        { length: LINES },
        (_, nth) => `I-${String(nth).padStart(5, '0')},MAIN,${COUNTED}`,
      )
      const { statusCode, body } = await house.http.inject({
        method: 'POST',
        url: '/api/v1/inventory/import',
        headers: { 'x-api-key': house.adminKey, 'content-type': 'text/csv' },
        payload: ['sku,location,quantity', ...rows, ''].join('\r\n'),
      })
      assert.equal(statusCode, 202, body)
      return { path: `/api/v1/imports/${JSON.parse(body).data.id}`, location_id }
    },
  })

  // Its job is taken up; two batches are checked, and that there is no third. Then come the batches
  // that are applied, each without its last row, to which the next ones could belong.
  const STEPS: Record<string, { at: Moment; applied: number }> = {
    'in its first batch': { at: { commit: 5 }, applied: 0 },
    'in its second batch': { at: { commit: 6 }, applied: BATCH - 1 },
  }
  for (const [step, { at, applied }] of Object.entries(STEPS)) {
    const died = dying(at, () => ({ jobs: true }))
    it(`${step}: each row is applied once`, PATIENT, async () => {
      const { shop, url, settings } = await died()
      const { path, location_id } = shop
      await using house = await openHouse(engine, { at: url, settings })
      const floor = floorOf(house, location_id)
      const found = await floor.make(`GET ${path}`)
      assert.deepEqual([found.status, found.rows_applied], ['applying', applied])
      assert.deepEqual(await house.violations(), [], 'right after the crash')

      await letTimePass(engine, url)
      await work(house, async () => (await floor.make(`GET ${path}`)).status === 'done')
      const done = await floor.make(`GET ${path}`)
      assert.deepEqual([done.rows_applied, done.levels_changed], [LINES, LINES])
      for (const sku of ['I-00000', 'I-01000']) {
        const { items } = await floor.make(`GET /api/v1/inventory/${sku}/movements`)
        assert.deepEqual(
          items.map((one: any) => one.quantity_delta),
          [COUNTED - 5, 5],
        )
      }
      assert.deepEqual(await house.violations(), [])
    })
  }
})
