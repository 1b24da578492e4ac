import type { Redis } from 'ioredis'
import type { Log } from '#platform/log'
import type { Count } from './counters.ts'
import type { Limit } from './policies.ts'

/** Longer than this and the caller waits for the limiter instead of for the answer. */
const TIMEOUT_MS = 250
/** How long after a failure memory alone counts, before Redis is asked again. */
const PAUSE_MS = 1000

// One round trip for all buckets of a request. A window opens with its first hit and is never
// prolonged; a key that lost its expiry (a restored dump) is given one again.
const HIT = `
local counts = {}
for nth, key in ipairs(KEYS) do
  local count = redis.call('INCR', key)
  local left = redis.call('PTTL', key)
  if left < 0 then
    redis.call('PEXPIRE', key, ARGV[nth])
    left = tonumber(ARGV[nth])
  end
  counts[#counts + 1] = count
  counts[#counts + 1] = left
end
return counts`

type Client = Redis & {
  hitWindows(keys: number, ...keysAndWindows: (string | number)[]): Promise<number[]>
}
type Options = { url: string; namespace: string; log: Log }

/**
 * Fixed windows shared by every process through Redis. It answers undefined when Redis cannot be
 * asked: the caller counts in memory then. The log says once that Redis is lost, and once that it
 * is back.
 */
export class RedisCounter {
  readonly #client: Client
  readonly #options: Options
  #lost = false
  #ask_again_at = 0

  /** Waits for the first connection, or for its failure: a server starts without Redis too. */
  static async open(options: Options): Promise<RedisCounter> {
    const { Redis } = await import('ioredis')
    const client = new Redis(options.url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: TIMEOUT_MS,
      connectTimeout: 1000,
      retryStrategy: (attempt) => Math.min(attempt * 100, PAUSE_MS),
    })
    client.defineCommand('hitWindows', { lua: HIT })
    const counter = new RedisCounter(client as Client, options)
    await client.connect().catch((error) => counter.#lose(error))
    return counter
  }

  private constructor(client: Client, options: Options) {
    this.#client = client
    this.#options = options
    client.on('error', (error) => this.#lose(error))
    client.on('ready', () => {
      this.#ask_again_at = 0
    })
  }

  async hit(
    limits: readonly Limit[],
    identity: string,
    now_ms: number,
  ): Promise<Count[] | undefined> {
    if (this.#lost && performance.now() < this.#ask_again_at) return undefined
    const { namespace } = this.#options
    try {
      const counts = await this.#client.hitWindows(
        limits.length,
        ...limits.map(({ name }) => `${namespace}:${name}:${identity}`),
        ...limits.map(({ window_ms }) => window_ms),
      )
      this.#find()
      return limits.map((_, nth) => ({
        count: counts[2 * nth] ?? 0,
        ends_at: now_ms + (counts[2 * nth + 1] ?? 0),
      }))
    } catch (error) {
      this.#lose(error)
      return undefined
    }
  }

  close(): void {
    this.#client.disconnect()
  }

  #lose(error: unknown): void {
    this.#ask_again_at = performance.now() + PAUSE_MS
    if (this.#lost) return
    this.#lost = true
    this.#options.log.warn({ err: error }, 'Redis is lost: each process counts requests by itself')
  }

  #find(): void {
    if (!this.#lost) return
    this.#lost = false
    this.#options.log.info('Redis is back: requests are counted for all processes together')
  }
}
