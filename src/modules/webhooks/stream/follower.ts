import type { Id } from '#kit/ids'
import type { App } from '#platform/app'
import type { LoggedEvent } from '#platform/event-log/read'
import type { EventTail } from '#platform/event-log/tail'
import { tellEvent } from './log.ts'

/** What a stream needs of the connection that it writes to. */
type Channel = {
  write(text: string): boolean
  end(): void
  once(event: 'drain', listener: () => void): unknown
  readonly destroyed: boolean
}

type Parts = {
  app: App
  tail: EventTail
  to: Channel
  wants: (event: LoggedEvent) => boolean
  after: Id<'event'> | null
  /** Throws once whoever listens may not any longer. */
  stillMay: () => Promise<void>
}

/** A sign of life for proxies, and the moment to look whether the credentials still hold. */
const HEARTBEAT_MS = 15_000
/** How soon the browser comes back, in milliseconds. */
const RETRY_MS = 2_000

/**
 * One who listens. It pulls: a page is read when the one before is with the operating system, so
 * nothing gathers in memory for a slow reader.
 */
export class Follower {
  readonly #parts: Parts
  #after: Id<'event'> | null
  #ended = false
  #running = false
  #wanted = false
  #unfollow: (() => void) | undefined
  #heart: NodeJS.Timeout | undefined
  #drained: (() => void) | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.#after = parts.after
  }

  begin(): void {
    const { to, tail } = this.#parts
    to.write(`retry: ${RETRY_MS}\n: tradepost events\n\n`)
    this.#heart = setInterval(() => void this.#beat(), HEARTBEAT_MS).unref()
    this.#unfollow = tail.follow(() => this.#wake())
    this.#wake()
  }

  /** Ends the stream. Whoever wants more comes back with the last id. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#unfollow?.()
    clearInterval(this.#heart)
    this.#drained?.()
    this.#parts.to.end()
  }

  async #beat(): Promise<void> {
    try {
      await this.#parts.stillMay()
      if (!this.#ended) this.#parts.to.write(': still here\n\n')
    } catch {
      this.end()
    }
  }

  #wake(): void {
    this.#wanted = true
    if (this.#running) return
    this.#running = true
    this.#tellAll().catch((error) => {
      this.#parts.app.log.warn({ err: error }, 'a stream of events broke off')
      this.end()
    })
  }

  async #tellAll(): Promise<void> {
    while (this.#wanted && !this.#ended) {
      this.#wanted = false
      const events = await this.#parts.tail.after(this.#after)
      for (const event of events) {
        if (this.#ended) return
        if (this.#parts.wants(event)) await this.#write(event)
        this.#after = event.id
      }
      if (events.length > 0) this.#wanted = true
    }
    // In the same breath as the last look: who wakes it afterwards begins anew.
    this.#running = false
  }

  async #write(event: LoggedEvent): Promise<void> {
    const { to } = this.#parts
    const text = `id: ${event.id}\nevent: ${event.name}\ndata: ${JSON.stringify(tellEvent(event))}\n\n`
    if (to.write(text) || this.#ended) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#drained = resolve
    to.once('drain', resolve)
    await promise
  }
}
