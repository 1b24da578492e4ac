import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fdatasyncSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { newId } from '#kit/ids'
import {
  type BenchDatabase,
  connected,
  newFolder,
  newPostgresDatabase,
  newSqliteDatabase,
  type PostgresServer,
} from './database.ts'
import { type Measured, measure } from './driver.ts'
import { vacuumLoaded } from './load-sql.ts'
import {
  ITEMS,
  POSTGRES_ONE_STATEMENT,
  POSTGRES_STATEMENTS,
  SQLITE_STATEMENTS,
  suppliesFor,
  uuidOf,
} from './order-rows.ts'
import { cpuSeconds } from './processes.ts'
import type { Fixture } from './scenarios.ts'
import { migrate } from './server.ts'

const ENDING_MS = 300

/** Orders a second that bare SQL writes, and what one costs. */
export type SqlYardstick = {
  title: string
  /** Clients of the server whose numbers it is held against. */
  clients: number
  /** The one that writes are divided by; of several with the same number of clients, the best. */
  per_second: number
  /** CPU of whoever runs the SQL: our process for SQLite, PostgreSQL's processes else. */
  cpu_us: number | undefined
}

/** The bare Fastify route in a process of its own, driven exactly as the product is. */
export async function measureBareRoute(
  clients: readonly number[],
  { warm_up_seconds, seconds }: { warm_up_seconds: number; seconds: number },
): Promise<Map<number, Measured>> {
  const child = fork(join(import.meta.dirname, 'bare-server.ts'))
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const measured = new Map<number, Measured>()
  const fixture = {} as Fixture
  for (const count of clients) {
    const job = { scenario: 'bare-route', fixture, port, warm_up_seconds, seconds }
    measured.set(count, await measure({ ...job, clients: count, server_pid: child.pid }))
  }
  child.disconnect()
  return measured
}

/** Milliseconds to bring 4 KiB safely to the disk: the floor of a commit that waits for it. */
export function measureSync(seconds: number): { p50_ms: number; p99_ms: number } {
  const folder = newFolder('sync')
  const file = openSync(join(folder, 'file'), 'w')
  const page = Buffer.alloc(4096, 1)
  const times: number[] = []
  const until = performance.now() + seconds * 1000
  while (performance.now() < until) {
    const from = performance.now()
    writeSync(file, page)
    fdatasyncSync(file)
    times.push(performance.now() - from)
  }
  closeSync(file)
  rmSync(folder, { recursive: true })
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN
  return { p50_ms: at(0.5), p99_ms: at(0.99) }
}

/** Orders through `node:sqlite`, WAL and synchronous=FULL, one, 16 and 64 to a transaction. */
export async function measureSqlite(seconds: number): Promise<SqlYardstick[]> {
  const yardsticks: SqlYardstick[] = []
  for (const batch of [1, 16, 64]) {
    const database = newSqliteDatabase()
    const title = batch === 1 ? 'one order a transaction' : `${batch} orders a transaction`
    migrate({ database_url: database.url, folder: database.folder })
    yardsticks.push({ title, clients: batch, ...writeToSqlite(database.path, batch, seconds) })
    await database.drop()
  }
  return yardsticks
}

function writeToSqlite(path: string, batch: number, seconds: number) {
  const sqlite = new DatabaseSync(path)
  // As the server opens it.
  sqlite.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  sqlite.exec('pragma wal_autocheckpoint = 4000; pragma cache_size = -32768')
  sqlite.exec(suppliesFor('sqlite'))
  const statements = SQLITE_STATEMENTS.map((sql) => {
    const statement = sqlite.prepare(sql)
    statement.setAllowUnknownNamedParameters(true)
    return statement
  })
  const [begin, commit] = ['begin immediate', 'commit'].map((sql) => sqlite.prepare(sql))
  const cpuBefore = process.cpuUsage()
  const from = performance.now()
  let orders = 0
  while (performance.now() - from < seconds * 1000) {
    begin?.run()
    for (let nth = 0; nth < batch; nth += 1) {
      const parameters = sqliteParameters()
      for (const statement of statements) statement.run(parameters)
    }
    commit?.run()
    orders += batch
  }
  const elapsed = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  sqlite.close()
  return { per_second: orders / elapsed, cpu_us: (user + system) / orders }
}

function sqliteParameters(): Record<string, string> {
  const now = Date.now()
  const item = Math.floor(Math.random() * ITEMS)
  const ids = Array.from({ length: 7 }, (_, nth) => [`x${nth + 1}`, newId('order', now)])
  return {
    ...Object.fromEntries(ids),
    a: uuidOf(1 + item),
    b: uuidOf(1 + ((item + 1 + Math.floor(Math.random() * (ITEMS - 1))) % ITEMS)),
  }
}

/** Orders through pgbench, or through the bare `pg` client where there is no pgbench. */
export async function measurePostgres(
  server: PostgresServer,
  seconds: number,
): Promise<SqlYardstick[]> {
  const found = spawnSync('pgbench', ['--version']).status === 0
  const tool = found ? 'pgbench' : 'bare pg client (no pgbench on the PATH)'
  const yardsticks: SqlYardstick[] = []
  for (const clients of [1, 8]) {
    for (const [kind, sql] of [
      ['statements', ['begin', ...POSTGRES_STATEMENTS, 'commit']],
      ['one statement', [POSTGRES_ONE_STATEMENT]],
    ] as const) {
      const title = `${tool}, ${kind}, ${clients} ${clients === 1 ? 'client' : 'clients'}`
      const write = found ? writeWithPgbench : writeWithClient
      const written = await onNewTables(server, (database) =>
        write(database, sql, { clients, seconds }),
      )
      yardsticks.push({
        title,
        clients,
        per_second: written.orders / seconds,
        cpu_us: written.cpu_seconds && (written.cpu_seconds * 1e6) / written.orders,
      })
    }
  }
  return yardsticks
}

async function onNewTables(
  server: PostgresServer,
  write: (database: BenchDatabase) => Promise<number>,
): Promise<{ orders: number; cpu_seconds: number | undefined }> {
  const cpu = (): number => (server.pid && cpuSeconds(server.pid, 'with children')) ?? Number.NaN
  const database = await newPostgresDatabase(server)
  try {
    migrate({ database_url: database.url, folder: database.folder })
    await connected(database.url, async (client) => {
      await client.query(suppliesFor('postgres'))
      await vacuumLoaded(client)
    })
    const before = cpu()
    const orders = await write(database)
    // A process that ends while it is counted is counted nowhere.
    await sleep(ENDING_MS)
    return { orders, cpu_seconds: cpu() - before || undefined }
  } finally {
    await database.drop()
  }
}

type Load = { clients: number; seconds: number }

/** Orders written; each update takes its items from its own half, so that nobody deadlocks. */
async function writeWithPgbench(
  { url, folder }: BenchDatabase,
  sql: readonly string[],
  { clients, seconds }: Load,
): Promise<number> {
  const script = join(folder, 'order.sql')
  const half = ITEMS / 2
  const variables = [
    `a random(1, ${half})`,
    `b random(${half + 1}, ${ITEMS})`,
    'n random(1, 9000000000000000000)',
  ]
  writeFileSync(
    script,
    [
      ...variables.map((variable) => `\\set ${variable}`),
      ...sql.map((text) => `${text};`),
      '',
    ].join('\n'),
  )
  const flags = ['-n', '-M', 'prepared', '-f', script, '-c', String(clients), '-T', String(seconds)]
  const { stdout, stderr, status } = spawnSync('pgbench', [...flags, url], { encoding: 'utf8' })
  const perSecond = /^tps = ([\d.]+)/m.exec(stdout)?.[1]
  if (status !== 0 || !perSecond) throw new Error(`pgbench failed: ${stderr}`)
  return Number(perSecond) * seconds
}

async function writeWithClient(
  { url }: BenchDatabase,
  sql: readonly string[],
  { clients, seconds }: Load,
): Promise<number> {
  const half = ITEMS / 2
  const queries = sql.map((template, nth) => {
    const used = [':a', ':b', ':n'].filter((name) => variable(name).test(template))
    const text = used.reduce(
      (done, name, index) => done.replaceAll(variable(name), `$${index + 1}::bigint`),
      template,
    )
    return { name: `q${nth}`, text, used }
  })
  const until = performance.now() + seconds * 1000
  const write = async (): Promise<number> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    let orders = 0
    while (performance.now() < until) {
      const values: Record<string, number> = {
        ':a': 1 + Math.floor(Math.random() * half),
        ':b': half + 1 + Math.floor(Math.random() * half),
        ':n': Math.floor(Math.random() * Number.MAX_SAFE_INTEGER),
      }
      for (const { name, text, used } of queries) {
        await client.query({ name, text, values: used.map((name) => values[name]) })
      }
      orders += 1
    }
    await client.end()
    return orders
  }
  const orders = await Promise.all(Array.from({ length: clients }, write))
  return orders.reduce((sum, count) => sum + count, 0)
}

/** A variable of pgbench, which no type such as `::bigint` is. */
const variable = (name: string): RegExp => new RegExp(`(?<!:)${name}\\b`, 'g')
