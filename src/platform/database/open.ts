import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseDatabaseUrl } from '#platform/config/database-url'
import type { Settings } from '#platform/config/settings'
import type { Database } from '#platform/database/database'
import type { Log } from '#platform/log'

export type OpenOptions = {
  /** Statements of whoever audits or migrates may take as long as they take. */
  unhurried?: boolean
}

/**
 * Opens the database that the settings name. Only the engine at hand is loaded. Throws what the
 * engine throws, and an Error for an address that cannot be served.
 */
export async function openDatabase(
  settings: Settings,
  log: Log,
  { unhurried = false }: OpenOptions = {},
): Promise<Database> {
  const address = parseDatabaseUrl(settings.database_url)
  if (address.engine === 'postgres') {
    const { openPostgres } = await import('#platform/database/postgres')
    return openPostgres({
      url: address.url,
      connections_max: settings.db_max_connections,
      connections_min: settings.db_min_connections,
      acquire_timeout_ms: settings.db_acquire_timeout_secs * 1000,
      idle_timeout_ms: settings.db_idle_timeout_secs * 1000,
      statement_timeout_ms: unhurried ? 0 : settings.db_statement_timeout_secs * 1000,
      onLost: (error) => log.warn({ err: error }, 'a connection to the database was lost'),
    })
  }
  const { path, mode } = address
  if (path === ':memory:') return openForgetful()
  if (mode === 'ro')
    throw new Error(`The address of the database says mode=ro: nothing could be sold.`)
  if (mode === 'rw' && !existsSync(path))
    throw new Error(`There is no database ${path}, and its address says mode=rw.`)
  const { openSqlite } = await import('#platform/database/sqlite')
  return openSqlite({ path, synchronous: settings.sqlite_synchronous })
}

/**
 * What `sqlite::memory:` stands for: a database that is gone when it is closed. It lies in a
 * temporary file, because readers and the writer are connections of their own, and memory would
 * give each of them a database of its own.
 */
async function openForgetful(): Promise<Database> {
  const { openSqlite } = await import('#platform/database/sqlite')
  const folder = mkdtempSync(join(tmpdir(), 'tradepost-memory-'))
  const database = openSqlite({ path: join(folder, 'memory.db'), synchronous: 'off' })
  return {
    ...database,
    async close() {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
