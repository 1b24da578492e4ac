import { type ColumnDataType, type Expression, sql } from 'kysely'
import type { TSchema } from 'typebox'
import type { Engine } from '#platform/database/database'

type ColumnType = ColumnDataType | Expression<unknown>

/** The house's column types: what makes two engines store, compare and sort alike. */
export function columns(engine: Engine) {
  const postgres = engine === 'postgres'
  // SQLite compares text byte by byte; PostgreSQL would follow the locale.
  const text: ColumnType = postgres ? sql`text collate "C"` : 'text'
  return {
    engine,
    id: postgres ? 'uuid' : 'text',
    text,
    status: text,
    integer: postgres ? 'bigint' : 'integer',
    /** Minor units of a currency. */
    amount: postgres ? 'bigint' : 'integer',
    /** Units of an item. */
    quantity: postgres ? 'bigint' : 'integer',
    boolean: 'boolean',
    // The name makes SQLite keep it as text and tells the reader to parse it.
    json: postgres ? 'json' : sql`json_text`,
    /**
     * ISO 8601 UTC with milliseconds; a timestamp on PostgreSQL, text that sorts alike on SQLite.
     */
    instant: postgres ? sql`timestamptz(3)` : 'text',
    /** A primary key that the engine counts up without a lock that writers share. */
    sequence: postgres ? sql`bigint generated always as identity` : 'integer',
    /**
     * For `modifyEnd`: the rows stand in the index of the primary key, so that one look finds what
     * takes two elsewhere. For tables of small rows that are asked by that key. SQLite only.
     */
    keyed: postgres ? sql`` : sql`without rowid`,
  } as const satisfies Record<string, ColumnType | Engine>
}

export type Columns = ReturnType<typeof columns>

/** What a declared column is, for values that travel as one JSON document (see `rowset`). */
export type ColumnKind = 'uuid' | 'text' | 'bigint' | 'boolean' | 'json' | 'timestamptz'

/** The kind of a column from its schema in `tables.ts`. */
export function columnKind(schema: TSchema): ColumnKind {
  const { column, type, format, anyOf } = schema as {
    column?: string
    type?: string
    format?: string
    anyOf?: TSchema[]
  }
  if (column === 'json') return 'json'
  if (anyOf) {
    const real = anyOf.find((option) => (option as { type?: string }).type !== 'null')
    return real ? columnKind(real) : 'text'
  }
  if (type === 'integer') return 'bigint'
  if (type === 'boolean') return 'boolean'
  if (format === 'uuid') return 'uuid'
  if (format === 'date-time') return 'timestamptz'
  return 'text'
}
