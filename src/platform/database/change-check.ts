import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Engine } from '#platform/database/database'

export type CheckChange = {
  table: string
  /** The name under which the table was created with it. */
  constraint: string
  /** What must be true of a row from now on. */
  condition: RawBuilder<unknown>
}

/**
 * Gives a named CHECK of a table another condition, in a migration. PostgreSQL drops it and adds
 * it. SQLite cannot, so the table is made anew under its own name, with its rows and indexes, while
 * what refers to it stands: foreign keys are looked at when the migration commits.
 */
export async function changeCheck(
  db: Kysely<any>,
  engine: Engine,
  { table, constraint, condition }: CheckChange,
): Promise<void> {
  if (engine === 'postgres') {
    const name = sql.id(constraint)
    await sql`alter table ${sql.table(table)} drop constraint ${name}`.execute(db)
    await sql`alter table ${sql.table(table)} add constraint ${name} check (${condition})`.execute(
      db,
    )
    return
  }
  const { rows } = await sql<{ type: string; sql: string }>`
    select type, sql from sqlite_master where tbl_name = ${table} and sql is not null`.execute(db)
  const create = rows.find(({ type }) => type === 'table')?.sql
  if (!create) throw new Error(`there is no table ${table}`)
  const changed = withCondition(create, constraint, condition.compile(db).sql)
  const indexes = rows.flatMap(({ type, sql: text }) => (type === 'index' ? [text] : []))
  await makeAnew(db, table, [changed, ...indexes])
}

/** The text of a table with another condition in one of its constraints. */
function withCondition(create: string, constraint: string, condition: string): string {
  const found = new RegExp(`constraint "${constraint}" check \\(`, 'i').exec(create)
  if (!found) throw new Error(`no constraint ${constraint} in: ${create}`)
  const from = found.index + found[0].length
  let depth = 1
  let to = from
  for (; depth > 0 && to < create.length; to++) {
    if (create[to] === '(') depth++
    if (create[to] === ')') depth--
  }
  return `${create.slice(0, from)}${condition}${create.slice(to - 1)}`
}

async function makeAnew(db: Kysely<any>, table: string, create: readonly string[]): Promise<void> {
  const kept = `${table}_kept`
  const sources = await referring(db, table)
  await sql`pragma defer_foreign_keys = on`.execute(db)
  await sql`create table ${sql.table(kept)} as select * from ${sql.table(table)}`.execute(db)
  // Each row that comes back looks for those that refer to it: without an index, in all of them.
  for (const [nth, source] of sources.entries()) {
    const name = sql.id(`${kept}_${nth}`)
    await sql`create index ${name} on ${sql.table(source.table)} (${sql.id(source.column)})`.execute(
      db,
    )
  }
  await sql`drop table ${sql.table(table)}`.execute(db)
  for (const text of create) await sql.raw(text).execute(db)
  await sql`insert into ${sql.table(table)} select * from ${sql.table(kept)}`.execute(db)
  for (const nth of sources.keys()) await sql`drop index ${sql.id(`${kept}_${nth}`)}`.execute(db)
  await sql`drop table ${sql.table(kept)}`.execute(db)
}

/** The columns of other tables that refer to this one. */
async function referring(db: Kysely<any>, table: string) {
  const { rows } = await sql<{ table: string; column: string }>`
    select m.name as "table", f."from" as "column" from sqlite_master as m,
      pragma_foreign_key_list(m.name) as f
    where m.type = 'table' and f."table" = ${table} and m.name <> ${table}`.execute(db)
  return rows
}
