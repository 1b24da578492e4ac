import { sql } from 'kysely'
import { columns } from '#platform/database/columns'
import type { Database, Session } from '#platform/database/database'
import type { Migration } from '#platform/database/migrations'
import { schemaHash } from '#platform/database/schema-hash'

export type MigrationStatus = {
  applied: string[]
  pending: string[]
  /** Applied here, unknown to this version: the database is newer than the program. */
  unknown: string[]
  /** False when someone changed tables by hand since the last migration. */
  schema_matches: boolean
}

type Owned = readonly Record<string, Migration>[]

// Any number does, as long as every process asks for the same one.
const LOCK = 7_265_001

/** What is applied and what waits. Changes nothing. */
export async function migrationStatus(database: Database, owned: Owned): Promise<MigrationStatus> {
  return database.read(async (session) => {
    const known = inOrder(owned).map(([name]) => name)
    if (!(await isPrepared(session))) {
      return { applied: [], pending: known, unknown: [], schema_matches: true }
    }
    const applied = await appliedNames(session)
    return {
      applied,
      pending: known.filter((name) => !applied.includes(name)),
      unknown: applied.filter((name) => !known.includes(name)),
      schema_matches: (await storedHash(session)) === (await schemaHash(session)),
    }
  })
}

/** Applies every pending migration in one transaction: all or nothing. Returns their names. */
export async function migrate(database: Database, owned: Owned): Promise<string[]> {
  const c = columns(database.engine)
  return database.write(async (session) => {
    if (session.engine === 'postgres')
      await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(session.kysely)
    if (!(await isPrepared(session))) await prepareTables(session)
    const applied = new Set(await appliedNames(session))
    const pending = inOrder(owned).filter(([name]) => !applied.has(name))
    for (const [name, migration] of pending) {
      await migration.up(session.kysely, c)
      const now = new Date().toISOString()
      await sql`insert into migrations (name, applied_at) values (${name}, ${now})`.execute(
        session.kysely,
      )
    }
    if (pending.length > 0) {
      const hash = await schemaHash(session)
      await sql`delete from schema_hash`.execute(session.kysely)
      await sql`insert into schema_hash (hash) values (${hash})`.execute(session.kysely)
    }
    return pending.map(([name]) => name)
  }, 'read committed')
}

/** All migrations of all modules; their dated names give one order. */
const inOrder = (owned: Owned) =>
  owned.flatMap((own) => Object.entries(own)).toSorted(([a], [b]) => (a < b ? -1 : 1))

async function isPrepared({ engine, kysely }: Session): Promise<boolean> {
  const found =
    engine === 'postgres'
      ? sql`select 1 as n where to_regclass('migrations') is not null`
      : sql`select 1 as n from sqlite_master where type = 'table' and name = 'migrations'`
  return (await found.execute(kysely)).rows.length > 0
}

async function prepareTables({ engine, kysely }: Session): Promise<void> {
  const c = columns(engine)
  await kysely.schema
    .createTable('migrations')
    .addColumn('name', c.text, (col) => col.notNull().primaryKey())
    .addColumn('applied_at', c.instant, (col) => col.notNull())
    .execute()
  await kysely.schema
    .createTable('schema_hash')
    .addColumn('hash', c.text, (col) => col.notNull().primaryKey())
    .execute()
}

async function appliedNames({ kysely }: Session): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from migrations order by name`.execute(
    kysely,
  )
  return rows.map(({ name }) => name)
}

async function storedHash({ kysely }: Session): Promise<string | undefined> {
  const { rows } = await sql<{ hash: string }>`select hash from schema_hash`.execute(kysely)
  return rows[0]?.hash
}
