import { type RawBuilder, sql } from 'kysely'
import type { Engine } from '#platform/database/database'

/**
 * The rows of a query as one column: a JSON text of objects with these `columns`, in the query's
 * order. So the few rows that belong to another travel with it, without a statement of their own.
 */
export function jsonRows(
  engine: Engine,
  columns: readonly string[],
  query: RawBuilder<unknown>,
): RawBuilder<string> {
  if (engine === 'postgres') {
    return sql`(select coalesce(json_agg(r), '[]'::json)::text from (${query}) as r)`
  }
  const members = columns.map((name) => sql`${sql.lit(name)}, ${sql.ref(`r.${name}`)}`)
  return sql`(select json_group_array(json_object(${sql.join(members)})) from (${query}) as r)`
}
