import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context'
import type { ColumnKind } from '#platform/database/columns'
import type { Engine } from '#platform/database/database'
import { lockingRows } from '#platform/database/locks'
import { type Prepared, prepared, rawQuery } from '#platform/database/prepared'
import { rowset } from '#platform/database/rowset'

type Open<DB> = (ctx: Context) => Kysely<DB>
type Kinds<R> = { [K in keyof R]-?: ColumnKind }
/** The members of the row at hand, as expressions. */
export type Row<R> = { [K in keyof R]-?: RawBuilder<unknown> }
type Expressions = Record<string, RawBuilder<unknown>>
export type RowQuery<R, O> = Prepared<{ rows: readonly R[] }, O>

/**
 * One statement for any number of rows, prepared once. PostgreSQL gets all rows as one table
 * expression in one round trip. SQLite runs the statement once for each row with plain parameters:
 * that is a third of the cost of unpacking a JSON array there. `build` is given the row's members
 * as expressions, and what stands in FROM (nothing on SQLite).
 */
export function eachRow<R extends object, DB, O>(
  open: Open<DB>,
  kinds: Kinds<R>,
  build: (row: Row<R>, from: RawBuilder<never> | undefined, engine: Engine) => RawBuilder<O>,
): RowQuery<R, O> {
  return prepared(
    open,
    (db, p: { rows: readonly R[] }, engine) => {
      if (engine === 'postgres') {
        const row = rowOf(kinds, (name) => sql.ref(`r.${name}`))
        return rawQuery(db, build(row, rowset<R>(engine, p.rows, kinds) as never, engine))
      }
      const row = rowOf(kinds, (name) => sql`${(p as unknown as Record<string, unknown>)[name]}`)
      return rawQuery(db, build(row, undefined, engine))
    },
    'each row',
  )
}

const rowOf = <R>(kinds: Kinds<R>, expression: (name: string) => RawBuilder<unknown>) =>
  Object.fromEntries(Object.keys(kinds).map((name) => [name, expression(name)])) as Row<R>

/** An insert of any number of rows: `values` says what each column gets of a row. */
export function insertEach<R extends object, DB>(
  open: Open<DB>,
  kinds: Kinds<R>,
  { table, values, onConflict = sql`` }: InsertSpec<R>,
): RowQuery<R, never> {
  return eachRow(open, kinds, (row, from, engine) => {
    const columns = Object.entries(values(row, engine))
    const names = sql.join(columns.map(([name]) => sql.id(name)))
    const given = sql.join(columns.map(([, value]) => value))
    const source = from ? sql`select ${given} from ${from} as r where true` : sql`values (${given})`
    return sql<never>`insert into ${sql.table(table)} (${names}) ${source} ${onConflict}`
  })
}
type InsertSpec<R> = {
  table: string
  values: (row: Row<R>, engine: Engine) => Expressions
  onConflict?: RawBuilder<unknown>
}

/**
 * A guarded update of the rows named by `key`: a row is touched only where `where` holds, and the
 * row count is the answer. Rows are locked in the order of their key, so that two crowds that want
 * the same rows wait for each other in one direction. Columns are written `table.column`.
 */
export function updateEach<R extends object, DB, O = never>(
  open: Open<DB>,
  kinds: Kinds<R>,
  { table, key, set, where, returning }: UpdateSpec<R>,
): RowQuery<R, O> {
  const own = (name: string) => sql.ref(`${table}.${name}`)
  return eachRow(open, kinds, (row, from, engine) => {
    const changes = Object.entries(set(row)).map(([name, value]) => sql`${sql.id(name)} = ${value}`)
    const matches = key.map((name) => sql`${own(name)} = ${row[name]}`)
    const guard = sql.join([...matches, where(row)], sql` and `)
    const answer = returning ? sql`returning ${sql.join(returning.map(own))}` : sql``
    const target = sql`update ${sql.table(table)} set ${sql.join(changes)}`
    if (!from) return sql<O>`${target} where ${guard} ${answer}`
    const locked = key.map((name) => sql`${sql.ref(`s.${name}`)} = ${sql.ref(`c.${name}`)}`)
    const order = sql.join(key.map((name) => sql.ref(`s.${name}`)))
    const rows = sql`(select c.* from ${from} as c join ${sql.table(table)} as s
      on ${sql.join(locked, sql` and `)} order by ${order} ${lockingRows(engine, 's')})`
    return sql<O>`${target} from ${rows} as r where ${guard} ${answer}`
  })
}
type UpdateSpec<R> = {
  table: string
  key: readonly (keyof R & string)[]
  set: (row: Row<R>) => Expressions
  where: (row: Row<R>) => RawBuilder<unknown>
  returning?: readonly string[]
}
