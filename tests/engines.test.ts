import assert from 'node:assert/strict'
import { after, before, beforeEach, it } from 'node:test'
import type { Context } from '#platform/context'
import { writeTogether } from '#platform/database/write-together'
import { onEveryEngine } from '#testing'
import { byNames, counted, setName } from './engines/probe-queries.ts'
import * as probes from './engines/probes.ts'

const { db, findProbe, insertProbes, probe, read, write } = probes

const TRICKY = [
  '',
  ' ',
  "it's",
  '"quoted"',
  '`ticked`',
  'back\\slash',
  '$1 and $2 and $$',
  '?1 :name @name',
  ' returning 1 -- /* */',
  'x returning id',
  '%_like_%',
  'line\nbreak\r\n\ttab',
  '</script><b>',
  'null',
  'true',
  '007',
  '1e5',
  '[]',
  '{"a":1}',
  'ß É é e\u0301 Ω 漢字 🧉 👨‍👩‍👧',
  '\u{10ffff}',
  '\u200b\u202e',
  'x'.repeat(100_000),
]

// What the modules take for granted of a database. A new engine is one that passes this file,
// engines.rows.test.ts and transactions.test.ts.
onEveryEngine('the engine', (engine) => {
  let house: probes.ProbeHouse
  before(async () => {
    house = await probes.openProbes(engine)
  })
  after(() => house.close())
  beforeEach(() => probes.clear(house))

  it('sorts, compares and tells apart text by its bytes', async () => {
    const shuffled = ['b', 'B', 'a-1', 'a1', 'é', 'e\u0301', 'Z', 'z', '_', '🧉', '\uffee', '']
    await write(house, (ctx) =>
      insertProbes(ctx, { rows: shuffled.map((name) => probe(ctx, name)) }),
    )
    const byBytes = shuffled.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    assert.deepEqual(await read(house, probes.names), byBytes)
    const below = await read(house, (ctx) =>
      db(ctx).selectFrom('probes').select('name').where('name', '<', 'a1').execute(),
    )
    assert.deepEqual(below.map(({ name }) => name).toSorted(), ['', 'B', 'Z', '_', 'a-1'])
  })

  it('answers every kind of value as it was stored, and nulls as null', async () => {
    const full = {
      n: Number.MAX_SAFE_INTEGER,
      at: '2026-03-29T00:59:59.999Z',
      is_on: true,
      data: { list: [1, 'two', null, { deep: [true, false] }], text: '"\\$1', none: null },
    }
    const rows = await write(house, async (ctx) => {
      const first = probe(ctx, 'full', full)
      const all = [first, probe(ctx, 'off', { is_on: false, n: 0 }), probe(ctx, 'empty')]
      all.push(probe(ctx, 'child', { owner_id: first.id, n: -Number.MAX_SAFE_INTEGER }))
      await insertProbes(ctx, { rows: all })
      return all
    })
    for (const row of rows) {
      assert.deepEqual({ ...(await read(house, (ctx) => findProbe(ctx, row.id))) }, row)
    }
  })

  it('keeps the milliseconds of an instant, and those that are zero', async () => {
    const instants = [
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.001Z',
      '2026-01-01T00:00:00.100Z',
      '2024-02-29T23:59:59.120Z',
      '1969-12-31T23:59:59.999Z',
      '9999-12-31T23:59:59.999Z',
    ]
    await write(house, (ctx) =>
      insertProbes(ctx, { rows: instants.map((at, nth) => probe(ctx, `${nth}`, { at })) }),
    )
    const inOrder = await read(house, (ctx) =>
      db(ctx).selectFrom('probes').select('at').orderBy('at').execute(),
    )
    assert.deepEqual(
      inOrder.map(({ at }) => at),
      instants.toSorted(),
    )
    const since = await read(house, (ctx) =>
      db(ctx)
        .selectFrom('probes')
        .select('at')
        .where('at', '>', instants[1] as string)
        .execute(),
    )
    assert.equal(since.length, 2)
  })

  it('keeps any JSON object or list as it is', async () => {
    const documents = [
      {},
      [],
      [[null]],
      { a: { b: { c: 1.5 } } },
      ['text', 7, true],
      { 'k\'"': '$1' },
    ]
    for (const [nth, data] of documents.entries()) {
      const one = await write(house, async (ctx) => {
        const row = probe(ctx, `json ${nth}`, { data })
        await insertProbes(ctx, { rows: [row] })
        return row
      })
      const found = await read(house, (ctx) => findProbe(ctx, one.id))
      assert.deepEqual(found?.data, data)
    }
  })

  it('keeps a JSON column alike, whichever way it was written', async () => {
    const data = { street: "O'Neill $1", tags: ['a', null] }
    await write(house, async (ctx) => {
      await insertProbes(ctx, { rows: [probe(ctx, 'rows', { data })] })
      await db(ctx)
        .insertInto('probes')
        .values(probe(ctx, 'values', { data }))
        .execute()
      await db(ctx).insertInto('probes').values(probe(ctx, 'set')).execute()
      await db(ctx).updateTable('probes').set({ data }).where('name', '=', 'set').execute()
    })
    const found = await read(house, (ctx) => db(ctx).selectFrom('probes').selectAll().execute())
    assert.deepEqual(
      found.map((row) => row.data),
      [data, data, data],
    )
  })

  it('hands tricky text through rows, values, lists and writes together unharmed', async () => {
    const stored = await write(house, async (ctx) => {
      const rows = TRICKY.map((name) => probe(ctx, name, { data: { name } }))
      await writeTogether(ctx, { probes: insertProbes.bind(ctx, { rows }) })
      return rows
    })
    const found = await read(house, (ctx) => byNames(ctx, { names: TRICKY }))
    const byId = new Map(found.map((row) => [row.id, row]))
    for (const { id, name } of stored) {
      const { name: kept, data } = byId.get(id) ?? {}
      assert.deepEqual({ kept, data }, { kept: name, data: { name } })
    }
    for (const name of TRICKY) {
      const [alone] = await read(house, (ctx) =>
        db(ctx).selectFrom('probes').select('name').where('name', '=', name).execute(),
      )
      assert.equal(alone?.name, name)
    }
  })

  it('reads nulls, booleans, instants and ids of rows that travel as one value', async () => {
    const at = '2026-05-05T05:05:05.050Z'
    const rows = [
      { id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10', n: 1, at, is_on: true, name: '1' },
      { id: null, n: null, at: null, is_on: null, name: null },
      { id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e11', n: -5, at, is_on: false, name: 'null' },
    ]
    const back = await read(house, (ctx) => counted(ctx, { rows }))
    assert.deepEqual({ ...back[0] }, { n: -4, ids: 2, ats: 2, nobody: 1, on_or_off: 2 })
  })

  it('counts what a write touched, with and without returning', async () => {
    await write(house, async (ctx) => {
      const rows = ['a', 'b', 'c'].map((name, n) => probe(ctx, name, { n }))
      const written = await writeTogether(ctx, {
        made: insertProbes.bind(ctx, { rows }),
        missed: setName.bind(ctx, { from: 'nobody', to: 'x' }),
      })
      assert.deepEqual([written.made.affected, written.missed.affected], [3, 0])
      assert.deepEqual(written.missed.rows, [])
      const named = await setName.run(ctx, { from: 'a', to: 'z' })
      assert.deepEqual([named.affected, named.rows.map(({ n }) => n)], [1, [0]])
      const { numUpdatedRows } = await db(ctx)
        .updateTable('probes')
        .set({ n: 9 })
        .where('name', 'in', ['b', 'c', 'd'])
        .executeTakeFirstOrThrow()
      assert.equal(numUpdatedRows, 2n)
      const { numDeletedRows } = await db(ctx)
        .deleteFrom('probes')
        .where('name', '=', 'nobody')
        .executeTakeFirstOrThrow()
      assert.equal(numDeletedRows, 0n)
    })
  })

  it('answers what writes together return as numbers and text', async () => {
    await write(house, async (ctx) => {
      const n = Number.MAX_SAFE_INTEGER
      await insertProbes(ctx, { rows: [probe(ctx, "'$1'", { n })] })
      const { renamed } = await writeTogether(ctx, {
        renamed: setName.bind(ctx, { from: "'$1'", to: ' returning ' }),
        other: insertProbes.bind(ctx, { rows: [probe(ctx, 'other')] }),
      })
      assert.deepEqual(
        renamed.rows.map((row) => ({ ...row })),
        [{ name: ' returning ', n }],
      )
    })
  })

  it('sums and counts as numbers', async () => {
    await write(house, (ctx) =>
      insertProbes(ctx, { rows: [1, 2, 4].map((n) => probe(ctx, `${n}`, { n })) }),
    )
    const row = await read(house, (ctx) =>
      db(ctx)
        .selectFrom('probes')
        .select((eb) => [eb.fn.sum<number>('n').as('sum'), eb.fn.countAll<number>().as('count')])
        .executeTakeFirstOrThrow(),
    )
    assert.deepEqual({ ...row }, { sum: 7, count: 3 })
  })

  it('refuses what a constraint forbids, whatever it is, and goes on working', async () => {
    const twice = (ctx: Context) =>
      insertProbes(ctx, { rows: [probe(ctx, 'same'), probe(ctx, 'same')] })
    await assert.rejects(write(house, twice), /unique/i)
    const orphan = (ctx: Context) =>
      insertProbes(ctx, { rows: [probe(ctx, 'orphan', { owner_id: ctx.newId('probe') })] })
    await assert.rejects(write(house, orphan), /foreign key/i)
    const nameless = (ctx: Context) =>
      insertProbes(ctx, { rows: [{ ...probe(ctx, ''), name: null as never }] })
    await assert.rejects(write(house, nameless), /not.null/i)
    assert.deepEqual(await read(house, probes.names), [])
  })

  it('keeps answering when a thousand different statements have been prepared', async () => {
    await write(house, (ctx) => insertProbes(ctx, { rows: [probe(ctx, 'here', { n: 1 })] }))
    for (let nth = 0; nth < 1_000; nth++) {
      const found = await read(house, (ctx) =>
        ctx.session.run<{ n: number }>({
          sql: `select n + ${nth} as n from probes`,
          parameters: [],
          kept: nth % 2 === 0,
        }),
      )
      assert.equal(found.rows[0]?.n, 1 + nth)
    }
    const [again] = await read(house, (ctx) => byNames(ctx, { names: ['here'] }))
    assert.equal(again?.n, 1)
  })

  it('never lets a statement on a snapshot write', async () => {
    const wrote = read(house, (ctx) => insertProbes(ctx, { rows: [probe(ctx, 'written')] }))
    await assert.rejects(wrote, /read-?only|readonly/i)
    assert.deepEqual(await read(house, probes.names), [])
  })
})
