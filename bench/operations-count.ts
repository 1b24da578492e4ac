import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ask, asking } from './ask.ts'
import { newPostgresDatabase, newSqliteDatabase, type PostgresServer } from './database.ts'
import type { OperationMeasured } from './operations.ts'
import { findViolations, runProgram, startServer } from './server.ts'

const LEVELS = 100_000
const UNITS = 20
/** Lines of one request. */
const ENTRIES = 500
const PAGE = 100
/** Every so many-th shelf is a unit short. */
const SHORT = 10

/**
 * A cycle count of 100,000 levels through the API of a real server: drawn up, entered 500 lines at
 * a time, approved; each part until it is done, the work of jobs included. The stock comes from a
 * file.
 */
export async function measureCount(
  postgres: PostgresServer | undefined,
): Promise<OperationMeasured[]> {
  const database = postgres ? await newPostgresDatabase(postgres) : newSqliteDatabase()
  const settings = { database_url: database.url, folder: database.folder }
  try {
    const server = await startServer(settings)
    const ask = asking(server.port, await server.createApiKey())
    await ask('POST /locations', { code: 'MAIN', name: 'Main' })
    const rows: OperationMeasured[] = []
    const timed = async <T>(scenario: string, work: () => Promise<T>): Promise<T> => {
      const startedAt = performance.now()
      const done = await work()
      rows.push({ scenario, seconds: (performance.now() - startedAt) / 1000 })
      return done
    }
    stock(settings, database.folder)
    const count = await timed('draw up a cycle count of 100,000 levels', async () => {
      const { id } = await ask('POST /cycle-counts', { location_id: 'MAIN' })
      return until(ask, id, 'counting')
    })
    if (count.lines !== LEVELS) throw new Error(`the count has ${count.lines} lines`)
    const ids = await linesOf(ask, count.id)
    await timed('enter 100,000 counted levels, 500 a request', async () => {
      for (let from = 0; from < ids.length; from += ENTRIES) {
        const lines = ids.slice(from, from + ENTRIES).map((line_id, nth) => ({
          line_id,
          quantity: nth % SHORT === 0 ? UNITS - 1 : UNITS,
        }))
        await ask(`POST /cycle-counts/${count.id}/entries`, { lines })
      }
    })
    await timed('approve it: 10,000 differences', async () => {
      await ask(`POST /cycle-counts/${count.id}/approve`, {})
      await until(ask, count.id, 'completed')
    })
    await server.stop()
    const violations = findViolations(settings)
    if (violations) throw new Error(violations)
    return rows
  } finally {
    await database.drop()
  }
}

async function until(ask: Ask, id: string, status: string) {
  for (;;) {
    const count = await ask(`GET /cycle-counts/${id}`)
    if (count.status === status) return count as { id: string; lines: number }
    await sleep(50)
  }
}

async function linesOf(ask: Ask, id: string): Promise<string[]> {
  const ids: string[] = []
  for (let cursor = ''; ; ) {
    const page = await ask(`GET /cycle-counts/${id}/sheet?limit=${PAGE}${cursor}`)
    ids.push(...page.items.map((line: { id: string }) => line.id))
    if (page.next_cursor === null) return ids
    cursor = `&cursor=${page.next_cursor}`
  }
}

/** 100,000 products with stock, as somebody would bring them. */
function stock(settings: { database_url: string; folder: string }, folder: string): void {
  const path = join(folder, 'products.csv')
  const file = openSync(path, 'w')
  writeSync(file, 'sku,name,price,currency,quantity,location\n')
  for (let from = 0; from < LEVELS; from += 1_000) {
    const rows = Array.from({ length: 1_000 }, (_, nth) => {
      const sku = `CC-${String(from + nth).padStart(6, '0')}`
      return `${sku},Thing ${from + nth},5.00,USD,${UNITS},MAIN`
    })
    writeSync(file, `${rows.join('\n')}\n`)
  }
  closeSync(file)
  const { status, output } = runProgram(settings, ['import', 'products', path])
  if (status !== 0) throw new Error(`the import failed:\n${output.slice(-2000)}`)
}
