import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Columns } from '#platform/database/columns'
import type { Engine } from '#platform/database/database'

/**
 * The next number of a rising series, as an expression inside the insert that uses it. PostgreSQL
 * counts with a sequence, so that buyers never wait for each other's number (a rollback leaves a
 * gap); SQLite's single writer takes the highest so far plus one, which its index knows at once.
 */
export function nextNumber(engine: Engine, table: string, first = 1): RawBuilder<number> {
  if (engine === 'postgres') return sql`nextval(${sql.lit(series(table))})`
  const highest = sql`(select max(number) from ${sql.table(table)})`
  return sql`coalesce(${highest}, ${sql.lit(first - 1)}) + 1`
}

/** Makes the series of a table's `number` column; for its migration. */
export async function createNumbers(db: Kysely<any>, c: Columns, table: string, first = 1) {
  if (c.engine !== 'postgres') return
  await sql`create sequence ${sql.id(series(table))} start with ${sql.lit(first)}`.execute(db)
}

const series = (table: string) => `${table}_numbers`

/**
 * The next sequence number of an entity for the row at hand, where `last` reads the highest so far.
 * PostgreSQL inserts all rows of a statement on one snapshot, so they count on from there by `nth`;
 * SQLite inserts one after another and sees each.
 */
export const nextInSequence = (
  engine: Engine,
  { last, nth }: { last: RawBuilder<number>; nth: RawBuilder<unknown> },
): RawBuilder<number> =>
  engine === 'postgres' ? sql`coalesce(${last}, 0) + ${nth}` : sql`coalesce(${last}, 0) + 1`
