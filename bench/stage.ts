import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSession } from './acp.ts'
import {
  type BenchDatabase,
  newPostgresDatabase,
  newSqliteDatabase,
  type PostgresServer,
} from './database.ts'
import { loadDatabase, type Size } from './load.ts'
import { residentMegabytes } from './processes.ts'
import type { Fixture } from './scenarios.ts'
import { findViolations, type Server, startServer } from './server.ts'

const IDLE_SECONDS = 3

/** A loaded database with a running server in front of it. */
export type Stage = {
  database: BenchDatabase
  server: Server
  fixture: Fixture
  start: StartFacts
  /**
   * Stops the server, audits every invariant, keeps a profile if one was made, and drops all else.
   */
  close(): Promise<{ violations: string | undefined; profile: string | undefined }>
}

/** What a start costs: with an empty database (migrations included), and with the loaded one. */
export type StartFacts = {
  fresh_ms: number
  existing_ms: number
  /** Resident memory some seconds after the start, before the first request; megabytes. */
  idle_mb: number | undefined
}

/**
 * Creates a database, lets the server migrate it, loads it, and starts the server that is measured.
 */
export async function openStage(
  postgres: PostgresServer | undefined,
  size: Size,
  { profile = false } = {},
): Promise<Stage> {
  const database = postgres ? await newPostgresDatabase(postgres) : newSqliteDatabase()
  const settings = { database_url: database.url, folder: database.folder }
  try {
    const first = await startServer(settings)
    const api_key = await first.createApiKey()
    await first.stop()
    const sample = await loadDatabase(database, size)
    const server = await startServer({ ...settings, profile })
    await sleep(IDLE_SECONDS * 1000)
    return {
      database,
      server,
      fixture: {
        ...sample,
        api_key,
        large_cart: await fillCart(server, sample.variant_ids),
        agent_session: await openSession(server.port, { ...sample, api_key }),
      },
      start: {
        fresh_ms: first.start_ms,
        existing_ms: server.start_ms,
        idle_mb: residentMegabytes(server.pid),
      },
      close: async () => {
        await server.stop()
        const violations = findViolations(settings)
        const kept = profile ? keepProfile(database) : undefined
        await database.drop()
        return { violations, profile: kept }
      },
    }
  } catch (error) {
    await database.drop()
    throw error
  }
}

const CART_LINES = 200

/** A guest's cart of many lines, made as a guest would. */
async function fillCart({ port }: Server, variant_ids: readonly string[]) {
  const items = variant_ids.slice(0, CART_LINES).map((variant_id) => ({ variant_id, quantity: 1 }))
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/carts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ items }),
  })
  const { data, error } = (await response.json()) as {
    data: Fixture['large_cart']
    error?: unknown
  }
  if (error) throw new Error(`no cart could be filled: ${JSON.stringify(error)}`)
  return { id: data.id, session_id: data.session_id }
}

/** Copies the CPU profile out of the folder that is about to go, to `bench/profiles`. */
function keepProfile({ folder, engine }: BenchDatabase): string | undefined {
  const name = readdirSync(folder).find((file) => file.endsWith('.cpuprofile'))
  if (!name) return undefined
  const profiles = join(import.meta.dirname, 'profiles')
  mkdirSync(profiles, { recursive: true })
  const kept = join(profiles, `${engine}.cpuprofile`)
  copyFileSync(join(folder, name), kept)
  return kept
}
