import type { Session } from '#platform/database/database'
import { databaseErrors } from '#platform/database/database'

/** What the lane needs of SQLite: one connection that nobody else writes through. */
export type LaneConnection = {
  session: Session
  exec(sql: LaneStatement): void
  /** Told when a whole batch is lost, also what one command of it has read of another. */
  lost(): void
}
export type LaneStatement = 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'undo'

type Waiting = {
  body: (session: Session) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}
type Outcome = { waiting: Waiting; value?: unknown; error?: unknown; failed: boolean }

const BATCH_MAX = 256

/**
 * The group-commit lane: commands run one after another, each in a savepoint of its own, inside one
 * transaction that is made durable once, and only then does anyone get an answer. A disk sync costs
 * as much as ten orders; here a whole crowd shares one.
 */
export class Lane {
  readonly #connection: LaneConnection
  #queue: Waiting[] = []
  #running: Promise<void> | undefined

  constructor(connection: LaneConnection) {
    this.#connection = connection
  }

  submit<T>(body: (session: Session) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ body, resolve: resolve as Waiting['resolve'], reject })
      this.#running ??= this.#drain()
    })
  }

  /** Waits until everything submitted so far has been answered. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #drain(): Promise<void> {
    // A breath first, so that a crowd shares the first commit.
    await new Promise((next) => setImmediate(next))
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, BATCH_MAX)
      await this.#runBatch(batch)
    }
    // In the same tick as the last look at the queue: whoever submits from now on (one that tries
    // again, say) begins a new round. A tick later, it would wait for a round that is over.
    this.#running = undefined
  }

  async #runBatch(batch: Waiting[]): Promise<void> {
    const outcomes: Outcome[] = []
    try {
      this.#connection.exec('begin')
      for (const waiting of batch) outcomes.push(await this.#runOne(waiting))
      this.#connection.exec('commit')
    } catch (cause) {
      this.#rollBack()
      const error = Object.assign(databaseErrors.unavailable(), { cause })
      this.#connection.lost()
      for (const { reject } of batch) reject(error)
      return
    }
    for (const { waiting, value, error, failed } of outcomes) {
      if (failed) waiting.reject(error)
      else waiting.resolve(value)
    }
  }

  async #runOne(waiting: Waiting): Promise<Outcome> {
    this.#connection.exec('savepoint')
    try {
      const value = await waiting.body(this.#connection.session)
      this.#connection.exec('release')
      return { waiting, value, failed: false }
    } catch (error) {
      this.#connection.exec('undo')
      this.#connection.exec('release')
      return { waiting, error, failed: true }
    }
  }

  #rollBack(): void {
    try {
      this.#connection.exec('rollback')
    } catch {
      // SQLite has rolled back by itself already (full disk, broken file): there is nothing to
      // undo.
    }
  }
}
