import { type RawBuilder, sql } from 'kysely'
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
    return sql`(select * from json_to_recordset(${rows}::json) as r(${sql.join(shape)}))`
  }
  const reads = columns.map(([name]) => sql`value ->> ${sql.lit(name)} as ${sql.id(name)}`)
  return sql`(select ${sql.join(reads)} from json_each(${rows}))`
}

/** Any number of values as one parameter, for `where column in …`. */
export function listOf(engine: Engine, values: readonly unknown[], kind: ColumnKind): RawBuilder<never> {
  if (engine === 'postgres') {
    return sql`(select value::${sql.raw(kind)} from json_array_elements_text(${values}::json))`
  }
  return sql`(select value from json_each(${values}))`
}
