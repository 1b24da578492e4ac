import { asking, finishedBulk } from './ask.ts'
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
    const done = await finishedBulk(ask, id, { startedAt, ms_max: MS_MAX })
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
