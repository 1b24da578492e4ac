import type { Id } from '#kit/ids'
import type { App } from '#platform/app'
import { perProcess } from '#platform/context'
import { pause } from '#platform/database/database'
import { onCommittedEvents } from '#platform/event-log/news'
import { eventsAfter, isHeldBack, type LoggedEvent, lastEvent } from '#platform/event-log/read'
import { readAsSystem } from '#platform/execute'
import { Worker } from '#platform/worker'

type EventId = Id<'event'> | null

/** The newest events that a process keeps in memory for those who follow. */
const KEPT_MAX = 2_000
const PAGE = 200
const BREATH_MS = 20

/**
 * The end of the log as one process sees it, for any number of followers: the database is asked
 * once for all of them, and not at all while nobody follows. Who is further behind than what is
 * kept reads from the database.
 */
export class EventTail {
  readonly #app: App
  readonly #followers = new Set<() => void>()
  #events: LoggedEvent[] = []
  /** What stands right before the first that is kept; undefined while nothing is known. */
  #before: EventId | undefined
  #forget: (() => void) | undefined
  #worker: Worker | undefined
  #changing: Promise<void> = Promise.resolve()

  constructor(app: App) {
    this.#app = app
  }

  /** Calls `follower` whenever there is more to read; answers how to end that. */
  follow(follower: () => void): () => void {
    this.#followers.add(follower)
    if (this.#followers.size === 1) void this.#change()
    return () => {
      this.#followers.delete(follower)
      if (this.#followers.size === 0) void this.#change()
    }
  }

  /** Resolves when nothing of it touches the database any longer: call when all have left. */
  async close(): Promise<void> {
    await this.#change()
  }

  /** Works while somebody follows. One change after another, however they come and go. */
  #change(): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      if (this.#followers.size > 0) {
        if (!this.#worker) this.#begin()
        return
      }
      this.#forget?.()
      await this.#worker?.stop()
      this.#worker = undefined
      this.#events = []
      this.#before = undefined
    })
    return this.#changing
  }

  #begin(): void {
    const { log } = this.#app
    const worker = new Worker({ name: 'event tail', log, turn: () => this.#turn() })
    this.#worker = worker
    this.#forget = onCommittedEvents(this.#app, () => worker.wake())
    worker.start()
  }

  /** The next events behind `after`; fewer than a page if there are no more yet. */
  async after(after: EventId): Promise<LoggedEvent[]> {
    if (this.#before !== undefined) {
      if (after === this.#before) return this.#events.slice(0, PAGE)
      const nth = this.#events.findLastIndex(({ id }) => id === after)
      if (nth >= 0) return this.#events.slice(nth + 1, nth + 1 + PAGE)
    }
    return this.#read(after)
  }

  #read(after: EventId): Promise<LoggedEvent[]> {
    const page = { after, limit: PAGE }
    return readAsSystem(this.#app, (ctx) => eventsAfter(ctx, page), 'statement')
  }

  async #turn(): Promise<number> {
    const { outbox_poll_interval_ms: idle_ms } = this.#app.settings
    await pause(BREATH_MS)
    if (this.#before === undefined) {
      this.#before = await readAsSystem(this.#app, lastEvent)
      this.#tell()
      return 0
    }
    const fresh = await this.#read(this.#events.at(-1)?.id ?? this.#before)
    if (fresh.length === 0) {
      return (await readAsSystem(this.#app, isHeldBack, 'statement')) ? 0 : idle_ms
    }
    this.#keep(fresh)
    this.#tell()
    return fresh.length === PAGE ? 0 : idle_ms
  }

  #keep(fresh: readonly LoggedEvent[]): void {
    this.#events.push(...fresh)
    const surplus = this.#events.length - KEPT_MAX
    if (surplus <= 0) return
    this.#before = this.#events[surplus - 1]?.id ?? null
    this.#events.splice(0, surplus)
  }

  #tell(): void {
    for (const follower of this.#followers) follower()
  }
}

const tails = perProcess(() => new WeakMap<App, EventTail>())

/** The tail of an app: one for all who follow in this process. */
export function eventTailOf(app: App): EventTail {
  const known = tails(app).get(app)
  if (known) return known
  const tail = new EventTail(app)
  tails(app).set(app, tail)
  return tail
}
