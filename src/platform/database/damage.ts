import { sql } from 'kysely'
import type { Session } from '#platform/database/database'

/**
 * What SQLite finds wrong with its own file: broken pages, indexes that disagree with their tables,
 * references to rows that are not there. PostgreSQL watches over its files itself.
 */
export async function findDamage({ engine, kysely }: Session): Promise<string[]> {
  if (engine === 'postgres') return []
  const { rows: pages } = await sql<{ quick_check: string }>`pragma quick_check(20)`.execute(kysely)
  const { rows: lost } = await sql<{ table: string; rowid: number; parent: string }>`
    pragma foreign_key_check`.execute(kysely)
  return [
    ...pages.map(({ quick_check }) => quick_check).filter((line) => line !== 'ok'),
    ...lost
      .slice(0, 20)
      .map((row) => `row ${row.rowid} of ${row.table} refers to no row of ${row.parent}`),
  ]
}
