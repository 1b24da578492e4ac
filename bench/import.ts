import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { newPostgresDatabase, newSqliteDatabase, type PostgresServer } from './database.ts'
import { findViolations, runProgram, startServer } from './server.ts'

const PRODUCTS = 100_000
const COLUMNS =
  'sku,name,description,brand,tags,price,currency,cost,weight,quantity,location,option:size'
const SIZES = ['S', 'M', 'L']

export type Imported = {
  products: number
  megabytes: number
  seconds: number
  /** The last line of progress, and what the program said at the end. */
  said: string
  violations: string | undefined
}

/**
 * A file of 100,000 products with a price, a cost and stock, into an empty shop: the program
 * itself, as somebody would run it, from its start to its end.
 */
export async function measureImport(postgres: PostgresServer | undefined): Promise<Imported> {
  const database = postgres ? await newPostgresDatabase(postgres) : newSqliteDatabase()
  const settings = { database_url: database.url, folder: database.folder }
  try {
    const server = await startServer(settings)
    await openLocation(server.port, await server.createApiKey())
    await server.stop()
    const file = join(database.folder, 'products.csv')
    const bytes = writeProducts(file)
    const startedAt = performance.now()
    const { status, output } = runProgram(settings, ['import', 'products', file])
    const seconds = (performance.now() - startedAt) / 1000
    if (status !== 0) throw new Error(`the import failed:\n${output.slice(-2000)}`)
    const said = output.trim().split('\n').slice(-3).join('\n')
    const violations = findViolations(settings)
    return { products: PRODUCTS, megabytes: bytes / 1e6, seconds, said, violations }
  } finally {
    await database.drop()
  }
}

async function openLocation(port: number, api_key: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/locations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': api_key },
    body: JSON.stringify({ code: 'MAIN', name: 'Main' }),
  })
  if (!response.ok) throw new Error(`no location could be opened: ${await response.text()}`)
}

function writeProducts(path: string): number {
  const file = openSync(path, 'w')
  let bytes = writeSync(file, `${COLUMNS}\n`)
  for (let from = 0; from < PRODUCTS; from += 1000) {
    const rows = Array.from({ length: 1000 }, (_, nth) => rowOf(from + nth))
    bytes += writeSync(file, `${rows.join('\n')}\n`)
  }
  closeSync(file)
  return bytes
}

function rowOf(nth: number): string {
  const sku = `IMP-${String(nth).padStart(6, '0')}`
  const price = `${5 + (nth % 200)}.${String(nth % 100).padStart(2, '0')}`
  const description = `"Number ${nth}, made to last, ""tested"" twice"`
  const tags = `"kitchen,series-${nth % 50}"`
  const facts = [sku, `Thing ${nth}`, description, `Brand ${nth % 30}`, tags, price, 'USD']
  return [...facts, '2.50', '0.35', nth % 500, 'MAIN', SIZES[nth % 3]].join(',')
}
