import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { sql } from 'kysely'
import type { TSchema } from 'typebox'
import { type ColumnKind, columnKind } from '#platform/database/columns'
import type { Database, Engine, Session } from '#platform/database/database'
import { migrate } from '#platform/database/migrate'
import { onEveryEngine, openEmptyDatabase } from '#testing'
import { modules } from '../src/modules.ts'

const migrations = modules.map((module) => module.migrations)
const declared = modules.flatMap(({ name: module, tables }) =>
  Object.entries(tables).map(([table, { properties }]) => ({ module, table, properties })),
)
// The machinery of migrations itself: prepared before any module could declare a table.
const UNDECLARED = ['migrations', 'schema_hash']
// Full-text indexes differ from engine to engine; platform/database makes and reads them.
const isTextIndex = (name: string) => /_search(_|$)/.test(name)

const STORED_AS: Record<Engine, Record<ColumnKind, string>> = {
  sqlite: {
    uuid: 'text',
    text: 'text',
    bigint: 'integer',
    boolean: 'boolean',
    json: 'json_text',
    timestamptz: 'text',
  },
  postgres: {
    uuid: 'uuid',
    text: 'text',
    bigint: 'int8',
    boolean: 'bool',
    json: 'json',
    timestamptz: 'timestamptz',
  },
}

// The declared tables are what the code believes; the migrated tables are what is. They must agree.
onEveryEngine('the tables', (engine) => {
  let database: Database
  let drop: () => Promise<void>
  before(async () => {
    ;({ database, drop } = await openEmptyDatabase(engine))
    await migrate(database, migrations)
  })
  after(async () => {
    await database.close()
    await drop()
  })

  it('are those that modules declare, no more and no less', async () => {
    const migrated = await database.read(({ kysely }) => kysely.introspection.getTables())
    const names = migrated
      .map(({ name }) => name)
      .filter((name) => !UNDECLARED.includes(name) && !isTextIndex(name))
    assert.deepEqual(names.toSorted(), declared.map(({ table }) => table).toSorted())
  })

  for (const { module, table, properties } of declared) {
    it(`${table} (${module}) is declared exactly as it is migrated`, async () => {
      const tables = await database.read(({ kysely }) => kysely.introspection.getTables())
      const migrated = tables.find(({ name }) => name === table)
      const actual = migrated?.columns.map(({ name, isNullable, dataType }) => ({
        name,
        nullable: isNullable,
        type: dataType.toLowerCase(),
      }))
      const believed = Object.entries(properties).map(([name, schema]) => ({
        name,
        nullable: isNullable(schema),
        type: STORED_AS[engine][columnKind(schema)],
      }))
      assert.deepEqual(actual?.toSorted(byName), believed.toSorted(byName))
    })

    for (const [column, schema] of Object.entries(properties)) {
      const values = valuesOf(schema)
      if (!values) continue
      it(`${table}.${column} accepts exactly: ${values.join(', ')}`, async () => {
        const checks = await database.read((session) => checksOf(session, table))
        assert.deepEqual(await accepted(database, { column, checks, values }), values)
        const foreign = ['', 'nonsense', ` ${values[0]}`, `${values[0]}`.toUpperCase()]
        assert.deepEqual(await accepted(database, { column, checks, values: foreign }), [])
      })
    }
  }
})

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

function optionsOf(schema: TSchema): { type?: string }[] {
  return (schema as { anyOf?: { type?: string }[] }).anyOf ?? []
}
const isNullable = (schema: TSchema) => optionsOf(schema).some(({ type }) => type === 'null')

/** The values of a column that knows only certain words. */
function valuesOf(schema: TSchema): string[] | undefined {
  const all = [schema, ...optionsOf(schema)] as { enum?: string[] }[]
  return all.find((option) => option.enum)?.enum
}

/** The conditions of all CHECKs of a table, as the database keeps them. */
async function checksOf({ engine, kysely }: Session, table: string): Promise<string[]> {
  if (engine === 'postgres') {
    const { rows } = await sql<{ condition: string }>`
      select pg_get_expr(conbin, conrelid) as condition from pg_constraint
      where contype = 'c' and conrelid = ${table}::regclass`.execute(kysely)
    return rows.map(({ condition }) => condition)
  }
  const { rows } = await sql<{ sql: string }>`
    select sql from sqlite_master where type = 'table' and name = ${table}`.execute(kysely)
  const text = rows[0]?.sql ?? ''
  return [...text.matchAll(/\bcheck \(/gi)].map(({ index }) =>
    inBrackets(text, text.indexOf('(', index)),
  )
}

function inBrackets(text: string, from: number): string {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++
    if (text[at] === ')' && --depth === 0) return text.slice(from, at + 1)
  }
  throw new Error(`unbalanced: ${text.slice(from)}`)
}

type Asked = { column: string; checks: readonly string[]; values: readonly string[] }

/** Which of the values pass every CHECK that speaks of this column alone. */
async function accepted(database: Database, { column, checks, values }: Asked): Promise<string[]> {
  const alone: string[] = []
  for (const check of checks) {
    const fits = await holds(database, { column, check, value: values[0] ?? '' }).catch(() => null)
    if (fits !== null) alone.push(check)
  }
  assert.notEqual(alone.length, 0, `no CHECK speaks of ${column} alone`)
  const passing: string[] = []
  for (const value of values) {
    const results = await Promise.all(
      alone.map((check) => holds(database, { column, check, value })),
    )
    if (results.every(Boolean)) passing.push(value)
  }
  return passing
}

/** Evaluates a condition over a row with one column; rejects if it needs another one. */
async function holds(
  database: Database,
  { column, check, value }: { column: string; check: string; value: string },
): Promise<boolean> {
  return database.read(async ({ kysely, engine }) => {
    const row = engine === 'postgres' ? sql`${value}::text` : sql`${value}`
    // SQLite takes an unknown quoted name for text, so its columns are written without quotes.
    const condition = sql.raw(check.replaceAll('"', ''))
    const { rows } = await sql<{ fits: boolean | number }>`
      select ${condition} as fits from (select ${row} as ${sql.ref(column)}) as one`.execute(kysely)
    return Boolean(rows[0]?.fits)
  })
}
