import type { Log } from '#platform/log'

/** Longest pause between two turns that failed, in milliseconds. */
const FAILURE_PAUSE_MAX_MS = 5_000

export type WorkerOptions = {
  name: string
  log: Log
  /** Does what is due. Answers after how many milliseconds to look again; 0 is at once. */
  turn: () => Promise<number>
}

/**
 * A loop in the background: one turn at a time, again when it said or when it is woken, and never
 * ended by a failure. A database that is away is told once, and once more when it is back.
 */
export class Worker {
  readonly #options: WorkerOptions
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #wanted = false
  #failures = 0
  #stopped = true

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  get stopped(): boolean {
    return this.#stopped
  }

  start(): void {
    this.#stopped = false
    this.wake()
  }

  /** There may be work: looks at once, or right after the turn that is running. */
  wake(): void {
    if (this.#stopped || this.#wanted) return
    this.#wanted = true
    if (this.#running) return
    clearTimeout(this.#timer)
    this.#running = this.#run().finally(() => {
      this.#running = undefined
      // Somebody woke it after its last look and before this line: the timer would find it wanted
      // already, and nobody would ever look again.
      if (!this.#wanted) return
      this.#wanted = false
      this.wake()
    })
  }

  /** Begins no other turn and waits for the one that is running. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  async #run(): Promise<void> {
    // A breath first, so that a crowd of commits wakes it once.
    await new Promise((next) => setImmediate(next))
    let pause = 0
    while (!this.#stopped && (this.#wanted || pause === 0)) {
      this.#wanted = false
      pause = await this.#turn()
    }
    if (this.#stopped) return
    this.#timer = setTimeout(() => this.wake(), pause)
  }

  async #turn(): Promise<number> {
    const { name, log, turn } = this.#options
    try {
      const pause = await turn()
      if (this.#failures > 0) log.info({ worker: name }, 'the background works again')
      this.#failures = 0
      return pause
    } catch (error) {
      this.#failures++
      if (this.#failures === 1) log.warn({ worker: name, err: error }, 'the background must wait')
      return Math.min(FAILURE_PAUSE_MAX_MS, 100 * 2 ** this.#failures)
    }
  }
}
