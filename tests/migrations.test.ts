import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { it } from 'node:test'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import type { Database, Session } from '#platform/database/database'
import { migrate, migrationStatus } from '#platform/database/migrate'
import type { Migration } from '#platform/database/migrations'
import { createDatabase, onEveryEngine, openEmptyDatabase } from '#testing'
import { modules } from '../src/modules.ts'

const migrations = modules.map((module) => module.migrations)
const names = migrations.flatMap((own) => Object.keys(own))
const inOrder = names.toSorted()

const brokenHalfway: Migration = {
  async up(db, c) {
    await db.schema.createTable('half_done').addColumn('id', c.id).execute()
    await sql`insert into half_done (id) values ('01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10')`.execute(
      db,
    )
    throw new Error('it broke halfway')
  },
}
const withBroken = [...migrations, { '2999-01-01-01-break-halfway': brokenHalfway }]

const tablesOf = async (database: Database): Promise<string[]> => {
  const tables = await database.read(({ kysely }) => kysely.introspection.getTables())
  return tables.map(({ name }) => name)
}

it('every migration has a name of its own that says when and what', () => {
  assert.deepEqual(names.toSorted(), [...new Set(names)].toSorted())
  for (const name of names) assert.match(name, /^20\d\d-\d\d-\d\d-\d\d-[a-z]+(-[a-z]+)+$/)
})

onEveryEngine('migrating', (engine) => {
  it('goes from nothing to the newest schema, and a second time does nothing', async () => {
    await using place = await emptyPlace()
    const { database } = place
    assert.deepEqual((await migrationStatus(database, migrations)).pending, inOrder)
    assert.deepEqual(await migrate(database, migrations), inOrder)
    const done = { applied: inOrder, pending: [], unknown: [], schema_matches: true }
    assert.deepEqual(await migrationStatus(database, migrations), done)
    assert.deepEqual(await migrate(database, migrations), [])
    assert.deepEqual(await migrationStatus(database, migrations), done)
  })

  it('goes forward step by step to the same schema', async () => {
    await using whole = await emptyPlace()
    await using steps = await emptyPlace()
    await migrate(whole.database, migrations)
    for (let nth = 1; nth <= migrations.length; nth++) {
      const applied = await migrate(steps.database, migrations.slice(0, nth))
      assert.deepEqual(applied, Object.keys(migrations[nth - 1] ?? {}).toSorted())
    }
    assert.deepEqual(await hashIn(steps.database), await hashIn(whole.database))
  })

  it('is all or nothing: a migration that breaks halfway leaves an empty database empty', async () => {
    await using place = await emptyPlace()
    await assert.rejects(migrate(place.database, withBroken), /it broke halfway/)
    assert.deepEqual(await tablesOf(place.database), [])
    assert.deepEqual(await migrate(place.database, migrations), inOrder)
  })

  it('is all or nothing: a broken update leaves what was there, with its data', async () => {
    await using place = await emptyPlace()
    const { database } = place
    await migrate(database, migrations)
    const before = await tablesOf(database)
    await assert.rejects(migrate(database, withBroken), /it broke halfway/)
    assert.deepEqual(await tablesOf(database), before)
    const { applied, pending, schema_matches } = await migrationStatus(database, withBroken)
    assert.deepEqual(
      { applied, pending, schema_matches },
      { applied: inOrder, pending: ['2999-01-01-01-break-halfway'], schema_matches: true },
    )
  })

  it('is done once when several processes start at the same moment', async () => {
    const { url, drop } = await createDatabase(engine)
    try {
      const script = join(import.meta.dirname, 'engines/migrate-process.ts')
      const starts = Array.from({ length: 3 }, () =>
        promisify(execFile)(process.execPath, [script, engine, url], { timeout: 60_000 }),
      )
      const done = (await Promise.all(starts)).map(({ stdout }) => JSON.parse(stdout) as string[])
      assert.deepEqual(
        done.toSorted((a, b) => b.length - a.length),
        [inOrder, [], []],
      )
    } finally {
      await drop()
    }
  })

  for (const [what, change] of Object.entries({
    'a column that was added': sql`alter table events add column surprise text`,
    'a column that was dropped': sql`alter table events drop column error`,
    'an index that was added': sql`create index surprise on events (name)`,
    'an index that was dropped': sql`drop index reservations_by_reference`,
    'a table that was added': sql`create table surprise (id integer)`,
    'a table that was dropped': sql`drop table order_taxes`,
  })) {
    it(`notices ${what} by hand`, async () => {
      await using place = await emptyPlace()
      const { database } = place
      await migrate(database, migrations)
      assert.equal((await migrationStatus(database, migrations)).schema_matches, true)
      await database.write(({ kysely }) => change.execute(kysely))
      assert.equal((await migrationStatus(database, migrations)).schema_matches, false)
    })
  }

  if (engine === 'postgres') {
    it('knows its tables again once a dump of them was restored', async () => {
      await using place = await emptyPlace()
      const { database } = place
      await migrate(database, migrations)
      await database.write((session) => readOwnPrintAgain(session))
      assert.equal((await migrationStatus(database, migrations)).schema_matches, true)
    })
  }

  it('notices a database that is newer than the program', async () => {
    await using place = await emptyPlace()
    const { database } = place
    await migrate(database, migrations)
    const { unknown, pending } = await migrationStatus(database, migrations.slice(0, -1))
    assert.deepEqual(
      { unknown, pending },
      { unknown: Object.keys(migrations.at(-1) ?? {}), pending: [] },
    )
  })

  async function emptyPlace() {
    const { database, drop } = await openEmptyDatabase(engine)
    return {
      database,
      async [Symbol.asyncDispose]() {
        await database.close()
        await drop()
      },
    }
  }
})

/** What a restoration does: each CHECK and each partial index is made of what was printed of it. */
async function readOwnPrintAgain({ kysely }: Session): Promise<void> {
  const { rows } = await sql<{ statement: string }>`
    select format('alter table %I drop constraint %I, add constraint %2$I %s',
        c.relname, k.conname, pg_get_constraintdef(k.oid)) as statement
      from pg_constraint k join pg_class c on c.oid = k.conrelid
      where k.connamespace = current_schema()::regnamespace and k.contype = 'c'
    union all
    select format('drop index %I; %s', c.relname, pg_get_indexdef(i.indexrelid))
      from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = current_schema()::regnamespace and i.indpred is not null`.execute(
    kysely,
  )
  assert.ok(rows.length > 100)
  for (const { statement } of rows)
    for (const one of statement.split('; ')) await sql.raw(one).execute(kysely)
}

const hashIn = (database: Database) =>
  database.read(async ({ kysely }) => {
    const { rows } = await sql`select hash from schema_hash`.execute(kysely)
    return rows
  })
