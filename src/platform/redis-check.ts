import type { Redis } from 'ioredis'

/** How long Redis may take to answer before it counts as away, in milliseconds. */
const TIMEOUT_MS = 1000

/**
 * Asks Redis whether it is there, over a connection of its own that is opened at the first
 * question.
 */
export class RedisCheck {
  readonly #url: string
  #client: Redis | undefined

  constructor(url: string) {
    this.#url = url
  }

  async ping(): Promise<void> {
    const client = await this.#open()
    if (client.status === 'wait' || client.status === 'end') await client.connect()
    await client.ping()
  }

  close(): void {
    this.#client?.disconnect()
  }

  async #open(): Promise<Redis> {
    if (this.#client) return this.#client
    const { Redis } = await import('ioredis')
    this.#client ??= new Redis(this.#url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: TIMEOUT_MS,
      commandTimeout: TIMEOUT_MS,
      // Asked anew at each question; between them nobody needs this connection.
      retryStrategy: () => null,
    })
    // Told by the answer to the question; without a listener it would end the process.
    this.#client.on('error', () => {})
    return this.#client
  }
}
