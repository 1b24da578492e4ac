import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after } from 'node:test'
import type { Settings } from '#platform/config/settings'
import type { Engine } from '#platform/database/database'
import { copyDatabase, type House, openDatabaseAt, openHouse } from '#testing'
import type { Death, Moment } from './dying-process.ts'

export type { Death, Deed, DeedFile, Moment } from './dying-process.ts'

const PROGRAM = join(import.meta.dirname, 'dying-process.ts')
/** Deaths of one process: a program takes seconds to start, a house in it half a second. */
const DEATHS_MAX = 6

/** Has a process of its own do these things and kills it when each is at its moment. */
export async function die(engine: Engine, ...deaths: Death[]): Promise<void> {
  const args = [PROGRAM, engine, JSON.stringify(deaths)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  const [, signal] = await once(child, 'exit')
  assert.equal(signal, 'SIGKILL', `it did not die at its moment: ${said}`)
}

/** What lives on beside the process that dies: a carrier, a mail server. */
type Outside = AsyncDisposable & { settings: Partial<Settings> }
type Options<Shop, Beside> = {
  /** Makes what all cases begin with. Asked once; each case dies on a copy of its own. */
  prepare: (house: House) => Promise<Shop>
  settings?: Partial<Settings>
  /** Opens what one case alone speaks to. */
  beside?: () => Promise<Beside>
}
/** What is left behind, for another process to go on with. */
export type Left<Shop, Beside = unknown> = {
  shop: Shop
  beside: Beside
  url: string
  settings: Partial<Settings>
}
type Case<Shop> = { at: Moment; deed: (shop: Shop) => Death['deed'] }
type Drop = () => Promise<void>

/**
 * Cases that begin alike and each die at a moment of their own: `dying(at, deed)` notes one and
 * answers how to have it dead. The first to ask has all of them killed, several by one SIGKILL of
 * one process. To be called inside a suite, at whose end all of it is dropped.
 */
export function deathsIn<Shop, Beside extends Outside = never>(
  engine: Engine,
  options: Options<Shop, Beside>,
) {
  const cases: Case<Shop>[] = []
  const drops: Drop[] = []
  let killed: Promise<Left<Shop, Beside>[]> | undefined
  after(async () => {
    await Promise.all(drops.map((drop) => drop()))
  })
  return (at: Moment, deed: Case<Shop>['deed']) => {
    const nth = cases.push({ at, deed }) - 1
    return async (): Promise<Left<Shop, Beside>> => {
      killed ??= killAll(engine, { options, cases, drops })
      return (await killed)[nth] as Left<Shop, Beside>
    }
  }
}

type Killing<Shop, Beside> = {
  options: Options<Shop, Beside>
  cases: readonly Case<Shop>[]
  drops: Drop[]
}

async function killAll<Shop, Beside extends Outside>(
  engine: Engine,
  { options, cases, drops }: Killing<Shop, Beside>,
): Promise<Left<Shop, Beside>[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tradepost-deaths-'))
  drops.push(async () => rmSync(folder, { recursive: true, force: true }))
  // The provider's own books lie beside the database that the settings name: one set a case.
  const booksOf = (name: string) => ({ database_url: `sqlite://${join(folder, name)}` })
  const books = (name: string) => join(folder, `${name}.test-provider.db`)
  const settings = { ...options.settings, ...booksOf('first') }
  const first = await openHouse(engine, { settings, kept: true })
  drops.push(first.drop)
  const shop = await options.prepare(first)
  await first.close()
  const left: Left<Shop, Beside>[] = []
  for (const nth of cases.keys()) {
    const { url, drop } = await copyDatabase(engine, first.url)
    const beside = (await options.beside?.()) as Beside
    drops.push(drop, async () => beside?.[Symbol.asyncDispose]())
    const name = String(nth)
    if (existsSync(books('first'))) copyBooks(books('first'), books(name))
    const own = { ...options.settings, ...beside?.settings, ...booksOf(name) }
    left.push({ shop, beside, url, settings: own })
  }
  const deaths = cases.map(({ at, deed }, nth): Death => {
    const { url, settings } = left[nth] as Left<Shop, Beside>
    return { url, settings, at, deed: deed(shop) }
  })
  for (let from = 0; from < deaths.length; from += DEATHS_MAX) {
    await die(engine, ...deaths.slice(from, from + DEATHS_MAX))
  }
  return left
}

/** Also what stands in its log alone: the house that wrote it has it open still. */
function copyBooks(from: string, to: string): void {
  const books = new DatabaseSync(from)
  books.exec(`vacuum into '${to}'`)
  books.close()
}

const PAST = '2020-01-01T00:00:00.000Z'
/** What a dead process holds for some minutes. */
const CLAIMS = [
  `update idempotency_keys set locked_until = '${PAST}' where locked_until is not null`,
  `update payment_requests set check_at = '${PAST}' where state in ('requested', 'sent', 'unknown')`,
  `update labels set check_at = '${PAST}' where state in ('sent', 'unknown', 'voiding')`,
  `update jobs set run_at = '${PAST}' where status in ('waiting', 'running')`,
  `update schedules set next_at = '${PAST}'`,
]

/** The minutes that a dead process's claims last, in a moment. */
export async function letTimePass(engine: Engine, url: string): Promise<void> {
  const database = openDatabaseAt(engine, url)
  await database.write(async (session) => {
    for (const sql of CLAIMS) await session.run({ sql, parameters: [] })
  })
  await database.close()
}
