import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe } from 'node:test'
import { sql } from 'kysely'
import type { Client } from 'pg'
import { pino } from 'pino'
import { createApp } from '#app'
import { buildRest } from '#faces/rest/rest'
import type { App } from '#platform/app'
import { startBackground } from '#platform/background'
import { changesOf } from '#platform/changes'
import { loadSettings } from '#platform/config/load'
import type { Settings } from '#platform/config/settings'
import { type Actor, systemActor } from '#platform/context'
import type { Database, Engine } from '#platform/database/database'
import { migrate } from '#platform/database/migrate'
import { openPostgres, type PostgresOptions } from '#platform/database/postgres'
import { openSqlite } from '#platform/database/sqlite'
import { readAsSystem } from '#platform/execute'
import { findViolations } from '#platform/invariants'
import { silentLog } from '#platform/log'
import { modules } from '../src/modules.ts'
import { watchAnswers } from './documented-answers.ts'
import { dropTemplates, postgresTemplateName, sqliteTemplatePath } from './templates.ts'

const POSTGRES_URL = process.env.TEST_POSTGRES_URL
const wanted = process.env.TEST_ENGINES?.split(',') ?? ['sqlite', 'postgres']

/** The engines this run covers; scripts/test.ts says loudly when one is missing. */
export const engines = (['sqlite', 'postgres'] as Engine[]).filter(
  (engine) => wanted.includes(engine) && (engine === 'sqlite' || POSTGRES_URL),
)

/** Runs a suite once for every engine at hand: what holds on one must hold on all. */
export function onEveryEngine(suite: string, body: (engine: Engine) => void): void {
  for (const engine of engines) describe(`${suite} (${engine})`, () => body(engine))
}

export type House = Awaited<ReturnType<typeof openHouse>>
export type Answer = { status: number; body: any; headers: Record<string, string> }
/**
 * Silent, unless one looks for a fault: `TEST_LOG=error` prints what the server would have logged.
 */
const testLog = () =>
  process.env.TEST_LOG
    ? pino({ level: process.env.TEST_LOG }, pino.destination({ dest: 2, sync: true }))
    : silentLog

type HouseOptions = {
  settings?: Partial<Settings>
  clock?: () => Date
  /** The relay, the jobs and the schedules run as they do in a server. */
  background?: boolean
  /** The address of a house that is open already: a second process on its database. */
  at?: string
  /** Its database stays when it closes, until `drop` is called. */
  kept?: boolean
  /** Stands between the app and its database: to count what goes through. */
  wrap?: (database: Database) => Database
}
type Sent = { body?: unknown; headers?: Record<string, string>; as?: Actor | 'nobody' }

/** Waits until a house hears what other processes announce: before that it remembers nothing. */
export async function untilListening({ database }: Pick<House, 'database'>): Promise<void> {
  changesOf(database)
  await eventually(async () => database.announcements.connected)
}

/** Waits until something is so, as announcements take a moment; fails after half a minute. */
export async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await isSo())) {
    assert.ok(Date.now() < end, 'it never came to be so')
    await new Promise((done) => setTimeout(done, 5))
  }
}

/** The administrator that `ask` speaks as unless told otherwise. */
export const admin: Actor = {
  ...systemActor,
  kind: 'user',
  id: 'user:test-admin',
  roles: ['admin'],
}

/** Someone with just these permissions; `orders:*` is understood. */
export const someoneWho = (...permissions: string[]): Actor => ({
  ...admin,
  id: `user:${permissions.join()}`,
  roles: [],
  may: (wanted) =>
    permissions.some(
      (held) => held === wanted || held === '*' || held === wanted.replace(/:.*/, ':*'),
    ),
})

/**
 * A whole house on an empty database of its own. `ask` speaks HTTP to it without a socket, as the
 * administrator, or `as` another actor. As `nobody`, real credentials in `headers` go the real way.
 */
export async function openHouse(engine: Engine, options: HouseOptions = {}) {
  const { url, drop } = options.at
    ? { url: options.at, drop: async () => {} }
    : await createMigratedDatabase(engine)
  const opened = openDatabaseAt(engine, url)
  const database = options.wrap?.(opened) ?? opened
  const settings = Object.freeze({
    ...loadSettings({ env: { APP__ENVIRONMENT: 'test', APP__RATE_LIMIT_ENABLED: 'false' } }),
    ...options.settings,
  }) as Settings
  const app: App = createApp({
    settings,
    database,
    log: testLog(),
    ...(options.clock && { clock: options.clock }),
  })
  const speakers = new Map<string, Actor>()
  const authenticate = app.authenticate
  app.authenticate = async (credentials) =>
    speakers.get(credentials.api_key ?? '') ?? authenticate(credentials)
  await migrate(
    database,
    modules.map((module) => module.migrations),
  )
  const http = await buildRest(app)
  const undocumented = watchAnswers(http, app.operations)
  await http.ready()
  const background = options.background ? startBackground(app) : undefined

  async function send(
    route: string,
    { body, headers = {}, as = admin }: Sent = {},
  ): Promise<Answer> {
    const [method, url] = route.split(' ') as ['GET' | 'POST', string]
    const speaker = `test ${as === 'nobody' ? '' : as.id}`
    if (as !== 'nobody') speakers.set(speaker, as)
    const response = await http.inject({
      method,
      url,
      headers: as === 'nobody' ? headers : { 'x-api-key': speaker, ...headers },
      ...(body !== undefined && { payload: body as object }),
    })
    const wrong = undocumented()
    if (wrong.length > 0) throw new Error(`not as documented:\n${wrong.join('\n')}`)
    const text = response.body
    const isJson = String(response.headers['content-type'] ?? '').includes('json')
    return {
      status: response.statusCode,
      body: isJson && text !== '' ? JSON.parse(text) : text,
      headers: response.headers as Record<string, string>,
    }
  }

  speakers.set('test admin', admin)
  return {
    app,
    database,
    url,
    drop,
    http,
    send,
    /** An X-API-Key that speaks as the administrator, for requests made by hand. */
    adminKey: 'test admin',
    /** What answers since the last time were not as their operations declare. */
    undocumented,
    /** Asks and answers the settled body's `data` (or `error`) beside the status. */
    async ask(route: string, body?: unknown, more: Omit<Sent, 'body'> = {}) {
      const answer = await send(route, { ...more, ...(body !== undefined && { body }) })
      return { ...answer, data: answer.body?.data, error: answer.body?.error }
    },
    /** The names of every event recorded so far, oldest first. */
    async events(): Promise<string[]> {
      const { rows } = await database.read((session) =>
        sql<{ name: string }>`select name from events order by id`.execute(session.kysely),
      )
      return rows.map((row) => row.name)
    },
    /** Every broken invariant of every module. */
    violations: () => readAsSystem(app, (ctx) => findViolations(ctx, app.invariants)),
    async close() {
      await background?.stop()
      await http.close()
      await database.close()
      if (!options.kept) await drop()
    },
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
}

/** A database of its own with all tables: a copy of one that is migrated once a run. */
async function createMigratedDatabase(engine: Engine): Promise<Created> {
  return createLike(engine, await templates[engine]())
}

/** A copy of a database that nobody has open. */
export function copyDatabase(engine: Engine, url: string): Promise<Created> {
  const name = url.slice(url.lastIndexOf('/') + 1)
  return createLike(engine, engine === 'sqlite' ? url.replace('sqlite://', '') : name)
}

/** A copy of the file, or of the database of the server, that has this name. */
async function createLike(engine: Engine, template: string): Promise<Created> {
  const { url, drop } = await createDatabase(engine, template)
  if (engine === 'sqlite') copyFileSync(template, url.replace('sqlite://', ''))
  return { url, drop }
}

/** What one run shares among its processes; a file that is run alone has templates of its own. */
const RUN = process.env.TEST_RUN_ID ?? randomUUID().replaceAll('-', '')
const templates = { sqlite: once(sqliteTemplate), postgres: once(postgresTemplate) }
// A program that a test has started is no test, and must not print like one.
const isTest = process.argv[1]?.endsWith('.test.ts')
if (isTest && !process.env.TEST_RUN_ID) after(() => dropTemplates(RUN, POSTGRES_URL))

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** The path of a migrated file. Whoever is first puts it there, whole. */
async function sqliteTemplate(): Promise<string> {
  const path = sqliteTemplatePath(RUN)
  if (existsSync(path)) return path
  const own = `${path}.${randomUUID()}`
  await migrateAt('sqlite', `sqlite://${own}`)
  renameSync(own, path)
  return path
}

/** The name of a migrated database. Processes that want it at once wait for the first. */
async function postgresTemplate(): Promise<string> {
  const name = postgresTemplateName(RUN)
  await asOwner(async (client) => {
    await client.query(`select pg_advisory_lock(hashtext('${name}'))`)
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (rows.length > 0) return
    const making = `${name}_making`
    await client.query(`drop database if exists ${making} with (force)`)
    await client.query(`create database ${making}`)
    await migrateAt('postgres', urlOf(making))
    await client.query(`alter database ${making} rename to ${name}`)
  })
  return name
}

async function migrateAt(engine: Engine, url: string): Promise<void> {
  const database = openDatabaseAt(engine, url)
  const owned = modules.map((module) => module.migrations)
  await migrate(database, owned)
  await database.close()
}

/** An empty database of its own, and how to be rid of it. */
export async function openEmptyDatabase(
  engine: Engine,
): Promise<{ database: Database; url: string; drop: () => Promise<void> }> {
  const { url, drop } = await createDatabase(engine)
  return { database: openDatabaseAt(engine, url), url, drop }
}

/** An empty database that nobody has opened yet: for a server that is a process of its own. */
export async function createDatabase(engine: Engine, template?: string): Promise<Created> {
  if (engine === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'tradepost-test-'))
    const drop = async () => rmSync(folder, { recursive: true, force: true })
    return { url: `sqlite://${join(folder, 'house.db')}`, drop }
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const like = template ? ` template ${template}` : ''
  await asOwner((client) => client.query(`create database ${name}${like}`))
  const drop = () =>
    asOwner((client) => client.query(`drop database if exists ${name} with (force)`))
  return { url: urlOf(name), drop }
}

type Created = { url: string; drop: () => Promise<void> }

const urlOf = (database: string) => (POSTGRES_URL as string).replace(/\/[^/]*$/, `/${database}`)

/** Opens a database that is there already, as another process would. */
export function openDatabaseAt(
  engine: Engine,
  url: string,
  limits: Partial<Omit<PostgresOptions, 'url'>> = {},
): Database {
  if (engine === 'sqlite') {
    return openSqlite({ path: url.replace('sqlite://', ''), synchronous: 'off' })
  }
  return openPostgres({
    url,
    connections_max: 8,
    acquire_timeout_ms: 10_000,
    idle_timeout_ms: 1_000,
    statement_timeout_ms: 20_000,
    ...limits,
  })
}

async function asOwner(act: (client: Client) => Promise<unknown>): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: POSTGRES_URL })
  await client.connect()
  try {
    await act(client)
  } finally {
    await client.end()
  }
}
