import { jittered } from '#platform/back-off'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/**
 * Pauses between tries, in milliseconds: three days in all, as Standard Webhooks suggests
 * («Deliverability and reliability»).
 */
const PAUSES_MS = [
  5_000,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const

/** Tries before a delivery is given up. */
export const TRIES_MAX = PAUSES_MS.length + 1
const RETRY_AFTER_MAX_MS = 24 * HOUR

/**
 * How long to wait after try `attempts`, in milliseconds; a receiver that says `Retry-After` (in
 * seconds) is not asked sooner. Undefined after the last.
 */
export function pauseAfter(attempts: number, retry_after?: string): number | undefined {
  const pause = PAUSES_MS[attempts - 1]
  if (pause === undefined) return undefined
  const asked_ms = /^\d{1,9}$/.test(retry_after ?? '') ? Number(retry_after) * 1000 : 0
  return Math.max(jittered(pause), Math.min(asked_ms, RETRY_AFTER_MAX_MS))
}
