import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { BenchDatabase, Engine } from './database.ts'

/** A piece of SQL over `n.i`, the running number of the row that is made. */
export type Expression = string

/** The few expressions that the two engines spell differently. */
export type Dialect = {
  /**
   * A UUID version 7 of the instant `ms`, told apart by a number of its kind and a running number.
   */
  uuid(kind: number, ms: Expression, number: Expression): Expression
  /** The instant of Unix milliseconds. */
  instant(ms: Expression): Expression
  /** The day of an instant in UTC, as `2026-03-29`. */
  day(instant: Expression): Expression
  /** A UUID as text. */
  text(uuid: Expression): Expression
  /** A text as JSON. */
  json(text: Expression): Expression
  /** A number with leading zeros. */
  padded(number: Expression, digits: number): Expression
  /** A relation `n(i)` of the whole numbers from 0 up to `count`, without it. */
  numbers(count: number): string
  /**
   * The full-text index's columns beside `rowid`: fields of lower-case words, and keys as words.
   */
  searchDocument(
    fields: Record<string, SearchField>,
    keys: readonly Expression[],
    number: Expression,
  ): Record<string, Expression>
}

/** Words as expressions, and the weight of the field that they stand in. */
export type SearchField = { weight: 'A' | 'B' | 'D'; words: readonly Expression[] }

const DIALECTS: Record<Engine, Dialect> = {
  sqlite: {
    uuid: (kind, ms, number) =>
      `printf('%08x-%04x-7%03x-8000-%012x', (${ms}) >> 16, (${ms}) & 65535, ${kind}, ${number})`,
    instant: (ms) => `strftime('%Y-%m-%dT%H:%M:%fZ', (${ms}) / 1000.0, 'unixepoch')`,
    day: (instant) => `substr(${instant}, 1, 10)`,
    text: (uuid) => uuid,
    json: (text) => text,
    padded: (number, digits) => `printf('%0${digits}d', ${number})`,
    numbers: (count) =>
      `(with recursive c(i) as (select 0 union all select i + 1 from c where i + 1 < ${count}) select i from c) n`,
    searchDocument: (fields, keys) => ({
      ...Object.fromEntries(
        Object.entries(fields).map(([name, { words }]) => [name, spaced(words)]),
      ),
      keys: spaced(keys),
    }),
  },
  postgres: {
    uuid: (kind, ms, number) =>
      `(lpad(to_hex((${ms})::bigint), 12, '0') || '7${kind.toString(16).padStart(3, '0')}8000' || ` +
      `lpad(to_hex((${number})::bigint), 12, '0'))::uuid`,
    instant: (ms) => `to_timestamp((${ms}) / 1000.0)`,
    day: (instant) => `to_char((${instant}) at time zone 'UTC', 'YYYY-MM-DD')`,
    text: (uuid) => `(${uuid})::text`,
    json: (text) => `(${text})::json`,
    padded: (number, digits) => `lpad((${number})::text, ${digits}, '0')`,
    numbers: (count) => `generate_series(0::bigint, ${count - 1}) n(i)`,
    searchDocument(fields, keys, number) {
      const words = Object.values(fields).flatMap((field) =>
        field.words.map((word) => ({ word, weight: field.weight })),
      )
      const lexemes = words.map(
        ({ word, weight }, nth) => `'''' || ${word} || ''':${nth + 1}${weight}'`,
      )
      // The windows of newest rows that full-text.ts looks through first.
      const windows = [11, 13, 15, 17].map((bits) => `'¤w${bits}x' || ((${number}) >> ${bits})`)
      return { document: `(${spaced([...keys, ...windows, ...lexemes])})::tsvector` }
    },
  },
}

/** Expressions put together as one text, a space between two. */
export const spaced = (expressions: readonly Expression[]): Expression =>
  expressions.join(` || ' ' || `)

/** One of the words, by a number; each is as frequent as any other. */
export const oneOf = (words: readonly string[], number: Expression): Expression =>
  `case (${number}) % ${words.length} ${words
    .map((word, nth) => `when ${nth} then '${word}'`)
    .join(' ')} end`

/** What fills a database, statement after statement, in one transaction. */
export type Loader = {
  dialect: Dialect
  run(sql: string): Promise<void>
  /** Makes the numbers of a table go on after the one given, where the engine counts by itself. */
  countFrom(table: string, last: number): Promise<void>
  /** The first column of the rows of a query. */
  column<T>(sql: string): Promise<T[]>
}

/** Inserts one row for each number from 0 up to `count`; values are expressions over `n.i`. */
export function insertNumbered(
  { dialect, run }: Loader,
  table: string,
  { count, values, join = '', where }: Rows,
): Promise<void> {
  const columns = Object.keys(values)
  const selected = Object.values(values).join(', ')
  const filter = where ? ` where ${where}` : ''
  return run(
    `insert into ${table} (${columns.join(', ')}) select ${selected} from ${dialect.numbers(count)} ${join}${filter}`,
  )
}

export type Rows = {
  count: number
  values: Record<string, Expression>
  /** A join of something else to `n`. */
  join?: string
  where?: string
}

/**
 * Opens a database that no server uses, lends a loader to `work`, commits, and gathers statistics.
 */
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
    countFrom: async () => {},
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
      countFrom: async (table, last) =>
        void (await client.query(`select setval('${table}_numbers', ${last})`)),
      column: async <C>(sql: string) =>
        (await client.query({ text: sql, rowMode: 'array' })).rows.map(([first]) => first as C),
    })
    await client.query('commit')
    await vacuumLoaded(client)
    await client.query('checkpoint')
    return result
  } finally {
    await client.end()
  }
}

/**
 * What autovacuum would have done in the hours that such data takes to come together. Empty tables
 * are left alone: PostgreSQL plans for growth where it never looked, but where it has seen that
 * there is nothing, connections keep plans that read all of what is there later.
 */
export async function vacuumLoaded(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0`,
  )
  await client.query(`vacuum (analyze) ${rows.map(({ name }) => name).join(', ')}`)
}
