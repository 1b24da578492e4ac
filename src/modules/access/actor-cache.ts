import type { Id } from '#kit/ids'
import { type Actor, perProcess } from '#platform/context'
import type { Database } from '#platform/database/database'

/** What a credential stands for, until something it depends on changes. */
export type Known = {
  actor: Actor
  /** When the credential itself expires, Unix milliseconds. */
  expires_ms: number
  /** What it depends on: `user:ID`, `session:ID`, `key:ID`. */
  depends_on: readonly string[]
  /** API keys: the id, and when their use was last written down. */
  key_id?: Id<'api_key'>
  used_ms?: number
}
type Entry = Known & { stale_ms: number }

const ENTRIES_MAX = 10_000
/** Even an unchanged entry is read again after this: a bound for whatever was never announced. */
const AGE_MAX_MS = 30_000
/** How long what this process is just changing is not cached: longer than any transaction takes. */
const HOLD_MS = 60_000
const HELD_MAX = 1000
const TOPIC = 'access:'

/**
 * Who is behind a credential, for credentials seen lately, so that the common request asks no
 * database. Every change is announced to every process and drops what depends on it; while
 * announcements may be missed, nothing is answered from here.
 */
export class ActorCache {
  readonly #entries = new Map<string, Entry>()
  readonly #held = new Map<string, number>()
  #listening = false
  #foreign: number | undefined
  /** Rises with every drop, so that a read from before a change is not kept after it. */
  #drops = 0

  /** What is known of this credential (its digest); undefined: ask the database. */
  find(database: Database, digest: string, now_ms: number): Known | undefined {
    if (!this.#isCurrent(database)) return undefined
    const entry = this.#entries.get(digest)
    if (!entry) return undefined
    if (now_ms < entry.stale_ms && now_ms < entry.expires_ms) return entry
    this.#entries.delete(digest)
    return undefined
  }

  /** Taken before the database is read; the reading is kept only if nothing was dropped since. */
  mark = (): number => this.#drops

  keep(
    database: Database,
    reading: { digest: string; known: Known; mark: number; now_ms: number },
  ) {
    const { digest, known, mark, now_ms } = reading
    if (!this.#isCurrent(database) || mark !== this.#drops) return
    if (['*', ...known.depends_on].some((tag) => this.#isHeld(tag, now_ms))) return
    if (this.#entries.size >= ENTRIES_MAX) {
      const oldest = this.#entries.keys().next().value
      if (oldest !== undefined) this.#entries.delete(oldest)
    }
    this.#entries.set(digest, Object.assign(known, { stale_ms: now_ms + AGE_MAX_MS }))
  }

  /**
   * Says that this process is changing `tag`: it is asked of the database until the announcement
   * of the change has come back, so that not even a request in between keeps what was before.
   */
  hold(tag: string, now_ms: number): void {
    this.#drop(tag)
    this.#held.set(tag, now_ms + HOLD_MS)
    if (this.#held.size <= HELD_MAX) return
    // What was rolled back is never announced; its hold runs out instead.
    for (const [held, until] of this.#held) if (until <= now_ms) this.#held.delete(held)
  }

  #isHeld(tag: string, now_ms: number): boolean {
    const until = this.#held.get(tag)
    return until !== undefined && now_ms < until
  }

  #isCurrent(database: Database): boolean {
    if (!this.#listening) {
      this.#listening = true
      database.announcements.listen((topic) => this.#hear(topic))
    }
    if (!database.announcements.connected) return false
    const foreign = database.foreignChanges()
    if (foreign !== this.#foreign) {
      this.#foreign = foreign
      this.#drop('*')
    }
    return true
  }

  #hear(topic: string): void {
    if (topic !== '*' && !topic.startsWith(TOPIC)) return
    const tag = topic === '*' ? topic : topic.slice(TOPIC.length)
    if (topic !== '*') this.#held.delete(tag)
    this.#drop(tag)
  }

  #drop(tag: string): void {
    this.#drops++
    for (const [digest, { depends_on }] of this.#entries) {
      if (tag === '*' || depends_on.includes(tag)) this.#entries.delete(digest)
    }
  }
}

export const actorCache = perProcess(() => new ActorCache())

type Changing = {
  now: string
  process: Map<symbol, unknown>
  announce: (topic: string) => Promise<void>
}

/**
 * Tells every process that what may be known of `tag` (`user:ID`, `session:ID`, `key:ID`, or `*`
 * for a role) changes with this transaction. Every command that changes what someone may do
 * calls it.
 */
export async function accessChanges(ctx: Changing, tag: string): Promise<void> {
  actorCache(ctx).hold(tag, Date.parse(ctx.now))
  await ctx.announce(TOPIC + tag)
}
