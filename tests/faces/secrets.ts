import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { sql } from 'kysely'
import { pino } from 'pino'
import { buildRest } from '../../src/faces/rest/rest.ts'
import { SettingsSchema } from '../../src/platform/config/settings.ts'
import type { House } from '../testing.ts'

type Told = { status: number; body: any; text: string }
type Ask = (route: string, body?: object, headers?: Record<string, string>) => Promise<Told>

/** What is told to the world: by which route, and in which words. */
type Answer = { route: string; text: string; isRefusal: boolean }

/** A server on the house whose log is kept, and every answer that it gives. */
export async function listening(house: House) {
  const lines: string[] = []
  const keep = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  Object.assign(house.app, { log: pino({ level: 'trace' }, keep) })
  const http = await buildRest(house.app)
  await http.ready()
  const answers: Answer[] = []
  const ask: Ask = async (route, body, headers = {}) => {
    const [method, url] = route.split(' ') as ['GET', string]
    const sent = body === undefined ? {} : { payload: body }
    const answer = await http.inject({ method, url, headers, ...sent })
    const { statusCode: status, body: text } = answer
    const told = `${JSON.stringify(answer.headers)}\n${text}`
    answers.push({ route: `${method} ${url}`, text: told, isRefusal: status >= 400 })
    const isJson = /\bjson\b/.test(String(answer.headers['content-type']))
    return { status, body: isJson && text ? JSON.parse(text) : undefined, text }
  }
  return { ask, lines, answers, close: () => http.close() }
}

/**
 * Lists, exports and what a server says of itself: whatever staff can ask for without an id.
 * Answers how many lists there were.
 */
export async function askForAll(house: House, ask: Ask): Promise<number> {
  const as = { 'x-api-key': house.adminKey }
  const lists = house.app.operations.filter(
    ({ kind, rest, input, permission }) =>
      kind === 'query' &&
      permission !== 'signed_in' &&
      rest.startsWith('GET') &&
      !rest.includes(':') &&
      rest.includes(' /api/') &&
      !rest.includes('/auth/') &&
      ((input as { required?: string[] }).required ?? []).length === 0,
  )
  let told = 0
  for (const { rest, input } of lists) {
    const pages = 'limit' in input.properties
    const { status } = await ask(`${rest}${pages ? '?limit=100' : ''}`, undefined, as)
    assert.ok(status < 500, rest)
    if (status === 200) told++
    if (pages) await ask(`${rest}?format=csv`, undefined, as)
  }
  const others = [
    '/metrics',
    '/health/detailed',
    '/openapi.json',
    '/.well-known/ucp',
    '/.well-known/acp.json',
    '/api/v1/feeds/products.jsonl',
    '/api/v1/agentic-checkout/catalog',
  ]
  for (const path of others) await ask(`GET ${path}`, undefined, as)
  return told
}

/** All that is stored, as text: each table with its rows. */
export async function everyTable(house: House): Promise<Map<string, string>> {
  const { database } = house
  const names = await database.read(async (session) => {
    const query =
      session.engine === 'postgres'
        ? sql<{ name: string }>`select table_name as name from information_schema.tables
            where table_schema = 'public' and table_type = 'BASE TABLE'`
        : sql<{ name: string }>`select name from sqlite_master where type = 'table'`
    return (await query.execute(session.kysely)).rows.map(({ name }) => name)
  })
  const tables = new Map<string, string>()
  for (const name of names) {
    const { rows } = await database.read((session) =>
      sql`select * from ${sql.table(name)}`.execute(session.kysely),
    )
    tables.set(name, JSON.stringify(rows))
  }
  return tables
}

/** Secret settings that have the house speak to somebody outside, or that are addresses. */
export const ELSEWHERE = new Set([
  'database_url',
  'redis_url',
  'nats_url',
  'smtp_url',
  'stripe_secret_key',
  'easypost_api_key',
  'woocommerce_consumer_key',
  'woocommerce_consumer_secret',
])
/** Those that would refuse what is not signed. */
export const DEMANDING = new Set(['agentic_commerce_signing_secret'])

/** The names of all settings that are secret. */
export const secretNames = (): string[] =>
  Object.entries(SettingsSchema.properties).flatMap(([name, schema]) =>
    (schema as { secret?: boolean }).secret ? [name] : [],
  )

/** Every other secret setting, with a value that is like no other text. */
export function secretSettings(): Record<string, string | string[]> {
  const values = secretNames()
    .filter((name) => !ELSEWHERE.has(name) && !DEMANDING.has(name))
    .map((name) => {
      const schema = SettingsSchema.properties[name as keyof typeof SettingsSchema.properties]
      const value = `kept-by-the-shop-alone-${name}-0123456789`
      return [name, (schema as { type?: string }).type === 'array' ? [value] : value]
    })
  return Object.fromEntries(values)
}

/** Every secret that stands in a text: of the places, and of what was answered. */
export function found(
  secrets: Record<string, string>,
  { places, answers }: { places: ReadonlyMap<string, string>; answers: readonly Answer[] },
): string[] {
  const said = answers.map(({ route, text }) => [`the answer of ${route}`, text] as const)
  return [...places, ...said].flatMap(([place, text]) =>
    Object.entries(secrets).flatMap(([what, secret]) =>
      text.includes(secret) ? [`${what} in ${place}`] : [],
    ),
  )
}
