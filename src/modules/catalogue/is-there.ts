import { type RawBuilder, type SqlBool, sql } from 'kysely'

/**
 * Whether there is such a row, looked up for each product. As `exists` both engines would feel free
 * to turn the question round and begin with all such rows: right for few and ruin for many.
 */
export function isThere(rows: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql`(select 1 ${rows} limit 1) is not null`
}
