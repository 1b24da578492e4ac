import { randomUUID } from 'node:crypto'
import type { App } from '#platform/app'
import { instantIn } from '#platform/back-off'
import { pause } from '#platform/database/database'
import { holdCursor, letCursorGo, moveCursor } from '#platform/event-log/cursor'
import { onCommittedEvents } from '#platform/event-log/news'
import { eventsAfter, isHeldBack, type LoggedEvent } from '#platform/event-log/read'
import type { EventSink } from '#platform/event-log/sink'
import { readAsSystem, transactAsSystem } from '#platform/execute'
import { Worker } from '#platform/worker'

/** How long a process that died keeps the others from publishing, in milliseconds. */
const LEASE_MS = 30_000
const BATCH = 500
/** At least so long between two looks at the log: a crowd of commits is one look. */
const BREATH_MS = 20

/**
 * Publishes the whole log of events to one sink, in order, from where it stopped. One process at a
 * time does so. A sink that is away is waited for: nothing is lost but time.
 */
export class Publisher {
  readonly #app: App
  readonly #sink: EventSink
  readonly #worker: Worker
  readonly #owner = randomUUID()
  #held: { after: LoggedEvent['id'] | null; renew_at: number } | undefined
  #forget: (() => void) | undefined

  constructor(app: App, sink: EventSink) {
    this.#app = app
    this.#sink = sink
    const name = `publisher ${sink.name}`
    this.#worker = new Worker({ name, log: app.log, turn: () => this.#turn() })
  }

  start(): void {
    this.#forget = onCommittedEvents(this.#app, () => this.#worker.wake())
    this.#worker.start()
  }

  async stop(): Promise<void> {
    this.#forget?.()
    await this.#worker.stop()
    if (this.#held) {
      const { name } = this.#sink
      const lease = { name, owner: this.#owner }
      await transactAsSystem(this.#app, (ctx) => letCursorGo(ctx, lease), 'read committed').catch(
        () => {},
      )
    }
    await this.#sink.close()
  }

  async #turn(): Promise<number> {
    const idle_ms = this.#app.settings.outbox_poll_interval_ms
    const held = await this.#hold()
    if (!held) return idle_ms
    await pause(BREATH_MS)
    const found = await readAsSystem(
      this.#app,
      async (ctx) => {
        const events = await eventsAfter(ctx, { after: held.after, limit: BATCH })
        return { events, more: events.length === BATCH || (await isHeldBack(ctx)) }
      },
      'statement',
    )
    const done = await this.#publish(found.events)
    if (done < found.events.length) throw new Error(`${this.#sink.name} did not take every event`)
    return found.more ? 0 : idle_ms
  }

  async #publish(events: readonly LoggedEvent[]): Promise<number> {
    if (events.length === 0) return 0
    const done = await this.#sink.publish(events)
    const last = events[done - 1]
    if (!last) return 0
    const move = { name: this.#sink.name, owner: this.#owner, to: last.id }
    const isOurs = await transactAsSystem(
      this.#app,
      (ctx) => moveCursor(ctx, move),
      'read committed',
    )
    if (this.#held && isOurs) this.#held.after = last.id
    else this.#held = undefined
    return done
  }

  /** The lease is renewed at half its time, so that an idle house writes little. */
  async #hold() {
    const now_ms = this.#app.clock().getTime()
    if (this.#held && now_ms < this.#held.renew_at) return this.#held
    const lease_until = instantIn(this.#app.clock, LEASE_MS)
    const lease = { name: this.#sink.name, owner: this.#owner, lease_until }
    const held = await transactAsSystem(
      this.#app,
      (ctx) => holdCursor(ctx, lease),
      'read committed',
    )
    this.#held = held && { after: held.after, renew_at: now_ms + LEASE_MS / 2 }
    return this.#held
  }
}
