import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { customerEvents } from '#modules/customers'
import type { App } from '#platform/app'
import type { Context } from '#platform/context'
import { inCommitOrder } from '#platform/database/commit-order'
import { inBatches } from '#platform/event-log/batch-reader'
import { readCursor } from '#platform/event-log/cursor'
import type { LoggedEvent } from '#platform/event-log/read'
import { readAsSystem } from '#platform/execute'
import { JobRunner } from '#platform/job-runner'
import type { Module } from '#platform/module'
import { eventually, type House, onEveryEngine, openHouse } from '#testing'

const POLL = { settings: { outbox_poll_interval_ms: 10 } }

/** Enters so many customers; answers their ids. */
async function customers(house: House, count: number, name = 'Ada'): Promise<string[]> {
  const ids: string[] = []
  for (let nth = 0; nth < count; nth++) {
    const person = { email: `${name}${nth}@example.com`, first_name: name, last_name: 'Brook' }
    ids.push((await house.ask('POST /api/v1/customers', person)).data.id)
  }
  return ids
}

const idOf = ({ entity_id }: LoggedEvent) => entity_id

// Not until the last that may be read: others on the server may still hold back the newest one.
const untilRead = (house: House, name: string) =>
  eventually(() =>
    readAsSystem(house.app, async (ctx) => {
      const newest = sql<{ id: string }>`select e.id from events as e
        order by ${inCommitOrder(ctx.session.engine, 'desc')} limit 1`
      const { rows } = await newest.execute(ctx.session.kysely)
      return (await readCursor(ctx, name))?.after_event_id === rows[0]?.id
    }),
  )

/** Writes down in the transaction what was taken: what is tried and undone leaves no note. */
async function note(ctx: Context, id: string): Promise<void> {
  const place = String((await notes(ctx)).length).padStart(4, '0')
  await sql`insert into schedules (name, next_at)
    values (${`taken ${place} ${id}`}, ${ctx.now})`.execute(ctx.session.kysely)
}

async function notes(ctx: Context): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from schedules
    where name like 'taken %' order by name`.execute(ctx.session.kysely)
  return rows.map(({ name }) => name.split(' ')[2] as string)
}

const noted = (house: House) => readAsSystem(house.app, notes)

/** The app with one reader's job and nothing else in the background. */
const appWith = ({ app }: House, { job }: Pick<ReturnType<typeof inBatches>, 'job'>): App => ({
  ...app,
  modules: [{ name: 'reader', tables: {}, migrations: {}, operations: [], jobs: [job] } as Module],
})

onEveryEngine('a reader of the log in batches', (engine) => {
  it('takes what it wants once and in order, however many processes read', async () => {
    await using house = await openHouse(engine, POLL)
    await using other = await openHouse(engine, { ...POLL, at: house.url })
    const reader = inBatches({
      name: 'test.customers',
      events: [customerEvents.created],
      async take(ctx, events) {
        for (const event of events) await note(ctx, idOf(event))
      },
    })
    const wanted = await customers(house, 30)
    const workers = [house.app, other.app, house.app].map((app) => reader.worker(app))
    wanted.push(...(await customers(other, 10, 'Bo')))
    await untilRead(house, 'test.customers')
    await Promise.all(workers.map((worker) => worker.stop()))
    assert.deepEqual(await noted(house), wanted)

    // One that begins later goes on where they stopped.
    const [more] = await customers(house, 1, 'Cy')
    const late = reader.worker(other.app)
    await untilRead(house, 'test.customers')
    await late.stop()
    assert.deepEqual(await noted(house), [...wanted, more])
  })

  it('undoes a batch that fails, and leaves what no batch can do to a job each', async () => {
    await using house = await openHouse(engine, POLL)
    const batches: number[] = []
    let bad: string | undefined
    const reader = inBatches({
      name: 'test.customers',
      events: [customerEvents.created],
      async take(ctx, events) {
        batches.push(events.length)
        for (const event of events) await note(ctx, idOf(event))
        if (events.some((event) => idOf(event) === bad)) throw new Error('not this one')
      },
    })
    const [first, second, third] = await customers(house, 3)
    bad = second
    const worker = reader.worker(house.app)
    const jobs = new JobRunner(appWith(house, reader))
    await untilRead(house, 'test.customers')
    jobs.start()
    await eventually(async () => (await noted(house)).length === 2)
    await worker.stop()
    await jobs.stop()
    // What a failed try wrote is gone with it.
    assert.deepEqual(new Set(await noted(house)), new Set([first, third]))
    assert.deepEqual(batches.slice(0, 3), [3, 3, 3])
  })
})
