import type { Database } from '#platform/database/database'
import { migrate as applyAll, migrationStatus } from '#platform/database/migrate'
import { silentLog } from '#platform/log'
import type { Command, Terminal } from './cli.ts'
import { Unreadable } from './failures.ts'
import { connect, migrations, settingsOf } from './house.ts'

export const migrate: Command = {
  usage: `Usage: tradepost migrate status | up

  status  Lists the migrations that are applied and those that wait; changes nothing.
          Exits 1 if any wait, or if the tables are not as the last migration left them.
  up      Applies all that wait, in one transaction: all of them or none.

There is no way back but a backup: make one first.`,
  options: {},
  words: [1, 1],
  async run({ words: [what = ''] }, terminal) {
    const act = { status, up }[what]
    if (!act) throw new Unreadable(`migrate knows status and up, not "${what}".`)
    const settings = settingsOf(terminal)
    const database = await connect(settings, { terminal, log: silentLog, unhurried: true })
    try {
      return await act(database, terminal)
    } finally {
      await database.close()
    }
  },
}

async function status(database: Database, { print }: Terminal): Promise<number> {
  const { applied, pending, unknown, schema_matches } = await migrationStatus(
    database,
    migrations(),
  )
  for (const name of applied)
    print(unknown.includes(name) ? `newer    ${name}` : `applied  ${name}`)
  for (const name of pending) print(`waiting  ${name}`)
  if (!schema_matches) print('changed  the tables are not as the last migration left them')
  return pending.length === 0 && unknown.length === 0 && schema_matches ? 0 : 1
}

async function up(database: Database, { print }: Terminal): Promise<number> {
  const names = await applyAll(database, migrations())
  for (const name of names) print(`applied  ${name}`)
  if (names.length === 0) print('Nothing waits: the tables are up to date.')
  return 0
}
