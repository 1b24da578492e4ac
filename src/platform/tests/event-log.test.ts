import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { eventsAfter, isHeldBack, lastEvent, settleCopied } from '#platform/event-log/read'
import { emit } from '#platform/events'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { type House, onEveryEngine, openHouse } from '#testing'

/** States an event of a thing; `wait` keeps its transaction open. */
const state = (house: House, id: string, wait: () => Promise<void> = async () => {}) =>
  transactAsSystem(
    house.app,
    async (ctx) => {
      emit(ctx, {
        name: 'thing.changed',
        version: 1,
        entity: { type: 'thing', id },
        payload: { id },
      })
      // The number of a transaction is given by its first write.
      await sql`update schedules set next_at = next_at where name = 'nobody'`.execute(
        ctx.session.kysely,
      )
      if (ctx.session.engine === 'postgres') {
        await sql`select pg_current_xact_id()`.execute(ctx.session.kysely)
      }
      await wait()
    },
    'read committed',
  )

const readOn = async (house: House, after: string | null) =>
  (
    await readAsSystem(house.app, (ctx) => eventsAfter(ctx, { after: after as never, limit: 500 }))
  ).map(({ entity_id }) => entity_id)

onEveryEngine('the log of events', (engine) => {
  it('is read in the order of commits, and nothing appears behind a reader', async () => {
    await using house = await openHouse(engine)
    const [slow, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const first = state(house, 'slow', () => {
      begun.resolve()
      return slow.promise
    })
    await begun.promise
    // SQLite has one writer: what comes second there waits for the first.
    const second = state(house, 'quick')
    if (engine === 'postgres') {
      await second
      assert.deepEqual(await readOn(house, null), [], 'it must wait for the one that began before')
      assert.equal(await readAsSystem(house.app, isHeldBack), true)
    }
    slow.resolve()
    await Promise.all([first, second])
    const settled = async () => (await readOn(house, null)).length === 2
    for (const end = Date.now() + 30_000; !(await settled()); await sleep(5)) {
      assert.ok(Date.now() < end)
    }
    assert.deepEqual(await readOn(house, null), ['slow', 'quick'])
  })

  it('gives every event to a reader once, however many write at the same time', async () => {
    await using house = await openHouse(engine)
    const read: string[] = []
    let after: string | null = null
    let writing = true
    const reader = (async () => {
      for (let last = false; !last; ) {
        last = !writing && !(await readAsSystem(house.app, isHeldBack))
        const events = await readAsSystem(house.app, (ctx) =>
          eventsAfter(ctx, { after: after as never, limit: 7 }),
        )
        read.push(...events.map(({ entity_id }) => entity_id))
        after = events.at(-1)?.id ?? after
        if (events.length > 0) last = false
        await sleep(1)
      }
    })()
    const names = Array.from({ length: 120 }, (_, nth) => `thing-${nth}`)
    const waiting = [...names]
    const write = async () => {
      for (let id = waiting.shift(); id; id = waiting.shift()) await state(house, id)
    }
    await Promise.all(Array.from({ length: 6 }, write))
    writing = false
    await reader
    assert.deepEqual(read.toSorted(), names.toSorted())
  })

  it('survives being copied to a cluster whose transactions have other numbers', async () => {
    await using house = await openHouse(engine)
    await state(house, 'old')
    const cursor = await readAsSystem(house.app, lastEvent)
    if (engine === 'postgres') {
      await house.database.write(async ({ kysely }) => {
        await sql`update events set written_in = 1000000000000`.execute(kysely)
      })
      assert.deepEqual(await readOn(house, null), [])
    }
    while ((await transactAsSystem(house.app, settleCopied, 'read committed')) > 0);
    await state(house, 'new')
    const both = async () => (await readOn(house, null)).length === 2
    for (const end = Date.now() + 30_000; !(await both()); await sleep(5)) {
      assert.ok(Date.now() < end)
    }
    assert.deepEqual(await readOn(house, null), ['old', 'new'])
    if (cursor) assert.deepEqual(await readOn(house, cursor), ['new'])
  })
})
