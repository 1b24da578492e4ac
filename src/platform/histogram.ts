/** Counts how often values fell below each bound. Plain numbers: cheap enough for every request. */
export class Histogram {
  readonly bounds: readonly number[]
  /** One more than there are bounds: the last counts what is above all of them. Not cumulative. */
  readonly counts: number[]
  sum = 0
  count = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Array(bounds.length + 1).fill(0)
  }

  observe(value: number): void {
    let bucket = 0
    while (bucket < this.bounds.length && value > (this.bounds[bucket] as number)) bucket++
    this.counts[bucket] = (this.counts[bucket] as number) + 1
    this.sum += value
    this.count++
  }
}

/** Bounds for durations in milliseconds, from a read in memory to a request that times out. */
export const DURATION_BOUNDS_MS: readonly number[] = [
  0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000,
]
