import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { databaseErrors } from '#platform/database/database'

/** Ends when the disk has all that was written to the open file; throws what the system says. */
export type SyncFile = (file: number) => Promise<void>

/**
 * Puts what is committed on the disk beside the thread that answers everybody. SQLite would do it
 * inside the commit, and until the disk is done nobody else would be answered. Nothing may be told
 * of a commit before `safe()` has ended: a power cut could still take it back.
 */
export class LogSync {
  readonly #path: string
  readonly #syncFile: SyncFile
  #file: number | undefined
  #running: Promise<void> | undefined
  /** Begins when the running one has ended, which may have begun before the latest commit. */
  #next: Promise<void> | undefined
  #failure: unknown

  /** `path` is that of the log, which need not be there before the first commit. */
  constructor(path: string, syncFile: SyncFile = promisify(fdatasync)) {
    this.#path = path
    this.#syncFile = syncFile
  }

  /** To be called after each commit that may have written. */
  committed(): void {
    if (this.#next) return
    this.#next = this.#run()
    // It is thrown to whoever waits, and by `check` from then on.
    this.#next.catch(() => undefined)
  }

  /**
   * Ends when all that is committed by now is on the disk; nothing where it is already. Throws
   * `database_unavailable` where the disk refuses.
   */
  safe(): Promise<void> | undefined {
    return this.#next ?? this.#running
  }

  /**
   * Throws `database_unavailable` when the disk has once refused. The system may have forgotten
   * what it could not write, so that a later success would say nothing: only a new start finds out
   * what is there.
   */
  check(): void {
    if (this.#failure) throw this.#failure
  }

  async close(): Promise<void> {
    await this.safe()?.catch(() => undefined)
    if (this.#file !== undefined) closeSync(this.#file)
  }

  async #run(): Promise<void> {
    await this.#running
    this.#running = this.#next
    this.#next = undefined
    try {
      this.#file ??= openSync(this.#path, 'r+')
      await this.#syncFile(this.#file)
      if (!this.#next) this.#running = undefined
    } catch (cause) {
      this.#failure = Object.assign(databaseErrors.unavailable(), { cause })
      throw this.#failure
    }
  }
}
