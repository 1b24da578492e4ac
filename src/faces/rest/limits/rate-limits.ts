import type { FastifyReply } from 'fastify'
import type { App } from '#platform/app'
import type { Actor } from '#platform/context'
import { httpErrors } from '../errors.ts'
import { addressRange } from './address.ts'
import { type Count, MemoryCounter } from './counters.ts'
import { type Limit, type Policies, type Policy, policiesOf } from './policies.ts'
import { RedisCounter } from './redis-counter.ts'

/** Who is counted: an API key, a user, or (before or without credentials) an address. */
export type Caller = {
  actor: Actor | undefined
  address: string
  /** The path that was asked for, and all under which the same is answered. */
  paths: readonly string[]
  api_key: string | undefined
  /** Trusted by a signature instead: the general limit does not hold. */
  signed?: boolean
  /** Stands in the place of the general limit, if no policy is theirs. */
  general?: Limit
  /** Further buckets that this request falls in. */
  also?: readonly Limit[]
}

declare module 'fastify' {
  interface FastifyInstance {
    /** For faces that count their callers themselves; null where nobody is limited. */
    rateLimits: RateLimits | null
  }
}

export type RateLimits = {
  /**
   * Counts one request in every bucket it falls in and writes the headers; throws 429 if one is
   * full. Returns a promise only where Redis is asked.
   */
  take(caller: Caller, reply: FastifyReply): Promise<void> | undefined
  close(): void
}

/**
 * The limits of `conventions.md` section 10. The general limit holds for each caller; a policy for
 * an API key or a user stands in its place for that caller, and each path policy is a further
 * bucket for the requests below its path.
 */
export async function openRateLimits(app: App): Promise<RateLimits | undefined> {
  const { settings, log } = app
  if (!settings.rate_limit_enabled) return undefined
  const policies = policiesOf(settings)
  const memory = new MemoryCounter()
  const redis =
    settings.redis_url === undefined
      ? undefined
      : await RedisCounter.open({
          url: settings.redis_url,
          namespace: settings.rate_limit_namespace,
          log,
        })
  const print = settings.rate_limit_enable_headers ? printHeaders : () => {}

  return {
    take(caller, reply) {
      const limits = limitsFor(policies, caller)
      if (limits.length === 0) return undefined
      const identity = identityOf(caller)
      const now_ms = app.clock().getTime()
      const judge = (counts: readonly Count[]) => {
        const verdict = strictest(limits, counts, now_ms)
        print(reply, verdict)
        if (verdict.remaining < 0) throw refusal(verdict)
      }
      const inMemory = () => limits.map((limit) => memory.hit(limit, identity, now_ms))
      if (redis) {
        app.metrics.count('redis_operations_total', { operation: 'hit' })
        return redis.hit(limits, identity, now_ms).then((counts) => judge(counts ?? inMemory()))
      }
      judge(inMemory())
      return undefined
    },
    close: () => redis?.close(),
  }
}

function identityOf({ actor, address }: Caller): string {
  if (actor && actor.kind !== 'anonymous') return actor.id
  return `ip:${addressRange(address)}`
}

function limitsFor({ general, paths, keys, users }: Policies, caller: Caller): Limit[] {
  const usual = caller.general ?? general
  const limits: Limit[] = caller.signed ? [] : [personal(keys, users, caller) ?? usual]
  for (const policy of paths) {
    if (caller.paths.some((path) => isBelow(path, policy.prefix))) limits.push(policy)
  }
  if (caller.also) limits.push(...caller.also)
  return limits
}

function personal(
  keys: readonly Policy[],
  users: readonly Policy[],
  { actor, api_key }: Caller,
): Policy | undefined {
  if (!actor || actor.kind === 'anonymous') return undefined
  const ofKey =
    actor.kind === 'api_key'
      ? keys.find(({ prefix }) => api_key?.startsWith(prefix) || actor.id.endsWith(`:${prefix}`))
      : undefined
  return ofKey ?? users.find(({ prefix }) => prefix === actor.user_id)
}

/** Below a path is the path itself and what follows a slash or a question mark. */
function isBelow(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false
  const next = url[prefix.length]
  return next === undefined || next === '/' || next === '?' || prefix.endsWith('/')
}

type Verdict = Limit & { remaining: number; reset_seconds: number }

/** The bucket that leaves the least; of the full ones the one that stays full longest. */
function strictest(limits: readonly Limit[], counts: readonly Count[], now_ms: number): Verdict {
  let found: Verdict | undefined
  for (let nth = 0; nth < limits.length; nth++) {
    const limit = limits[nth] as Limit
    const { count, ends_at } = counts[nth] as Count
    const remaining = limit.limit - count
    const reset_seconds = Math.max(1, Math.ceil((ends_at - now_ms) / 1000))
    const full = remaining < 0
    const stricter =
      !found ||
      (full && found.remaining < 0
        ? reset_seconds > found.reset_seconds
        : remaining < found.remaining)
    if (stricter) {
      const { name, window_ms } = limit
      found = { name, window_ms, limit: limit.limit, remaining, reset_seconds }
    }
  }
  return found as Verdict
}

function printHeaders(reply: FastifyReply, { limit, remaining, reset_seconds }: Verdict): void {
  const allowed = String(limit)
  const left = String(Math.max(0, remaining))
  const seconds = String(reset_seconds)
  reply
    .header('x-ratelimit-limit', allowed)
    .header('x-ratelimit-remaining', left)
    .header('x-ratelimit-reset', seconds)
    .header('ratelimit-limit', allowed)
    .header('ratelimit-remaining', left)
    .header('ratelimit-reset', seconds)
}

/** Its `retry_after` becomes the header, as that of every refusal does. */
const refusal = ({ limit, window_ms, reset_seconds }: Verdict) =>
  httpErrors.rate_limited({
    limit,
    window_seconds: window_ms / 1000,
    retry_after: reset_seconds,
  })
