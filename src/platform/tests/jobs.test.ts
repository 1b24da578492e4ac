import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { Type } from 'typebox'
import type { App } from '#platform/app'
import { transactAsSystem } from '#platform/execute'
import { JobRunner } from '#platform/job-runner'
import { enqueue, type Job, type Schedule } from '#platform/jobs'
import type { Module } from '#platform/module'
import { purges } from '#platform/purges'
import { runIfDue, Scheduler } from '#platform/scheduler'
import { type House, onEveryEngine, openHouse } from '#testing'
import { testClock, until } from './effects.ts'

const settings = { outbox_poll_interval_ms: 20 }
const MINUTE_MS = 60_000

type Greeting = { name: string }
const Greet = Type.Object({ name: Type.String() })

/** A job that does `body`, three times at most. */
const greet = (body: Job<Greeting>['run']): Job =>
  ({ name: 'test.greet', payload: Greet, attempts_max: 3, run: body }) as unknown as Job

/** The house's app with these jobs and schedules, and nothing else in the background. */
function appWith(house: House, adds: Pick<Module, 'jobs' | 'schedules'>): App {
  const module: Module = { name: 'test', tables: {}, migrations: {}, operations: [], ...adds }
  return { ...house.app, modules: [module] }
}

async function ask(house: House, name: string, run_at?: string): Promise<void> {
  await transactAsSystem(house.app, (ctx) =>
    enqueue(ctx, { name: 'test.greet' }, { payload: { name }, ...(run_at && { run_at }) }),
  )
}

async function statuses(house: House): Promise<Record<string, number>> {
  const { rows } = await house.database.read((session) =>
    sql<{ status: string; n: number }>`
      select status, count(*) as n from jobs group by status`.execute(session.kysely),
  )
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]))
}

onEveryEngine('the job runner', (engine) => {
  it('does every job once, with two runners on one database', async () => {
    await using house = await openHouse(engine, { settings })
    const greeted: string[] = []
    const app = appWith(house, { jobs: [greet(async (_, { name }) => void greeted.push(name))] })
    const names = Array.from({ length: 25 }, (_, nth) => `guest ${nth}`)
    for (const name of names) await ask(house, name)

    const runners = [new JobRunner(app), new JobRunner(app)]
    for (const runner of runners) runner.start()
    await until(async () => (await statuses(house)).done === 25)
    for (const runner of runners) await runner.stop()

    assert.deepEqual(greeted.toSorted(), names.toSorted())
  })

  it('does nothing for a job whose transaction was undone, nor before its time', async () => {
    const clock = testClock()
    await using house = await openHouse(engine, { settings, clock: clock.now })
    const greeted: string[] = []
    const app = appWith(house, { jobs: [greet(async (_, { name }) => void greeted.push(name))] })
    const undone = transactAsSystem(house.app, async (ctx) => {
      await enqueue(ctx, { name: 'test.greet' }, { payload: { name: 'nobody' } })
      throw new Error('changed my mind')
    })
    await assert.rejects(undone, /changed my mind/)
    await ask(house, 'later', new Date(clock.now().getTime() + MINUTE_MS).toISOString())
    await ask(house, 'now')

    const runner = new JobRunner(app)
    runner.start()
    await until(() => greeted.length === 1)
    assert.deepEqual(greeted, ['now'])
    clock.forward(MINUTE_MS)
    await until(() => greeted.length === 2)
    await runner.stop()
    assert.deepEqual(greeted, ['now', 'later'])
  })

  it('tries again with the same key, gives up after the last try, and goes on when asked', async () => {
    const clock = testClock()
    await using house = await openHouse(engine, { settings, clock: clock.now })
    const keys = new Set<string>()
    let broken = true
    const app = appWith(house, {
      jobs: [
        greet(async (ctx) => {
          keys.add(ctx.key)
          if (broken) throw new Error('the printer is out of paper')
        }),
      ],
    })
    await ask(house, 'anna')
    const runner = new JobRunner(app)
    house.app.wake = () => runner.wake()
    runner.start()
    await until(async () => {
      clock.forward(10_000)
      return (await statuses(house)).failed === 1
    })

    const list = await house.ask('GET /api/v1/admin/jobs?status=failed')
    const [failed] = list.data.items
    assert.equal(failed.attempts, 3)
    assert.equal(failed.error_message, 'the printer is out of paper')
    broken = false
    const retried = await house.ask(`POST /api/v1/admin/jobs/${failed.id}/retry`)
    assert.equal(retried.data.status, 'waiting')
    await until(async () => (await statuses(house)).done === 1)
    await runner.stop()
    assert.deepEqual([...keys], [failed.id])
    assert.equal((await house.ask(`POST /api/v1/admin/jobs/${failed.id}/retry`)).status, 409)
  })

  it('takes up a job whose process died, once its lease is over', async () => {
    const clock = testClock()
    await using house = await openHouse(engine, { settings, clock: clock.now })
    const greeted: string[] = []
    const job = { ...greet(async (_, { name }) => void greeted.push(name)), lease_ms: MINUTE_MS }
    const app = appWith(house, { jobs: [job] })
    await ask(house, 'bert')
    const lease = new Date(clock.now().getTime() + MINUTE_MS).toISOString()
    await transactAsSystem(house.app, async (ctx) => {
      await sql`update jobs set status = 'running', attempts = 1, run_at = ${lease}`.execute(
        ctx.session.kysely,
      )
    })

    const runner = new JobRunner(app)
    runner.start()
    await new Promise((next) => setTimeout(next, 150))
    assert.deepEqual(greeted, [])
    clock.forward(MINUTE_MS)
    await until(() => greeted.length === 1)
    await runner.stop()
    assert.deepEqual(await statuses(house), { done: 1 })
  })

  it('leaves what this version does not know to the one that does', async () => {
    await using house = await openHouse(engine, { settings })
    const greeted: string[] = []
    const app = appWith(house, { jobs: [greet(async (_, { name }) => void greeted.push(name))] })
    await transactAsSystem(house.app, (ctx) =>
      enqueue(ctx, { name: 'test.of_tomorrow' }, { payload: {} }),
    )
    await ask(house, 'carl')
    const runner = new JobRunner(app)
    runner.start()
    await until(() => greeted.length === 1)
    await runner.stop()
    assert.deepEqual(await statuses(house), { waiting: 1, done: 1 })
  })
})

onEveryEngine('schedules', (engine) => {
  it('run once at each time, however many processes keep them', async () => {
    const clock = testClock()
    await using house = await openHouse(engine, { settings, clock: clock.now })
    let runs = 0
    const schedule: Schedule = {
      name: 'test.tick',
      every_ms: MINUTE_MS,
      run: async () => {
        runs++
        await new Promise((next) => setTimeout(next, 20))
      },
    }
    const tick = () => Promise.all(Array.from({ length: 5 }, () => runIfDue(house.app, schedule)))

    await tick()
    assert.equal(runs, 1)
    await tick()
    assert.equal(runs, 1)
    clock.forward(MINUTE_MS)
    await tick()
    assert.equal(runs, 2)
  })

  it('go on after a run that failed, at the interval that the settings say', async () => {
    await using house = await openHouse(engine, {
      settings: { ...settings, outbox_poll_interval_ms: 15 },
    })
    let runs = 0
    const schedule: Schedule = {
      name: 'test.fails',
      every_ms: ({ outbox_poll_interval_ms }) => outbox_poll_interval_ms,
      run: async () => {
        runs++
        throw new Error('not today')
      },
    }
    const scheduler = new Scheduler(appWith(house, { schedules: [schedule] }))
    scheduler.start()
    await until(() => runs >= 3)
    await scheduler.stop()
    const before = runs
    await new Promise((next) => setTimeout(next, 60))
    assert.equal(runs, before)
  })

  it('purge old answers of idempotency keys and old finished jobs, and nothing else', async () => {
    const clock = testClock()
    await using house = await openHouse(engine, { settings, clock: clock.now })
    const app = appWith(house, { jobs: [greet(async () => {})] })
    const keyed = { headers: { 'idempotency-key': 'first' } }
    await ask(house, 'dora')
    const runner = new JobRunner(app)
    runner.start()
    await until(async () => (await statuses(house)).done === 1)
    await runner.stop()
    const unknown = 'POST /api/v1/admin/jobs/01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10/retry'
    assert.equal((await house.ask(unknown, {}, keyed)).status, 404)
    const count = async (table: string) => {
      const { rows } = await house.database.read((session) =>
        sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(session.kysely),
      )
      return rows[0]?.n
    }
    const purge = async () => {
      for (const schedule of purges) await runIfDue(house.app, schedule)
    }

    await purge()
    assert.deepEqual([await count('idempotency_keys'), await count('jobs')], [1, 1])
    clock.forward(house.app.settings.finished_jobs_kept_days * 24 * 60 * MINUTE_MS - MINUTE_MS)
    await purge()
    assert.deepEqual([await count('idempotency_keys'), await count('jobs')], [0, 1])
    clock.forward(60 * MINUTE_MS)
    await purge()
    assert.deepEqual([await count('idempotency_keys'), await count('jobs')], [0, 0])
  })
})
