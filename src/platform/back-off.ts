const BASE_MS = 2_000
const CAP_MS = 60 * 60 * 1000

/**
 * How long to wait before try number `attempts + 1`, in milliseconds: full jitter, a random part of
 * a pause that doubles with each try (2 s, 4 s, 8 s, … at most an hour). Many that failed together
 * do not come back together.
 */
export function retryPauseMs(attempts: number, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(CAP_MS, BASE_MS * 2 ** (Math.max(1, attempts) - 1)))
}

/** ISO 8601, UTC: `ms` after the instant of `clock`. */
export const instantIn = (clock: () => Date, ms: number): string =>
  new Date(clock().getTime() + ms).toISOString()

const ERROR_LENGTH_MAX = 1000

/** What is kept of a failure, for the operator who reads the list. */
export const failureText = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, ERROR_LENGTH_MAX)

/** A pause that is up to a fifth shorter or longer, so that many do not come back together. */
export const jittered = (ms: number, random: () => number = Math.random): number =>
  Math.round(ms * (0.8 + 0.4 * random()))
