import type { Session } from '#platform/database/database'
import { databaseErrors } from '#platform/database/database'

/** What the lane needs of SQLite: one connection that nobody else writes through. */
export type LaneConnection = {
  session: Session
  exec(sql: LaneStatement): void
  /** How many statements that may write were run. */
  writes(): number
  /** Ends when all that is committed is on the disk; nothing where it is already. */
  safe(): Promise<void> | undefined
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
/** For so many batches after one that had to be undone, each command gets a savepoint. */
const CAREFUL_BATCHES = 64

/** A command failed after it had written, and nothing stands between it and the others. */
class Spoilt extends Error {
  readonly outcome: Outcome
  constructor(outcome: Outcome) {
    super('a command wrote and failed')
    this.outcome = outcome
  }
}

/**
 * The group-commit lane: commands run one after another inside one transaction that is made durable
 * once, and only then does anyone get an answer. A disk sync costs as much as ten orders; here a
 * whole crowd shares one.
 *
 * What fails must leave nothing behind. Nearly every refusal comes before the first write, so there
 * is nothing to undo. Where there is, the whole batch is rolled back and run again with a savepoint
 * for each command, and so are the next ones: commands are functions of what they read and may be
 * run again. A savepoint for each from the start would cost a third of every write, because SQLite
 * keeps a copy of each page that is written in one.
 */
export class Lane {
  readonly #connection: LaneConnection
  #queue: Waiting[] = []
  #running: Promise<void> | undefined
  /** How many of the next batches give each command a savepoint. */
  #careful = 0

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
    let outcomes: Outcome[]
    try {
      outcomes = await this.#committed(batch)
      await this.#connection.safe()
    } catch (cause) {
      const error = Object.assign(databaseErrors.unavailable(), { cause })
      for (const { reject } of batch) reject(error)
      return
    }
    for (const { waiting, value, error, failed } of outcomes) {
      if (failed) waiting.reject(error)
      else waiting.resolve(value)
    }
  }

  async #committed(batch: Waiting[]): Promise<Outcome[]> {
    const isCareful = this.#careful > 0
    try {
      const outcomes: Outcome[] = []
      this.#connection.exec('begin')
      for (const waiting of batch) {
        outcomes.push(await (isCareful ? this.#runUndoable(waiting) : this.#runBare(waiting)))
      }
      this.#connection.exec('commit')
      if (isCareful) this.#careful--
      return outcomes
    } catch (error) {
      const isUndone = this.#rollBack()
      // Alone it is undone by that, and nobody has read what it wrote.
      if (error instanceof Spoilt && batch.length === 1 && isUndone) return [error.outcome]
      this.#connection.lost()
      if (!(error instanceof Spoilt)) throw error
      this.#careful = CAREFUL_BATCHES
      return this.#committed(batch)
    }
  }

  async #runBare(waiting: Waiting): Promise<Outcome> {
    const before = this.#connection.writes()
    try {
      return await answered(waiting, this.#connection)
    } catch (error) {
      const outcome = { waiting, error, failed: true }
      if (this.#connection.writes() > before) throw new Spoilt(outcome)
      return outcome
    }
  }

  async #runUndoable(waiting: Waiting): Promise<Outcome> {
    this.#connection.exec('savepoint')
    try {
      const outcome = await answered(waiting, this.#connection)
      this.#connection.exec('release')
      return outcome
    } catch (error) {
      this.#connection.exec('undo')
      this.#connection.exec('release')
      return { waiting, error, failed: true }
    }
  }

  /** Answers false where SQLite has rolled back by itself already (full disk, broken file). */
  #rollBack(): boolean {
    try {
      this.#connection.exec('rollback')
      return true
    } catch {
      return false
    }
  }
}

const answered = async (waiting: Waiting, { session }: LaneConnection): Promise<Outcome> => ({
  waiting,
  value: await waiting.body(session),
  failed: false,
})
