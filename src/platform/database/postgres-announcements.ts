import pg from 'pg'
import type { Announcements } from '#platform/database/database'

const RECONNECT_MS = 500

/**
 * A connection of its own that listens to `pg_notify`. While it is down, announcements may be
 * missed: `connected` is false, and whoever caches must ask the database instead.
 */
export class PostgresAnnouncements implements Announcements {
  connected = false
  readonly #url: string
  readonly #listeners: ((topic: string) => void)[] = []
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor({ url }: { url: string }) {
    this.#url = url
  }

  /** The first listener opens the connection. */
  listen(listener: (topic: string) => void): void {
    this.#listeners.push(listener)
    if (this.#listeners.length === 1) void this.#connect()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.connected = false
    clearTimeout(this.#timer)
    await this.#client?.end().catch(() => {})
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'tradepost listener',
      keepAlive: true,
    })
    this.#client = client
    client.on('notification', ({ payload }) => this.#tell(payload ?? ''))
    client.on('error', () => this.#reconnect(client))
    client.on('end', () => this.#reconnect(client))
    try {
      await client.connect()
      await client.query('listen tradepost')
      // Whatever was missed while away: everyone starts afresh.
      this.#tell('*')
      this.connected = !this.#closed
    } catch {
      this.#reconnect(client)
    }
  }

  #reconnect(client: pg.Client): void {
    if (this.#client !== client || this.#closed) return
    this.connected = false
    this.#client = undefined
    client.end().catch(() => {})
    this.#timer = setTimeout(() => void this.#connect(), RECONNECT_MS)
    this.#timer.unref()
  }

  #tell(topic: string): void {
    for (const listener of this.#listeners) listener(topic)
  }
}
