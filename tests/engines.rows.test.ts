import assert from 'node:assert/strict'
import { after, before, beforeEach, it } from 'node:test'
import { onEveryEngine } from '#testing'
import {
  addTo,
  byIds,
  byNames,
  byOneOf,
  keepEach,
  sumOf,
  takeEach,
} from './engines/probe-queries.ts'
import * as probes from './engines/probes.ts'

const { insertProbes, probe, read, write } = probes

// However many rows there are, one prepared statement writes, changes or reads them.
onEveryEngine('any number of rows', (engine) => {
  let house: probes.ProbeHouse
  before(async () => {
    house = await probes.openProbes(engine)
  })
  after(() => house.close())
  beforeEach(() => probes.clear(house))

  for (const count of [0, 1, 1_000]) {
    it(`writes, lists and joins ${count} rows with the same statements`, async () => {
      const rows = await write(house, async (ctx) => {
        const some = Array.from({ length: count }, (_, nth) => probe(ctx, `row ${nth}`, { n: nth }))
        const { affected } = await insertProbes.run(ctx, { rows: some })
        assert.equal(affected, count)
        return some
      })
      const listed = await read(house, (ctx) => byIds(ctx, { ids: rows.map(({ id }) => id) }))
      const inOrder = (some: readonly { n: number | null }[]) =>
        some.map(({ n }) => Number(n)).toSorted((a, b) => a - b)
      assert.deepEqual(inOrder(listed), inOrder(rows))
      const chosen = await read(house, (ctx) => byOneOf(ctx, { ids: rows.map(({ id }) => id) }))
      assert.deepEqual(inOrder(chosen), inOrder(rows))
      const changes = rows.map(({ id, n }) => ({ id, more: Number(n) + 1 }))
      const { affected } = await write(house, (ctx) => addTo.run(ctx, { changes }))
      assert.equal(affected, count)
      const total = await read(house, async (ctx) => (await sumOf(ctx, {}))[0]?.total ?? null)
      assert.equal(total, count === 0 ? null : count * count)
    })
  }

  for (const count of [0, 1, 1_000]) {
    it(`changes of ${count} rows those that pass the guard, and counts them`, async () => {
      await write(house, async (ctx) => {
        const rows = Array.from({ length: count }, (_, n) => probe(ctx, `row ${n}`, { n }))
        await insertProbes(ctx, { rows })
        const taken = rows.map(({ id }) => ({ id, more: 500 }))
        const { affected, rows: left } = await takeEach.run(ctx, { rows: taken })
        const passing = Math.max(count - 500, 0)
        assert.deepEqual([affected, left.length], [passing, passing])
        const sum = left.reduce((total, { n }) => total + n, 0)
        assert.equal(sum, left.length === 0 ? 0 : (passing * (passing - 1)) / 2)
      })
    })

    it(`keeps of ${count} rows those that are new, and counts them`, async () => {
      await write(house, async (ctx) => {
        await insertProbes(ctx, { rows: [probe(ctx, 'row 0', { n: 7 })] })
        const rows = Array.from({ length: count }, (_, n) => probe(ctx, `row ${n}`, { n }))
        const { affected } = await keepEach.run(ctx, { rows: rows as never })
        assert.equal(affected, Math.max(count - 1, 0))
        const [first] = await byNames(ctx, { names: ['row 0'] })
        assert.equal(first?.n, 7)
        const total = (await sumOf(ctx, {}))[0]?.total
        assert.equal(total, 7 + count * Math.max(count - 1, 0))
      })
    })
  }
})
