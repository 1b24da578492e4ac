import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sql } from 'kysely'
import { transactAsSystem } from '#platform/execute'
import { onEveryEngine, openHouse } from '#testing'
import { renewStatistics } from '../renew-statistics.ts'

onEveryEngine('the statistics of a table that has grown', (engine) => {
  it('are renewed, and plans with them', async () => {
    await using house = await openHouse(engine)
    const rows = Array.from({ length: 300 }, (_, nth) => `('topic ${nth}', '2026-01-01')`)
    await house.database.write(({ kysely }) =>
      sql`insert into migrations (name, applied_at) values ${sql.raw(rows.join(','))}`.execute(
        kysely,
      ),
    )
    await transactAsSystem(house.app, (ctx) => renewStatistics(ctx, ['migrations']))
    if (engine !== 'postgres') return
    const { rows: known } = await house.database.read(({ kysely }) =>
      sql<{ n: number }>`select reltuples::int as n from pg_class
        where relname = 'migrations'`.execute(kysely),
    )
    assert.ok((known[0]?.n ?? 0) >= 300)
  })
})
