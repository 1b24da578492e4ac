import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { asking } from './ask.ts'
import { newPostgresDatabase, newSqliteDatabase, type PostgresServer } from './database.ts'
import type { OperationMeasured } from './operations.ts'
import { findViolations, runProgram, startServer } from './server.ts'

const LINES = 10_000
const UNITS = 5

/** Plans, sends and receives one transfer of 10,000 lines, through the API of a real server. */
export async function measureTransfer(
  postgres: PostgresServer | undefined,
): Promise<OperationMeasured[]> {
  const database = postgres ? await newPostgresDatabase(postgres) : newSqliteDatabase()
  const settings = { database_url: database.url, folder: database.folder }
  try {
    const server = await startServer(settings)
    const ask = asking(server.port, await server.createApiKey())
    for (const code of ['MAIN', 'SHOP']) await ask('POST /locations', { code, name: code })
    const file = join(database.folder, 'products.csv')
    writeProducts(file)
    const { status, output } = runProgram(settings, ['import', 'products', file])
    if (status !== 0) throw new Error(`the import failed:\n${output.slice(-2000)}`)
    const lines = Array.from({ length: LINES }, (_, nth) => ({
      item_number: skuOf(nth),
      quantity: UNITS - 1,
    }))
    const rows: OperationMeasured[] = []
    const timed = async (scenario: string, route: string, body: object) => {
      const startedAt = performance.now()
      const data = await ask(route, body)
      rows.push({ scenario, seconds: (performance.now() - startedAt) / 1000 })
      return data as { id: string; status: string }
    }
    const planned = { from_location_id: 'MAIN', to_location_id: 'SHOP', lines }
    const { id } = await timed('plan a 10,000-line transfer', 'POST /inventory/transfers', planned)
    const path = `POST /inventory/transfers/${id}`
    await timed('send a 10,000-line transfer', `${path}/dispatch`, {})
    const { status: end } = await timed('receive a 10,000-line transfer', `${path}/receive`, {
      lines,
    })
    if (end !== 'received') throw new Error(`the transfer is ${end}`)
    await server.stop()
    const violations = findViolations(settings)
    if (violations) throw new Error(violations)
    return rows
  } finally {
    await database.drop()
  }
}

const skuOf = (nth: number): string => `TR-${String(nth).padStart(6, '0')}`

function writeProducts(path: string): void {
  const file = openSync(path, 'w')
  writeSync(file, 'sku,name,price,currency,quantity,location\n')
  const rows = Array.from(
    { length: LINES },
    (_, nth) => `${skuOf(nth)},Thing ${nth},5.00,USD,${UNITS},MAIN`,
  )
  writeSync(file, `${rows.join('\n')}\n`)
  closeSync(file)
}
