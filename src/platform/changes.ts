import type { Database } from '#platform/database/database'

/**
 * Tells a process whether what it remembers may still be true. `mark(topic)` is a text that changes
 * once a commit that announced `topic` may be visible here; whoever remembers something keeps the
 * mark taken *before* it was read, and reads again when the mark is another one. Own commits count
 * at once, those of other processes when they are heard of, about a millisecond later.
 */
export class Changes {
  readonly #database: Database
  readonly #heard = new Map<string, number>()
  #missed = 0

  constructor(database: Database) {
    this.#database = database
    database.announcements.listen((topic) => this.happened(topic))
  }

  /** Undefined while announcements may be missed: then nothing remembered may be used. */
  mark(topic: string): string | undefined {
    const { announcements } = this.#database
    if (!announcements.connected) return undefined
    return `${this.#missed} ${this.#heard.get(topic) ?? 0} ${this.#database.foreignChanges() ?? ''}`
  }

  /** Counts a change: one that was heard of, or one that this process has just committed. */
  happened(topic: string): void {
    if (topic === '*') this.#missed++
    else this.#heard.set(topic, (this.#heard.get(topic) ?? 0) + 1)
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
