import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseDatabaseUrl } from '#platform/config/database-url'
import { loadSettings } from '#platform/config/load'
import { openDatabase } from '#platform/database/open'
import { silentLog } from '#platform/log'
import type { Command } from './cli.ts'
import { Mendable } from './failures.ts'

export const backup: Command = {
  usage: `Usage: tradepost backup FILE [--force]

Writes a consistent copy of the SQLite database to FILE while the server goes on selling. FILE
appears when it is whole, never before.

  --force  Replaces FILE if it exists.

PostgreSQL is backed up with its own tools, such as pg_dump.`,
  options: { force: { type: 'boolean' } },
  words: [1, 1],
  async run({ words: [file = ''], values }, { print, env }) {
    const settings = loadSettings({ env })
    const address = parseDatabaseUrl(settings.database_url)
    if (address.engine === 'postgres') {
      throw new Mendable('this is a PostgreSQL database; back it up with pg_dump --format=custom.')
    }
    if (!existsSync(address.path)) throw new Mendable(`there is no database ${address.path} yet.`)
    if (existsSync(file) && !values.force) {
      throw new Mendable(`${file} exists already; name another file, or add --force to replace it.`)
    }
    if (!existsSync(dirname(resolve(file)))) {
      throw new Mendable(`the folder ${dirname(resolve(file))} does not exist; create it first.`)
    }
    const started = performance.now()
    const draft = `${file}.partial`
    const database = await openDatabase(settings, silentLog)
    try {
      await database.backup(draft)
      renameSync(draft, file)
    } finally {
      rmSync(draft, { force: true })
      await database.close()
    }
    const megabytes = (statSync(file).size / 1_000_000).toFixed(1)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    print(`${file}: ${megabytes} MB in ${seconds} s`)
    return 0
  },
}
