import { DURATION_BOUNDS_MS, Histogram } from '#platform/histogram'

/** A statement that takes longer is counted as slow, in milliseconds. */
const SLOW_MS = 100

/** What the connections of one database have run. */
export class QueryStats {
  readonly durations = new Histogram(DURATION_BOUNDS_MS)
  errors = 0
  slow = 0

  /** One statement that began at `started`, by `performance.now()`. */
  ended(started: number): void {
    const ms = performance.now() - started
    this.durations.observe(ms)
    if (ms > SLOW_MS) this.slow++
  }
}
