import { type Ask, asking, finishedBulk } from './ask.ts'
import {
  type BenchDatabase,
  newPostgresDatabase,
  newSqliteDatabase,
  type PostgresServer,
} from './database.ts'
import { loadDatabase } from './load.ts'
import { withLoader } from './load-sql.ts'
import type { OperationMeasured } from './operations.ts'
import { cpuSeconds } from './processes.ts'
import { startServer } from './server.ts'

const ORDERS = 1_000_000
const ROUNDS = 60
const COLD = 10
/** How long a bulk operation may take before it is given up. */
const BULK_MS_MAX = 10 * 60_000

/** Of so many orders one has the tag; `early` and `late` never meet. */
const TAGS = { vip: 10, gift: 3, rush: 100, rare: 20_000 } as const

/** Queries of four filters each, from those that find at once to those that hardly meet. */
const LISTS: Record<string, string> = {
  'four filters, one of which few orders pass':
    'status=delivered&payment_status=paid&tag=rare&attribute=gift_wrap:false',
  'four filters that many orders pass':
    'status=delivered,shipped&payment_status=paid&tag=vip&attribute=gift_wrap:false',
  'four filters with dates and amounts':
    'fulfillment_status=fulfilled&tag=gift&start_date={year}&min_amount=20.00',
  'four filters, by total':
    'status=delivered&tag=gift&attribute=gift_wrap:true&payment_status=paid&sort_by=total_amount',
  'four filters, the tags of which never meet':
    'tag=early,late&payment_status=paid&attribute=gift_wrap:true',
  'three states that never meet, and a tag':
    'status=cancelled&payment_status=paid&fulfillment_status=fulfilled&tag=vip',
}

/** The list of orders among a million, and a bulk operation on a thousand of them. */
export async function measureOrders(
  postgres: PostgresServer | undefined,
): Promise<OperationMeasured[]> {
  const database = postgres ? await newPostgresDatabase(postgres) : newSqliteDatabase()
  const settings = { database_url: database.url, folder: database.folder }
  try {
    const first = await startServer(settings)
    const api_key = await first.createApiKey()
    await first.stop()
    await loadDatabase(database, { products: 1_000, orders: ORDERS })
    await markOrders(database)
    const server = await startServer(settings)
    const ask = asking(server.port, api_key)
    const rows: OperationMeasured[] = []
    const cpu = () =>
      (cpuSeconds(server.pid, 'alone') ?? Number.NaN) +
      (database.pid === undefined ? 0 : (cpuSeconds(database.pid, 'with children') ?? Number.NaN))
    for (const [name, query] of Object.entries(LISTS)) {
      rows.push(await timeList(ask, { name, query, cpu }))
    }
    rows.push(await timeBulk(ask, 'add_tags', { tags: ['seen'] }))
    await server.stop()
    return rows
  } finally {
    await database.drop()
  }
}

/** Tags and attributes as staff would have set them, evenly over all orders. */
const markOrders = (database: BenchDatabase): Promise<void> =>
  withLoader(database, async ({ run }) => {
    for (const [tag, each] of Object.entries(TAGS)) {
      await run(`insert into order_tags (tag, order_id)
        select '${tag}', id from orders where number % ${each} = 1`)
    }
    const middle = 1_000_000 + ORDERS / 2
    await run(`insert into order_tags (tag, order_id)
      select case when number <= ${middle} then 'early' else 'late' end, id from orders`)
    await run(`insert into order_attributes (order_id, name, value, value_key)
      select id, 'gift_wrap', case number % 2 when 0 then 'true' else 'false' end,
        case number % 2 when 0 then 'true' else 'false' end from orders`)
  })

type List = { name: string; query: string; cpu: () => number }

async function timeList(ask: Ask, { name, query, cpu }: List): Promise<OperationMeasured> {
  const year = new Date(Date.now() - 300 * 86_400_000).toISOString().slice(0, 10)
  const route = `GET /orders?limit=20&${query.replace('{year}', year)}`
  const times: number[] = []
  let found = 0
  let used = 0
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now()
    const page = (await ask(route)) as { items: unknown[] }
    // The first ones read their pages from the disk.
    if (round === COLD) used = cpu()
    if (round >= COLD) times.push(performance.now() - startedAt)
    found = page.items.length
  }
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) => (sorted[Math.floor(sorted.length * part)] as number).toFixed(1)
  const seconds = (sorted[Math.floor(sorted.length / 2)] as number) / 1000
  const cpu_ms = ((cpu() - used) * 1000) / (ROUNDS - COLD - 1)
  const note = `${at(0.5)} ms, p95 ${at(0.95)} ms, CPU ${cpu_ms.toFixed(1)} ms; ${found} found`
  return { scenario: `list orders among 1M: ${name}`, seconds, note }
}

async function timeBulk(ask: Ask, action: string, parameters: object): Promise<OperationMeasured> {
  const { items } = (await ask('GET /orders?limit=100&status=confirmed')) as {
    items: { id: string }[]
  }
  const order_ids: string[] = items.map(({ id }) => id)
  let page = 2
  while (order_ids.length < 1_000) {
    const more = (await ask(`GET /orders?limit=100&status=confirmed&page=${page++}`)) as {
      items: { id: string }[]
    }
    if (more.items.length === 0) break
    order_ids.push(...more.items.map(({ id }) => id))
  }
  const startedAt = performance.now()
  const body = { action, parameters, order_ids }
  const { id } = (await ask('POST /orders/bulk', body)) as { id: string }
  const done = await finishedBulk(ask, id, { startedAt, ms_max: BULK_MS_MAX })
  const seconds = (performance.now() - startedAt) / 1000
  const note = `${done.rows_ok} of ${order_ids.length} done`
  return { scenario: `bulk ${action} on 1,000 orders`, seconds, note }
}
