import type { Kysely } from 'kysely'
import pg from 'pg'
import {
  databaseErrors,
  type Result,
  type Session,
  type Statement,
} from '#platform/database/database'
import { kyselyOn } from '#platform/database/dialect'
import { QueryStats } from '#platform/database/query-stats'

const { builtins, getTypeParser } = pg.types

// Both engines hand the house the same values: safe integers, and instants as ISO text.
const readers: Record<number, (text: string) => unknown> = {
  [builtins.INT8]: (text) => {
    const value = Number(text)
    if (!Number.isSafeInteger(value)) throw new RangeError(`bigint out of range: ${text}`)
    return value
  },
  [builtins.NUMERIC]: Number,
  [builtins.TIMESTAMPTZ]: (text) => toIso(text),
}
export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    readers[oid] ?? getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

const UTC = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?\+00$/

/** Sessions run in UTC, so the text only wants its separators; anything else goes the long way. */
function toIso(text: string): string {
  const parts = UTC.exec(text)
  if (!parts) return new Date(text).toISOString()
  return `${parts[1]}T${parts[2]}.${(parts[3] ?? '').padEnd(3, '0')}Z`
}

const names = new Map<string, string>()

/** One pooled PostgreSQL connection. Statements sent without waiting travel in one packet. */
export class PostgresConnection implements Session {
  readonly engine = 'postgres'
  readonly pipelines = true
  readonly kysely: Kysely<never>
  readonly client: pg.PoolClient
  readonly #queries: QueryStats
  #sent: Promise<unknown>[] = []

  constructor(client: pg.PoolClient, queries = new QueryStats()) {
    this.client = client
    this.#queries = queries
    this.kysely = kyselyOn('postgres', () => this)
  }

  run<R>({ sql, parameters, kept }: Statement): Promise<Result<R>> {
    const started = performance.now()
    return new Promise((resolve, reject) => {
      const config = {
        text: sql,
        values: parameters.map(toPostgres),
        types,
        ...(kept && { name: nameOf(sql) }),
      }
      const done = (error: Error | null, result: pg.QueryResult) => {
        this.#queries.ended(started)
        if (error) {
          this.#queries.errors++
          reject(translate(error))
        } else resolve({ rows: result.rows as R[], affected: result.rowCount ?? 0 })
      }
      void this.client.query(config as pg.QueryConfig, done)
    })
  }

  send(statement: Statement): void {
    const sent = this.run(statement)
    // Its failure is told by the commit; until then nobody listens.
    sent.catch(() => {})
    this.#sent.push(sent)
  }

  /**
   * Opens a transaction; not awaited, so that it travels in one packet with the first statement.
   */
  begin(sql: string): void {
    this.#sent = []
    this.send({ sql, parameters: [] })
  }

  /**
   * Commits, in one packet with what was sent last. PostgreSQL answers `commit` kindly even where a
   * statement has failed before, and rolls back: a command that overlooked such a failure must not
   * be told that it is done.
   */
  async commit(): Promise<void> {
    const committed = this.#commit()
    for (const outcome of await Promise.allSettled(this.#sent)) {
      if (outcome.status === 'rejected') {
        await committed.catch(() => {})
        throw outcome.reason
      }
    }
    if ((await committed) !== 'COMMIT') {
      throw new Error('nothing was committed: a statement had failed and its error was overlooked')
    }
  }

  #commit(): Promise<string> {
    const started = performance.now()
    const answered = this.client.query('commit').then(
      ({ command }) => command,
      (error) => {
        this.#queries.errors++
        throw translate(error)
      },
    )
    const committed = answered.finally(() => this.#queries.ended(started))
    // Nobody waits for it yet: what was sent before is asked first.
    committed.catch(() => {})
    return committed
  }
}

/** One name a text for the whole process, so that every connection prepares it once. */
function nameOf(sql: string): string {
  const known = names.get(sql)
  if (known) return known
  const name = `tradepost_${names.size + 1}`
  names.set(sql, name)
  return name
}

function toPostgres(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) {
    return JSON.stringify(value)
  }
  return value
}

const LOST = /^(08...|57P0[1-5]|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)$/
const LOST_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|not queryable/

/** A statement ran, or waited for a lock, longer than `statement_timeout_ms`. */
const STATEMENT_TIMEOUT = '57014'

/** Says once, at the edge, which failures mean that the database is gone or overrun. */
export function translate(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = (error as { code?: string }).code ?? ''
  if (code === STATEMENT_TIMEOUT) {
    return Object.assign(databaseErrors.busy({ reason: error.message }), { cause: error })
  }
  if (!LOST.test(code) && !LOST_MESSAGES.test(error.message)) return error
  return Object.assign(databaseErrors.unavailable(), { cause: error })
}
