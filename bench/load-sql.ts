import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { BenchDatabase, Engine } from './database.ts'

/** A piece of SQL over `n.i`, the running number of the row that is made. */
export type Expression = string

/** The few expressions that the two engines spell differently. */
export type Dialect = {
  /** A UUID version 7 of the instant `ms`, told apart by a number of its kind and a running number. */
  uuid(kind: number, ms: Expression, number: Expression): Expression
  /** The instant of Unix milliseconds. */
  instant(ms: Expression): Expression
  /** A number with leading zeros. */
  padded(number: Expression, digits: number): Expression
  /** A relation `n(i)` of the whole numbers from 0 up to `count`, without it. */
  numbers(count: number): string
}

const DIALECTS: Record<Engine, Dialect> = {
  sqlite: {
    uuid: (kind, ms, number) =>
      `printf('%08x-%04x-7%03x-8000-%012x', (${ms}) >> 16, (${ms}) & 65535, ${kind}, ${number})`,
    instant: (ms) => `strftime('%Y-%m-%dT%H:%M:%fZ', (${ms}) / 1000.0, 'unixepoch')`,
    padded: (number, digits) => `printf('%0${digits}d', ${number})`,
    numbers: (count) =>
      `(with recursive c(i) as (select 0 union all select i + 1 from c where i + 1 < ${count}) select i from c) n`,
  },
  postgres: {
    uuid: (kind, ms, number) =>
      `(lpad(to_hex((${ms})::bigint), 12, '0') || '7${kind.toString(16).padStart(3, '0')}8000' || ` +
      `lpad(to_hex((${number})::bigint), 12, '0'))::uuid`,
    instant: (ms) => `to_timestamp((${ms}) / 1000.0)`,
    padded: (number, digits) => `lpad((${number})::text, ${digits}, '0')`,
    numbers: (count) => `generate_series(0::bigint, ${count - 1}) n(i)`,
  },
}

/** What fills a database, statement after statement, in one transaction. */
export type Loader = {
  dialect: Dialect
  run(sql: string): Promise<void>
  /** The first column of the rows of a query. */
  column<T>(sql: string): Promise<T[]>
}

/** Inserts one row for each number from 0 up to `count`; values are expressions over `n.i`. */
export function insertNumbered(
  { dialect, run }: Loader,
  table: string,
  { count, values, where }: { count: number; values: Record<string, Expression>; where?: string },
): Promise<void> {
  const columns = Object.keys(values)
  const selected = Object.values(values).join(', ')
  const filter = where ? ` where ${where}` : ''
  return run(
    `insert into ${table} (${columns.join(', ')}) select ${selected} from ${dialect.numbers(count)}${filter}`,
  )
}

/** Opens a database that no server uses, lends a loader to `work`, commits, and gathers statistics. */
export function withLoader<T>(
  database: BenchDatabase,
  work: (loader: Loader) => Promise<T>,
): Promise<T> {
  return database.engine === 'sqlite' ? onSqlite(database, work) : onPostgres(database, work)
}

async function onSqlite<T>(
  { path }: BenchDatabase,
  work: (loader: Loader) => Promise<T>,
): Promise<T> {
  const sqlite = new DatabaseSync(path)
  // Nothing here is worth a wait for the disk: what breaks is made again.
  sqlite.exec('pragma synchronous = off; pragma cache_size = -262144; begin')
  const result = await work({
    dialect: DIALECTS.sqlite,
    run: async (sql) => sqlite.exec(sql),
    column: async <C>(sql: string) =>
      sqlite
        .prepare(sql)
        .all()
        .map((row) => Object.values(row)[0] as C),
  })
  sqlite.exec('commit; pragma wal_checkpoint(truncate)')
  sqlite.close()
  return result
}

async function onPostgres<T>(
  { url }: BenchDatabase,
  work: (loader: Loader) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('begin')
    const result = await work({
      dialect: DIALECTS.postgres,
      run: async (sql) => void (await client.query(sql)),
      column: async <C>(sql: string) =>
        (await client.query({ text: sql, rowMode: 'array' })).rows.map(([first]) => first as C),
    })
    await client.query('commit')
    // What autovacuum would have done in the hours that such data takes to come together.
    await client.query('vacuum (analyze)')
    await client.query('checkpoint')
    return result
  } finally {
    await client.end()
  }
}
