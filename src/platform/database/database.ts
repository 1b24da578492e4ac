import type { Kysely } from 'kysely'
import { defineErrors } from '#kit/errors'
import type { QueryStats } from '#platform/database/query-stats'

export type Engine = 'sqlite' | 'postgres'
export type Isolation = 'serializable' | 'read committed'

/**
 * SQL of the engine at hand with its values. A `kept` text is prepared once for each connection;
 * with `each` it runs once for each list of values instead (SQLite only).
 */
export type Statement = {
  sql: string
  parameters: readonly unknown[]
  kept?: boolean
  each?: readonly (readonly unknown[])[]
}
/** `affected` counts the rows that were read or written. */
export type Result<R> = { rows: R[]; affected: number }

/** One connection with its open transaction or snapshot. Lives as long as one operation. */
export interface Session {
  readonly engine: Engine
  readonly kysely: Kysely<never>
  /** Whether statements travel without waiting for each other's answers. */
  readonly pipelines: boolean
  run<R = Record<string, unknown>>(statement: Statement): Promise<Result<R>>
  /** The same where the answer is there at once, so that nobody waits for a promise: on SQLite. */
  runNow?<R = Record<string, unknown>>(statement: Statement): Result<R>
  /** Runs a statement whose rows nobody needs; should it fail, the commit fails with its error. */
  send(statement: Statement): void
}

/** The only thing that modules' foundations know of a database; two engines stand behind it. */
export interface Database {
  readonly engine: Engine
  /** Runs reads on one snapshot; with `statement`, each statement sees the newest commit. */
  read<T>(
    body: (session: Session) => Promise<T>,
    consistency?: 'snapshot' | 'statement',
  ): Promise<T>
  /** Runs one transaction: all or nothing. Lost races are tried again a few times. */
  write<T>(body: (session: Session) => Promise<T>, isolation?: Isolation): Promise<T>
  /** Answers when the database does; throws `database_unavailable` otherwise. */
  ping(): Promise<void>
  /**
   * A number that changes within a millisecond after someone else's commit may be visible;
   * undefined: unknowable.
   */
  foreignChanges(): number | undefined
  /**
   * Tells every process, this one included, that `topic` changed, once the session's commit is
   * done.
   */
  announce(session: Session, topic: string): Promise<void>
  /**
   * Calls `listener` on each announcement. `connected` is false while announcements may be missed.
   */
  readonly announcements: Announcements
  /** Writes a consistent copy to a file while others read and write. SQLite only. */
  backup(file: string): Promise<void>
  stats(): DatabaseStats
  close(): Promise<void>
}

export type DatabaseStats = {
  active: number
  idle: number
  retries: number
  size: number
  queries: QueryStats
}

export interface Announcements {
  readonly connected: boolean
  listen(listener: (topic: string) => void): void
}

/** Thrown by a command that lost a race in a guarded write: the transaction is run once more. */
export class TryAgain extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(`lost a race: ${reason}`)
    this.name = 'TryAgain'
    this.reason = reason
  }
}

export const databaseErrors = defineErrors({
  unavailable: {
    code: 'DATABASE_UNAVAILABLE',
    status: 503,
    message:
      'The database did not answer. The change may or may not be done: ask again with the same Idempotency-Key.',
  },
  busy: {
    code: 'DATABASE_BUSY',
    status: 503,
    message: 'Too many others are changing the same thing. Nothing was changed; try again shortly.',
  },
})

/** How often a transaction that lost a race is run again before `DATABASE_BUSY`. */
export const ATTEMPTS_MAX = 24

/** Full jitter: a random part of an exponentially growing pause, in milliseconds. */
export const backoffMs = (attempt: number): number =>
  Math.random() * Math.min(200, 4 * 2 ** attempt)

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
