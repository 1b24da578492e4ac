import { newPostgresDatabase, newSqliteDatabase, type PostgresServer } from './database.ts'
import { loadDatabase } from './load.ts'
import type { OperationMeasured } from './operations.ts'
import { findViolations, startServer } from './server.ts'

const ORDERS = 20_000
const SHIPPED = 1_000
const LIST = 100
/** How long it may take before it is given up. */
const MS_MAX = 10 * 60_000

/**
 * Ships 1,000 confirmed orders of two lines each in one bulk operation: their work is made, a
 * shipment each, the stock leaves, and the orders are shipped.
 */
export async function measureShipping(
  postgres: PostgresServer | undefined,
): Promise<OperationMeasured[]> {
  const database = postgres ? await newPostgresDatabase(postgres) : newSqliteDatabase()
  const settings = { database_url: database.url, folder: database.folder }
  try {
    const first = await startServer(settings)
    const api_key = await first.createApiKey()
    await first.stop()
    await loadDatabase(database, { products: 1_000, orders: ORDERS })
    const server = await startServer(settings)
    const ask = asking(server.port, api_key)
    const order_ids: string[] = []
    for (let page = 1; order_ids.length < SHIPPED; page++) {
      const list = `GET /orders?status=confirmed&limit=${LIST}&page=${page}`
      const { items } = (await ask(list)) as { items: { id: string }[] }
      if (items.length === 0) throw new Error('there are too few confirmed orders')
      order_ids.push(...items.map(({ id }) => id))
    }
    const startedAt = performance.now()
    const { id } = (await ask('POST /orders/bulk', { action: 'ship', order_ids })) as { id: string }
    const done = await finished(ask, id, startedAt)
    const seconds = (performance.now() - startedAt) / 1000
    await server.stop()
    const violations = findViolations(settings)
    if (violations) throw new Error(violations)
    const rate = Math.round(done.rows_ok / seconds)
    const note = `${done.rows_ok} shipped, ${done.rows_failed} refused; ${rate} a second`
    return [{ scenario: 'ship 1,000 orders in bulk', seconds, note }]
  } finally {
    await database.drop()
  }
}

type Bulk = { status: string; rows_ok: number; rows_failed: number }
type Ask = (route: string, body?: object) => Promise<unknown>

async function finished(ask: Ask, id: string, startedAt: number): Promise<Bulk> {
  for (;;) {
    const bulk = (await ask(`GET /orders/bulk/${id}`)) as Bulk
    if (bulk.status === 'done') return bulk
    if (performance.now() - startedAt > MS_MAX) throw new Error(`shipping is still ${bulk.status}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const asking =
  (port: number, api_key: string): Ask =>
  async (route, body) => {
    const [method, path] = route.split(' ')
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: method as string,
      headers: { 'content-type': 'application/json', 'x-api-key': api_key },
      ...(body && { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as { data: unknown }
    if (!response.ok) throw new Error(`${route}: ${JSON.stringify(answer).slice(0, 500)}`)
    return answer.data
  }
