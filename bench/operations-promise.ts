import { asking } from './ask.ts'
import { newPostgresDatabase, newSqliteDatabase, type PostgresServer } from './database.ts'
import { withLoader } from './load-sql.ts'
import type { OperationMeasured } from './operations.ts'
import { findViolations, startServer } from './server.ts'

const DEMANDS = 10_000
const SUPPLIES = 60
const ROUNDS = 60
const COLD = 10
const DAY_MS = 86_400_000

/** What can be promised of one item for which 10,000 orders wait, with 60 supplies on their way. */
export async function measurePromise(
  postgres: PostgresServer | undefined,
): Promise<OperationMeasured[]> {
  const database = postgres ? await newPostgresDatabase(postgres) : newSqliteDatabase()
  const settings = { database_url: database.url, folder: database.folder }
  try {
    const first = await startServer(settings)
    const api_key = await first.createApiKey()
    const ask = asking(first.port, api_key)
    await ask('POST /locations', { code: 'MAIN', name: 'Main' })
    const item = { item_number: 'WANTED', location_id: 'MAIN', quantity_on_hand: 100 }
    await ask('POST /inventory', { ...item, backorder_limit: DEMANDS * 10 })
    for (let nth = 1; nth <= SUPPLIES; nth++) {
      const expected_at = new Date(Date.now() + nth * DAY_MS).toISOString()
      const supply = { item_number: 'WANTED', location_id: 'MAIN', quantity: 400, expected_at }
      await ask('POST /inventory/supplies', supply)
    }
    await first.stop()
    await withLoader(database, async ({ run, dialect }) => {
      const ms = `${Date.now()} + n.i * ${60 * DAY_MS} / ${DEMANDS}`
      const values = `${dialect.uuid(9, String(Date.now()), 'n.i')}, 'bench', ${dialect.padded('n.i', 6)}, i.id,
        2, 'pending', ${dialect.instant(String(Date.now()))}, ${dialect.instant(String(Date.now()))},
        'backorder', ${dialect.instant(ms)}`
      await run(`insert into reservations (id, reference_type, reference_id, item_id, quantity,
        status, created_at, updated_at, why, promised_at)
        select ${values} from inventory_items as i, ${dialect.numbers(DEMANDS)}`)
      await run(`update inventory_items set backordered = ${2 * DEMANDS}`)
    })
    const server = await startServer(settings)
    const asked = asking(server.port, api_key)
    const times: number[] = []
    let days = 0
    for (let round = 0; round < ROUNDS; round++) {
      const startedAt = performance.now()
      const told = await asked('GET /inventory/WANTED/available-to-promise?quantity=500')
      if (round >= COLD) times.push(performance.now() - startedAt)
      days = told.days.length
    }
    await server.stop()
    const violations = findViolations(settings)
    if (violations) throw new Error(violations)
    const sorted = times.toSorted((a, b) => a - b)
    const at = (part: number) => sorted[Math.floor(sorted.length * part)] as number
    const note = `${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms; ${days} days`
    const scenario = 'available to promise of an item with 10,000 open demands'
    return [{ scenario, seconds: at(0.5) / 1000, note }]
  } finally {
    await database.drop()
  }
}
