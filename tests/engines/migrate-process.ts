import type { Engine } from '#platform/database/database'
import { migrate } from '#platform/database/migrate'
import { openDatabaseAt } from '#testing'
import { modules } from '../../src/modules.ts'

// A process of its own that migrates a database and says what it did.
const [engine, url] = process.argv.slice(2) as [Engine, string]
const database = openDatabaseAt(engine, url)
const done = await migrate(
  database,
  modules.map((module) => module.migrations),
)
await database.close()
process.stdout.write(JSON.stringify(done))
