import type { FastifyReply, FastifyRequest } from 'fastify'
import { httpErrors } from '#faces/rest/errors'
import { addressRange } from '#faces/rest/limits/address'
import { type Count, MemoryCounter } from '#faces/rest/limits/counters'
import type { Limit } from '#faces/rest/limits/policies'
import { RedisCounter } from '#faces/rest/limits/redis-counter'
import type { App } from '#platform/app'
import type { Settings } from '#platform/config/settings'
import type { Actor } from '#platform/context'

/** What the document counts apart; `login` is ours, because it says nothing of these paths. */
export type Category = 'cart' | 'checkout' | 'sync' | 'login'

const MINUTE_MS = 60_000

/** How many requests of a category are taken in a minute. */
export const limitOf = (settings: Settings, category: Category): number =>
  ({
    cart: settings.shop_cart_requests_per_minute,
    checkout: settings.shop_checkout_requests_per_minute,
    sync: settings.shop_sync_requests_per_minute,
    login: settings.rate_limit_requests_per_window,
  })[category]

export type ShopLimits = {
  /**
   * Counts a request for its address and, if they are known, for its user: both must have room.
   * Writes the headers, whose reset is a Unix time here; throws 429.
   */
  take(category: Category, request: FastifyRequest, reply: FastifyReply): Promise<void>
  close(): void
}

/** The limits of this face; undefined where callers are not limited at all. */
export async function openShopLimits({
  settings,
  clock,
  log,
}: App): Promise<ShopLimits | undefined> {
  if (!settings.rate_limit_enabled) return undefined
  const memory = new MemoryCounter()
  const { redis_url: url, rate_limit_namespace } = settings
  const namespace = `${rate_limit_namespace}:shop`
  const redis = url === undefined ? undefined : await RedisCounter.open({ url, namespace, log })

  const hit = async (limit: Limit, identity: string, now_ms: number): Promise<Count> => {
    const counted = await redis?.hit([limit], identity, now_ms)
    return counted?.[0] ?? memory.hit(limit, identity, now_ms)
  }
  return {
    async take(category, request, reply) {
      const limit = { name: category, limit: limitOf(settings, category), window_ms: MINUTE_MS }
      const now_ms = clock().getTime()
      const counts = await Promise.all(
        identitiesOf(request).map((identity) => hit(limit, identity, now_ms)),
      )
      const fullest = counts.reduce((a, b) => (b.count > a.count ? b : a))
      if (settings.rate_limit_enable_headers) printHeaders(reply, limit, { ...fullest, now_ms })
      if (fullest.count <= limit.limit) return
      const retry_after = secondsLeft(fullest.ends_at, now_ms)
      const { limit: most, window_ms } = limit
      throw httpErrors.rate_limited({
        limit: most,
        window_seconds: window_ms / 1000,
        retry_after,
      })
    },
    close: () => redis?.close(),
  }
}

function identitiesOf({ ip, actor }: { ip: string; actor: Actor | null }): string[] {
  const address = `ip:${addressRange(ip)}`
  return actor && actor.kind !== 'anonymous' ? [address, actor.id] : [address]
}

const secondsLeft = (ends_at: number, now_ms: number) =>
  Math.max(1, Math.ceil((ends_at - now_ms) / 1000))

function printHeaders(
  reply: FastifyReply,
  { limit }: Limit,
  { count, ends_at, now_ms }: Count & { now_ms: number },
): void {
  const left = String(Math.max(0, limit - count))
  reply
    .header('x-ratelimit-limit', String(limit))
    .header('x-ratelimit-remaining', left)
    .header('x-ratelimit-reset', String(Math.ceil(ends_at / 1000)))
    .header('ratelimit-limit', String(limit))
    .header('ratelimit-remaining', left)
    .header('ratelimit-reset', String(secondsLeft(ends_at, now_ms)))
}
