import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newPostgresDatabase, newSqliteDatabase, type PostgresServer } from './database.ts'
import type { OperationMeasured } from './operations.ts'
import { findViolations, startServer } from './server.ts'

/** Deliveries of one measurement. */
const DELIVERIES = 10_000
const CUSTOMERS = 2_500
const CLIENTS = 16
/** How long it may take before it is given up. */
const MS_MAX = 10 * 60_000

/**
 * How fast webhooks go out: customers are made, each in a request, and four webhooks want to hear
 * of it; then all of it is sent once more, as a replay, with nothing else to do. From the first
 * request to the last message that the receiver has, each signed, and written down with its try.
 */
export async function measureWebhooks(
  postgres: PostgresServer | undefined,
): Promise<OperationMeasured[]> {
  const database = postgres ? await newPostgresDatabase(postgres) : newSqliteDatabase()
  const settings = { database_url: database.url, folder: database.folder }
  const receiver = await openReceiver()
  try {
    const server = await startServer({
      ...settings,
      environment: { APP__WEBHOOK_PRIVATE_ADDRESSES: 'true' },
    })
    const ask = asking(server.port, await server.createApiKey())
    const hooks: string[] = []
    for (let nth = 0; nth < DELIVERIES / CUSTOMERS; nth++) {
      const hook = { url: `${receiver.url}/${nth}`, events: ['customer.created'] }
      hooks.push((await ask('POST /webhooks', hook)).id)
    }
    const live = await receiver.timed(DELIVERIES, () => makeCustomers(ask))
    const from = new Date(Date.now() - 60 * 60_000).toISOString()
    const replayed = await receiver.timed(DELIVERIES, async () => {
      for (const id of hooks) await ask(`POST /webhooks/${id}/replays`, { what: 'range', from })
    })
    await untilRecorded(ask)
    await server.stop()
    const violations = findViolations(settings)
    if (violations) throw new Error(violations)
    return [
      row('10,000 webhooks while 2,500 customers are made', live),
      row('send them again: 10,000 webhooks alone', replayed),
    ]
  } finally {
    receiver.close()
    await database.drop()
  }
}

const row = (scenario: string, seconds: number): OperationMeasured => ({
  scenario,
  seconds,
  note: `${Math.round(DELIVERIES / seconds)} deliveries a second`,
})

/** The table for the README. */
export const webhooksSection = (rows: readonly OperationMeasured[]): string =>
  [
    '| what | seconds | |',
    '|---|---|---|',
    ...rows.map(
      ({ scenario, seconds, note = '' }) => `| ${scenario} | ${seconds.toFixed(2)} | ${note} |`,
    ),
  ].join('\n')

async function openReceiver() {
  let got = 0
  let wanted = Number.POSITIVE_INFINITY
  let told = () => {}
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      response.writeHead(204).end()
      if (++got >= wanted) told()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Seconds from the beginning of `work` until so many messages more have come. */
    async timed(count: number, work: () => Promise<void>): Promise<number> {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const late = setTimeout(() => reject(new Error(`only ${got} messages came`)), MS_MAX)
      told = resolve
      wanted = got + count
      const startedAt = performance.now()
      await work()
      await promise
      clearTimeout(late)
      return (performance.now() - startedAt) / 1000
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

type Ask = ReturnType<typeof asking>

async function makeCustomers(ask: Ask): Promise<void> {
  let next = 0
  const make = async () => {
    for (let nth = next++; nth < CUSTOMERS; nth = next++) {
      const email = `buyer-${nth}@bench.example`
      await ask('POST /customers', { email, first_name: 'Ada', last_name: 'Brook' })
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, make))
}

/** The last tries are written down a moment after they were sent. */
async function untilRecorded(ask: Ask): Promise<void> {
  for (const status of ['pending', 'sending']) {
    while ((await ask(`GET /webhooks/deliveries?limit=1&status=${status}`)).items.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

const asking =
  (port: number, api_key: string) =>
  async (route: string, body?: object): Promise<any> => {
    const [method, path] = route.split(' ')
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: method as string,
      headers: { 'x-api-key': api_key, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as { data: unknown }
    if (!response.ok) throw new Error(`${route}: ${JSON.stringify(answer).slice(0, 500)}`)
    return answer.data
  }
