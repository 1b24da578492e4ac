import { sql } from 'kysely'
import { insertEach, updateEach } from '#platform/database/each-row'
import { prepared, rawQuery } from '#platform/database/prepared'
import { isOneOf, listOf, rowset } from '#platform/database/rowset'
import { db } from './probes.ts'

export const byNames = prepared(db, (open, p: { names: readonly string[] }, engine) =>
  open
    .selectFrom('probes')
    .selectAll()
    .where('name', 'in', listOf(engine, p.names, 'text')),
)
export const byIds = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('probes')
    .selectAll()
    .where('id', 'in', listOf(engine, p.ids, 'uuid')),
)
export const sumOf = prepared(db, (open, _: object) =>
  open.selectFrom('probes').select((eb) => eb.fn.sum<number>('n').as('total')),
)
export const setName = prepared(db, (open, p: { from: string; to: string }) =>
  open
    .updateTable('probes')
    .set({ name: p.to })
    .where('name', '=', p.from)
    .returning(['name', 'n']),
)

type Add = { id: string; more: number }
export const addTo = prepared(db, (open, p: { changes: readonly Add[] }, engine) =>
  rawQuery(
    open,
    sql`update probes set n = n + d.more
      from ${rowset<Add>(engine, p.changes, { id: 'uuid', more: 'bigint' })} as d
      where probes.id = d.id`,
  ),
)

type Mixed = {
  id: string | null
  n: number | null
  at: string | null
  is_on: boolean | null
  name: string | null
}
type Counted = { n: number; ids: number; ats: number; nobody: number; on_or_off: number }
export const counted = prepared(db, (open, p: { rows: readonly Mixed[] }, engine) => {
  const rows = rowset<Mixed>(engine, p.rows, {
    id: 'uuid',
    n: 'bigint',
    at: 'timestamptz',
    is_on: 'boolean',
    name: 'text',
  })
  return rawQuery<Counted>(
    open,
    sql`select sum(r.n) as n, count(r.id) as ids, count(r.is_on) as on_or_off,
      count(case when r.at = '2026-05-05T05:05:05.050Z' then 1 end) as ats,
      count(case when r.name is null then 1 end) as nobody from ${rows} as r`,
  )
})

export const byOneOf = prepared(db, (open, p: { ids: readonly string[] }, engine) =>
  open
    .selectFrom('probes')
    .selectAll()
    .where(isOneOf(engine, 'probes.id', { values: p.ids, kind: 'uuid' })),
)

/** Takes so many of each, where there are as many. */
export const takeEach = updateEach<Add, unknown, { id: string; n: number }>(
  db as never,
  { id: 'uuid', more: 'bigint' },
  {
    table: 'probes',
    key: ['id'],
    set: ({ more }) => ({ n: sql`probes.n - ${more}` }),
    where: ({ more }) => sql`probes.n >= ${more}`,
    returning: ['id', 'n'],
  },
)

/** Makes what is not there yet. */
export const keepEach = insertEach<{ id: string; name: string; n: number }, unknown>(
  db as never,
  { id: 'uuid', name: 'text', n: 'bigint' },
  {
    table: 'probes',
    values: ({ id, name, n }) => ({ id, name, n: sql`${n} * 2` }),
    onConflict: sql`on conflict (name) do nothing`,
  },
)
