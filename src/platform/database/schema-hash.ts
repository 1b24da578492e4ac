import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Session } from '#platform/database/database'

/**
 * A fingerprint of every table, column, index and constraint, as the database itself tells them.
 * It survives a dump and its restoration, into a database of another locale too.
 */
export async function schemaHash(session: Session): Promise<string> {
  const lines =
    session.engine === 'postgres' ? await postgresSchema(session) : await sqliteSchema(session)
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

async function sqliteSchema({ kysely }: Session): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select type || ' ' || name || ' ' || sql as line from sqlite_master
    where sql is not null and name not like 'sqlite_%' order by type, name`.execute(kysely)
  return rows.map(({ line }) => line)
}

async function postgresSchema({ kysely }: Session): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || case when a.attnotnull then ' not null' else '' end as line
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
        and a.attnum > 0 and not a.attisdropped
    union all
    select 'index ' || indexname || ' ' || replace(indexdef, current_schema() || '.', '') from pg_indexes
      where schemaname = current_schema()
    union all
    select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
      where connamespace = current_schema()::regnamespace and contype in ('c', 'f')`.execute(kysely)
  // PostgreSQL prints «between» in brackets, and drops them once it has read its own print again,
  // which is what a restored dump has done.
  return rows.map(({ line }) => line.replaceAll(/[()]/g, '')).sort()
}
