import pg from 'pg'
import { DomainError } from '#kit/errors'
import {
  ATTEMPTS_MAX,
  backoffMs,
  type Database,
  databaseErrors,
  type Isolation,
  pause,
  type Session,
  TryAgain,
} from '#platform/database/database'
import { gatheringSocket } from '#platform/database/gathering-socket'
import { PostgresAnnouncements } from '#platform/database/postgres-announcements'
import { PostgresConnection, translate } from '#platform/database/postgres-connection'
import { QueryStats } from '#platform/database/query-stats'

export type PostgresOptions = {
  url: string
  connections_max: number
  /** Idle connections beyond this many are closed after `idle_timeout_ms`; none unless said. */
  connections_min?: number
  /** How long a request waits for a connection before it is refused, in milliseconds. */
  acquire_timeout_ms: number
  idle_timeout_ms: number
  /** How long one statement may run on the server, in milliseconds. */
  statement_timeout_ms: number
  /** Where a lost idle connection is told; it is replaced at the next use. */
  onLost?: (error: Error) => void
}

const SERIALIZATION_FAILURE = '40001'
const DEADLOCK = '40P01'
const UNIQUE_VIOLATION = '23505'

const BEGIN = {
  serializable: 'begin isolation level serializable',
  'read committed': 'begin isolation level read committed',
  snapshot: 'begin isolation level repeatable read read only',
}

/** The engine for many processes and machines. */
export function openPostgres(options: PostgresOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections_max,
    min: options.connections_min ?? 0,
    connectionTimeoutMillis: options.acquire_timeout_ms,
    idleTimeoutMillis: options.idle_timeout_ms,
    statement_timeout: options.statement_timeout_ms,
    // Sent once at the start of each connection: every text form of an instant is then UTC.
    options: '-c timezone=UTC -c client_encoding=UTF8',
    application_name: 'tradepost',
    pipeline: true,
    stream: gatheringSocket,
  } as pg.PoolConfig)
  pool.on('error', (error) => options.onLost?.(error))
  const announcements = new PostgresAnnouncements(options)
  const connections = new WeakMap<pg.PoolClient, PostgresConnection>()
  const queries = new QueryStats()
  let retries = 0

  async function connect(): Promise<PostgresConnection> {
    const client = await pool.connect().catch((error) => {
      throw translate(error)
    })
    const known = connections.get(client)
    if (known) return known
    // The pool listens only while a connection is idle. Lost in the middle of a command, it tells
    // its statement; without a listener it would also end this process.
    client.on('error', () => {})
    const fresh = new PostgresConnection(client, queries)
    connections.set(client, fresh)
    return fresh
  }

  /**
   * Opens with `begin`, runs, commits; a failure rolls back, a broken connection is thrown away.
   */
  async function inTransaction<T>(
    begin: string,
    body: (session: Session) => Promise<T>,
  ): Promise<T> {
    const connection = await connect()
    let broken: Error | undefined
    try {
      connection.begin(begin)
      const value = await body(connection)
      await connection.commit()
      return value
    } catch (error) {
      await connection.run({ sql: 'rollback', parameters: [] }).catch((lost: Error) => {
        broken = lost
      })
      throw error
    } finally {
      connection.client.release(broken)
    }
  }

  return {
    engine: 'postgres',
    async read(body, consistency = 'snapshot') {
      if (consistency === 'snapshot') return inTransaction(BEGIN.snapshot, body)
      const connection = await connect()
      let broken: Error | undefined
      try {
        return await body(connection)
      } catch (error) {
        if (isLost(error)) broken = error
        throw error
      } finally {
        connection.client.release(broken)
      }
    },
    async write(body, isolation: Isolation = 'serializable') {
      for (let attempt = 1; ; attempt++) {
        try {
          return await inTransaction(BEGIN[isolation], body)
        } catch (error) {
          if (!mayTryAgain(error)) throw error
          if (attempt === ATTEMPTS_MAX) throw databaseErrors.busy({ reason: String(error) })
          retries++
          await pause(backoffMs(attempt))
        }
      }
    },
    async ping() {
      await pool.query('select 1').catch((error) => {
        throw translate(error)
      })
    },
    foreignChanges: () => undefined,
    async announce(session, topic) {
      await session.run({
        sql: "select pg_notify('tradepost', $1)",
        parameters: [topic],
        kept: true,
      })
    },
    announcements,
    async backup() {
      throw new Error('Back up PostgreSQL with its own tools, such as pg_dump.')
    },
    stats: () => ({
      active: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      retries,
      queries,
      size: options.connections_max,
    }),
    async close() {
      await announcements.close()
      await pool.end()
    },
  }
}

const isLost = (error: unknown): error is DomainError =>
  error instanceof DomainError && error.code === databaseErrors.unavailable.spec.code

/** Lost races: serialization failures, deadlocks, and sequence numbers that another one took. */
function mayTryAgain(error: unknown): boolean {
  if (error instanceof TryAgain) return true
  if (!(error instanceof Error)) return false
  const { code, constraint } = error as { code?: string; constraint?: string }
  if (code === SERIALIZATION_FAILURE || code === DEADLOCK) return true
  return code === UNIQUE_VIOLATION && constraint === 'events_in_sequence'
}
