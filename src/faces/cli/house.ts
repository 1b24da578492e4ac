import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DomainError } from '#kit/errors'
import { modules } from '#modules'
import type { App } from '#platform/app'
import { parseDatabaseUrl } from '#platform/config/database-url'
import { loadSettings } from '#platform/config/load'
import { ensureSecrets } from '#platform/config/secrets'
import type { Settings } from '#platform/config/settings'
import { type Database, databaseErrors } from '#platform/database/database'
import { migrate, migrationStatus } from '#platform/database/migrate'
import { type OpenOptions, openDatabase } from '#platform/database/open'
import { type Log, openLog, silentLog } from '#platform/log'
import type { Terminal } from './cli.ts'
import { Mendable } from './failures.ts'

/** An app on the database of the settings, without a server. */
export type House = { app: App; close: () => Promise<void> }

export const migrations = () => modules.map((module) => module.migrations)

/** Settings as the command's environment gives them, with their secrets. */
export function settingsOf({ env }: Terminal): Settings {
  const settings = loadSettings({ env })
  checkFolder(settings)
  return ensureSecrets(settings)
}

/** Whether the settings give this secret; one that they do not give was made, and is kept. */
export const isGiven = ({ env }: Terminal, secret: 'admin_password'): boolean =>
  loadSettings({ env })[secret] !== ''

/** Opens what a command on a live database needs, and refuses tables of another version. */
export async function openHouse(terminal: Terminal, options: OpenOptions = {}): Promise<House> {
  demandFile(terminal)
  const settings = settingsOf(terminal)
  const database = await connect(settings, { terminal, log: silentLog, ...options })
  try {
    await demandSchema(database, { mayMigrate: false })
    const app = await terminal.createApp({ settings, database, log: silentLog })
    return { app, close: () => database.close() }
  } catch (error) {
    await database.close()
    throw error
  }
}

export const openTheLog = ({ log_level, log_json }: Settings): Log =>
  openLog({ level: log_level, json: log_json })

/** SQLite would only say that it cannot open the file. */
function checkFolder({ database_url }: Settings): void {
  const address = parseDatabaseUrl(database_url)
  if (address.engine !== 'sqlite' || address.path === ':memory:') return
  const folder = dirname(resolve(address.path))
  const mend = 'or set APP__DATABASE_URL to another place, such as sqlite:///var/lib/tradepost.db'
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const what = missing ? 'does not exist; create it' : 'cannot be written; make it writable'
    throw new Mendable(`the folder ${folder} of the database ${what}, ${mend}.`)
  }
}

/** SQLite would make an empty one where a name was misspelt, and the secrets beside it. */
function demandFile({ env }: Terminal): void {
  const address = parseDatabaseUrl(loadSettings({ env }).database_url)
  if (address.engine !== 'sqlite' || address.path === ':memory:' || existsSync(address.path)) return
  throw new Mendable(
    `there is no database ${address.path} yet; set APP__DATABASE_URL to where it is, ` +
      'or make one with `tradepost serve` or `tradepost migrate up`.',
  )
}

const RETRY_MS = 500

type Connecting = { terminal: Terminal; log: Log } & OpenOptions

/** Opens the database; waits for one that is still starting, as long as the settings say. */
export async function connect(
  settings: Settings,
  { terminal, log, ...options }: Connecting,
): Promise<Database> {
  const database = await openDatabase(settings, log, options).catch((error) => {
    throw (error as { code?: string }).code === undefined ? new Mendable(error.message) : error
  })
  const end = performance.now() + settings.db_connect_timeout_secs * 1000
  for (let nth = 1; ; nth++) {
    try {
      await database.ping()
      return database
    } catch (error) {
      const gone =
        error instanceof DomainError && error.code === databaseErrors.unavailable.spec.code
      if (!gone || performance.now() > end) {
        await database.close().catch(() => {})
        throw error
      }
      if (nth === 1) terminal.printError('tradepost: waiting for the database …')
      await new Promise((next) => setTimeout(next, RETRY_MS))
    }
  }
}

/** Brings the tables up to date, or refuses those that this program does not fit. */
export async function demandSchema(
  database: Database,
  { mayMigrate }: { mayMigrate: boolean },
): Promise<string[]> {
  const { pending, unknown, schema_matches } = await migrationStatus(database, migrations())
  if (unknown.length > 0) {
    throw new Mendable(
      `the database is newer than this program (it has ${unknown.join(', ')}); run the newer version.`,
    )
  }
  if (!schema_matches) {
    throw new Mendable(
      'the tables were changed by hand since the last migration; undo that change, or restore a backup.',
    )
  }
  if (pending.length === 0) return []
  if (!mayMigrate) {
    const count = pending.length === 1 ? 'one migration waits' : `${pending.length} migrations wait`
    throw new Mendable(`${count}; make a backup, then run \`tradepost migrate up\`.`)
  }
  return migrate(database, migrations())
}
