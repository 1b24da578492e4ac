import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { sql } from 'kysely'
import type { Context } from '#platform/context'
import { updateChanged } from '#platform/database/update-changed'
import { transactAsSystem } from '#platform/execute'
import { db } from '#platform/idempotency'
import { type House, onEveryEngine, openHouse } from '#testing'

type Thing = { id: string; version: number; name: string; note: string | null; place: object }

const update = updateChanged<Thing, unknown>(db as never, {
  table: 'things',
  columns: ['name', 'note', 'place', 'version'],
  where: sql`note is null`,
})
const known: Thing = { id: 'a', version: 1, name: 'mug', note: null, place: { shelf: 1 } }

onEveryEngine('a row that changes', (engine) => {
  let house: House
  before(async () => {
    house = await openHouse(engine)
  })
  after(() => house.close())

  const withThing = <T>(body: (ctx: Context) => Promise<T>) =>
    transactAsSystem(house.app, async (ctx) => {
      const run = (text: string) => ctx.session.run({ sql: text, parameters: [] })
      await run('drop table if exists things')
      await run(
        'create temporary table things (id text, version integer, name text, note text, place json)',
      )
      await run(`insert into things values ('a', 1, 'mug', null, '{"shelf":1}')`)
      return body(ctx)
    })

  it('is written as it shall be, and only as it was known and where it may', async () => {
    await withThing(async (ctx) => {
      const write = async (from: Thing, to: Thing) =>
        (await ctx.session.run(update(ctx, from, to))).affected
      const cup = { ...known, name: 'cup', version: 2 }
      assert.equal(await write(known, cup), 1)
      assert.equal(await write(known, cup), 0)
      const noted = { ...cup, note: 'broken', place: { shelf: 2 }, version: 3 }
      assert.equal(await write(cup, noted), 1)
      assert.equal(await write(noted, { ...noted, version: 4 }), 0)
      assert.equal(await write(cup, cup), 0, 'nothing differs, but the version has moved')
      const { rows } = await ctx.session.run({
        sql: 'select name, note, version from things',
        parameters: [],
      })
      assert.deepEqual(rows.map(Object.values), [['cup', 'broken', 3]])
    })
  })

  it('names only what differs on SQLite, and all that can change on PostgreSQL', async () => {
    await withThing(async (ctx) => {
      const { parameters } = update(ctx, known, { ...known, name: 'cup', version: 2 })
      const differs = ['cup', 2, 'a', 1]
      const all = ['cup', null, { shelf: 1 }, 2, 'a', 1]
      assert.deepEqual(parameters, engine === 'sqlite' ? differs : all)
    })
  })
})
