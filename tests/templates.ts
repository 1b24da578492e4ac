import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

// Migrating takes longer than most tests, so it is done once a run and copied. What is shared
// stands here, because the run's own program has to clear it away.

export const sqliteTemplatePath = (run: string) => join(tmpdir(), `tradepost-template-${run}.db`)
export const postgresTemplateName = (run: string) => `test_template_${run}`

/** Clears away what a run has shared. */
export async function dropTemplates(run: string, postgresUrl: string | undefined): Promise<void> {
  rmSync(sqliteTemplatePath(run), { force: true })
  if (!postgresUrl) return
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query(`drop database if exists ${postgresTemplateName(run)} with (force)`)
  await client.end()
}
