import type { Limit } from './policies.ts'

/** How often someone came in the window that is open now, and when (Unix ms) it closes. */
export type Count = { count: number; ends_at: number }

/** Counts one more for `identity` and tells how many there are. */
export interface Counter {
  hit(limit: Limit, identity: string, now_ms: number): Count
}

/** Callers kept at once; when strangers by the million come, the oldest are forgotten first. */
const CALLERS_MAX = 200_000

type Generations = { young: Map<string, Count>; old: Map<string, Count>; turns_at: number }

/**
 * Fixed windows in memory. A caller's window opens with their first request. Two generations of
 * callers are kept and the older is dropped whole, so forgetting costs nothing and needs no timer.
 */
export class MemoryCounter implements Counter {
  readonly #limits = new Map<string, Generations>()

  hit({ name, window_ms }: Limit, identity: string, now_ms: number): Count {
    const callers = this.#turn(name, window_ms, now_ms)
    const known = callers.young.get(identity) ?? callers.old.get(identity)
    if (known && known.ends_at > now_ms) {
      known.count++
      return known
    }
    const opened = { count: 1, ends_at: now_ms + window_ms }
    callers.young.set(identity, opened)
    return opened
  }

  #turn(name: string, window_ms: number, now_ms: number): Generations {
    const callers = this.#limits.get(name)
    if (!callers) {
      const first = { young: new Map(), old: new Map(), turns_at: now_ms + window_ms }
      this.#limits.set(name, first)
      return first
    }
    if (now_ms >= callers.turns_at || callers.young.size >= CALLERS_MAX) {
      callers.old = callers.young
      callers.young = new Map()
      callers.turns_at = now_ms + window_ms
    }
    return callers
  }
}
