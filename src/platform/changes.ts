import type { Database } from '#platform/database/database'

/** When a context began to look, in what this process had heard of by then. */
export type Moment = { heard: number; foreign: number | undefined; connected: boolean }

/**
 * Tells a process whether what it remembers may still be true. `mark(topic)` is a text that changes
 * once a commit that announced `topic` may be visible here; whoever remembers something keeps the
 * mark taken *before* it was read, and reads again when the mark is another one. Own commits count
 * at once, those of other processes when they are heard of, about a millisecond later.
 */
export class Changes {
  readonly #database: Database
  /** When each topic was last heard of: a count of all that was heard. */
  readonly #last = new Map<string, number>()
  #heard = 0
  #missed = 0

  constructor(database: Database) {
    this.#database = database
    database.announcements.listen((topic) => this.happened(topic))
  }

  /** Now. What is heard of later may be missing in a snapshot that is taken now. */
  moment(): Moment {
    const { connected } = this.#database.announcements
    return { heard: this.#heard, foreign: this.#database.foreignChanges(), connected }
  }

  /**
   * Undefined while announcements may be missed, and when `topic` was heard of since `moment`: then
   * nothing remembered may be used, and nothing read may be remembered.
   */
  mark(topic: string, moment = this.moment()): string | undefined {
    const { announcements } = this.#database
    const last = this.#last.get(topic) ?? 0
    if (!moment.connected || !announcements.connected) return undefined
    if (Math.max(last, this.#missed) > moment.heard) return undefined
    return `${this.#missed} ${last} ${moment.foreign ?? ''}`
  }

  /** Counts a change: one that was heard of, or one that this process has just committed. */
  happened(topic: string): void {
    this.#heard++
    if (topic === '*') this.#missed = this.#heard
    else this.#last.set(topic, this.#heard)
  }
}

const ofDatabase = new WeakMap<Database, Changes>()

/** The changes of a database as this process hears of them. */
export function changesOf(database: Database): Changes {
  const known = ofDatabase.get(database)
  if (known) return known
  const fresh = new Changes(database)
  ofDatabase.set(database, fresh)
  return fresh
}
