import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { modules } from '#modules'
import type { Database } from '#platform/database/database'

/** Tables in which a refusal is meant to leave a trace: they count failed logins, wrong codes. */
const COUNTS_REFUSALS = new Set(['login_attempts', 'gift_card_guesses'])
const tables = modules
  .flatMap((module) => Object.keys(module.tables))
  .filter((table) => !COUNTS_REFUSALS.has(table))

/** A sum over every row of every table: two that are equal mean that nothing was changed. */
export function fingerprint(database: Database): Promise<string> {
  return database.read(async (session) => {
    const sum = createHash('sha256')
    for (const table of tables) {
      const { rows } = await sql<object>`select * from ${sql.table(table)}`.execute(session.kysely)
      const lines = rows.map((row) => `${table} ${JSON.stringify(row)}\n`)
      for (const line of lines.toSorted()) sum.update(line)
    }
    return sum.digest('hex')
  })
}

/** Tells whether anything was committed since it was last asked; on PostgreSQL always «maybe». */
export async function watchCommits(database: Database) {
  if (database.engine === 'postgres') return { happened: () => true, close() {} }
  const { rows } = await database.read((session) =>
    sql<{ file: string }>`select file from pragma_database_list where name = 'main'`.execute(
      session.kysely,
    ),
  )
  const other = new DatabaseSync(rows[0]?.file as string, { readOnly: true })
  const version = other.prepare('pragma data_version')
  let seen = version.get()?.data_version
  return {
    happened() {
      const before = seen
      seen = version.get()?.data_version
      return before !== seen
    },
    close: () => other.close(),
  }
}
