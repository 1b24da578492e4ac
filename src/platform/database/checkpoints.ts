import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Worker as Thread } from 'node:worker_threads'

/** Pages of the log after which it begins anew: 64 MB. */
export const LOG_PAGES = 16_000
/** The thread is asked as soon as there are so many to copy. */
const PAGES_AT_ONCE = 4_000

export type CheckpointOptions = {
  path: string
  synchronous: string
  /** The connection that commits. */
  writer: DatabaseSync
}

/**
 * Copies what is committed from the log (WAL) into the database, on a thread of its own: whoever
 * writes and waits for the disk meanwhile answers nobody. Only a busy shop ever starts it.
 *
 * A log begins anew only when all of it is copied and then something is written. While commands
 * keep coming the thread is always some pages behind, so of a full log the writer copies the last
 * ones: those that were written while the thread copied the others.
 */
export class Checkpoints {
  readonly #options: CheckpointOptions
  readonly #look: StatementSync
  readonly #finish: StatementSync
  #thread: Thread | undefined
  #isCopying = false
  /** Whether the thread has ended a copy since the last commit. */
  #hasCopied = false
  #isBroken = false

  constructor(options: CheckpointOptions) {
    const { writer } = options
    this.#options = options
    writer.exec('pragma wal_autocheckpoint = 0')
    this.#look = writer.prepare('pragma wal_checkpoint(noop)')
    this.#finish = writer.prepare('pragma wal_checkpoint(passive)')
  }

  /** To be called after each commit. Never fails: what was committed is safe in the log. */
  committed(): void {
    if (this.#isCopying || this.#isBroken) return
    try {
      const { log, checkpointed } = this.#look.get() as { log: number; checkpointed: number }
      const isFull = log >= LOG_PAGES
      if (isFull && this.#hasCopied) this.#finish.get()
      else if (isFull || log - checkpointed >= PAGES_AT_ONCE) this.#ask()
      this.#hasCopied = false
    } catch (error) {
      this.#goOnWithout(error)
    }
  }

  /** Waits for the thread's end. What is not copied yet is copied when the last connection ends. */
  async close(): Promise<void> {
    await this.#thread?.terminate()
  }

  #ask(): void {
    this.#isCopying = true
    this.#thread ??= this.#start()
    this.#thread.postMessage('copy')
  }

  #start(): Thread {
    const { path, synchronous } = this.#options
    const thread = new Thread(new URL('./checkpoint-thread.ts', import.meta.url), {
      workerData: { path, synchronous },
      execArgv: [],
    })
    thread.unref()
    thread.on('message', () => {
      this.#isCopying = false
      this.#hasCopied = true
    })
    thread.on('error', (error) => this.#goOnWithout(error))
    return thread
  }

  /** Slower, and as safe: the writer copies all of it. */
  #goOnWithout(error: unknown): void {
    this.#isBroken = true
    this.#options.writer.exec(`pragma wal_autocheckpoint = ${LOG_PAGES}`)
    process.emitWarning(`the log of ${this.#options.path} is copied by its writer: ${error}`)
  }
}
