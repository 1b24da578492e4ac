import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { ColumnKind } from '#platform/database/columns'
import type { Engine } from '#platform/database/database'

/**
 * Any number of rows as one value: a table expression over a JSON array, so that the SQL stays the
 * same for one row or a thousand, on both engines. `rows` may be a placeholder of `prepared`.
 */
export function rowset<R extends object>(
  engine: Engine,
  rows: readonly R[],
  kinds: { [K in keyof R]-?: ColumnKind },
): RawBuilder<R> {
  const columns = Object.entries(kinds) as [string, ColumnKind][]
  if (engine === 'postgres') {
    const shape = columns.map(([name, kind]) => sql`${sql.id(name)} ${sql.raw(kind)}`)
    const read = sql`json_to_recordset(${rows}::json) as r(${sql.join(shape)})`
    return sql`(select * from ${read} limit ${A_FEW})`
  }
  const reads = columns.map(([name]) => sql`value ->> ${sql.lit(name)} as ${sql.id(name)}`)
  return sql`(select ${sql.join(reads)} from json_each(${rows}))`
}

/**
 * No limit, but one that PostgreSQL learns only when it runs: so it plans for a tenth of the
 * hundred
 * rows that it takes any JSON for, and looks them up by an index rather than read a whole table.
 */
const A_FEW = sql`(select null::bigint)`

/**
 * Any number of values as one parameter, for `where column in …`, or as rows with the column
 * `value`, for `from`. On PostgreSQL they pass through an array, because its planner takes a set of
 * JSON elements for a hundred rows and then reads the whole table rather than an index. Where the
 * column is known, `isOneOf` is better still.
 */
export function listOf(
  engine: Engine,
  values: readonly unknown[],
  kind: ColumnKind,
): RawBuilder<never> {
  if (engine === 'postgres') return sql`(select unnest(${arrayOf(values, kind)}) as value)`
  return sql`(select value from json_each(${values}))`
}

/** Whether a column is one of any number of values, which travel as one parameter. */
export function isOneOf(
  engine: Engine,
  column: string,
  { values, kind }: { values: readonly unknown[]; kind: ColumnKind },
): RawBuilder<SqlBool> {
  if (engine === 'postgres') return sql`${sql.ref(column)} = any(${arrayOf(values, kind)})`
  return sql`${sql.ref(column)} in (select value from json_each(${values}))`
}

/**
 * Whether a column is among the values that a query answers: few of them, asked once and then
 * looked up. PostgreSQL would else be free to go through the table and ask the query again for each
 * row, which it thinks cheap as long as it was never told how many rows there are.
 */
export function isAmong(
  engine: Engine,
  column: string,
  query: RawBuilder<unknown>,
): RawBuilder<SqlBool> {
  if (engine === 'postgres') return sql`${sql.ref(column)} = any(array(${query}))`
  return sql`${sql.ref(column)} in (${query})`
}

const arrayOf = (values: readonly unknown[], kind: ColumnKind) =>
  sql`array(select value::${sql.raw(kind)} from json_array_elements_text(${values}::json))`
