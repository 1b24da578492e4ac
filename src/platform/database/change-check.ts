import { type Kysely, type RawBuilder, sql } from 'kysely'

export type CheckChange = {
  table: string
  /** The name under which the table was created with it. */
  constraint: string
  /** What must be true of a row from now on. */
  condition: RawBuilder<unknown>
}

/** Gives a named CHECK of a table another condition, in a migration. */
export async function changeCheck(
  db: Kysely<any>,
  { table, constraint, condition }: CheckChange,
): Promise<void> {
  const name = sql.id(constraint)
  await sql`alter table ${sql.table(table)} drop constraint ${name}`.execute(db)
  await sql`alter table ${sql.table(table)} add constraint ${name} check (${condition})`.execute(db)
}
