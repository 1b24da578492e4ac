import { type Id, newId } from '#kit/ids'
import type { Settings } from '#platform/config/settings'
import type { Session } from '#platform/database/database'
import type { DomainEvent } from '#platform/events'
import type { Log } from '#platform/log'

/** Who asks, and what they may do. Made by the access module from a credential. */
export type Actor = {
  kind: 'anonymous' | 'user' | 'api_key' | 'system'
  /** Stable for one caller: scopes idempotency keys and rate limits. */
  id: string
  user_id: Id<'user'> | null
  /** The customer this user is, if they are one. */
  customer_id: Id<'customer'> | null
  /**
   * A shopper: sees and changes only what belongs to `customer_id`. Staff and keys are not bound.
   */
  own_only: boolean
  roles: readonly string[]
  /** The login that the bearer token belongs to; absent for API keys and the platform. */
  session_id?: Id<'session'>
  /** Whether a permission such as `orders:read` is held; wildcards are already understood. */
  may(permission: string): boolean
}

type Awaited = { has(event: string): boolean }

/** What an operation may touch: its transaction, its clock, its caller. Nothing is global. */
export type Context = {
  readonly actor: Actor
  /** The operation's one instant: ISO 8601, UTC, milliseconds. */
  readonly now: string
  readonly newId: <K extends string>(kind: K) => Id<K>
  readonly request_id: string
  readonly log: Log
  readonly settings: Settings
  /** Untyped on purpose: a module reaches it through the `db` of its own tables.ts. */
  readonly session: Session
  /** The version that the caller's If-Match named; undefined if it named none. */
  readonly expected_version: number | undefined
  /** Events emitted and not yet written; see `emit`. */
  readonly unwritten: DomainEvent[]
  /** Every event emitted in this transaction, in order. */
  readonly emitted: DomainEvent[]
  /** Names of the events that `later` reactions wait for; all others are delivered when written. */
  readonly awaited: Awaited
  /** Set when this commit leaves work for the background, which is then woken. */
  readonly leaves: { work: boolean }
  /** Topics to announce to every process when this commits; see `announce`. */
  readonly announce: (topic: string) => Promise<void>
  /** The topics announced in this transaction. */
  readonly announced: readonly string[]
  /**
   * Changes when something announced under `topic` may have changed; undefined if it did since this
   * context began. See `Changes`, and `remember`, which most should use instead.
   */
  readonly mark: (topic: string) => string | undefined
  /** Everything that lives as long as the process and belongs to modules; see `perProcess`. */
  readonly process: Map<symbol, unknown>
}

/** The platform itself: jobs, the sweeper, the seed. May do anything. */
export const systemActor: Actor = {
  kind: 'system',
  id: 'system',
  user_id: null,
  customer_id: null,
  own_only: false,
  roles: ['system'],
  may: () => true,
}

export type ContextParts = {
  session: Session
  actor: Actor
  now: Date
  request_id: string
  log: Log
  settings: Settings
  expected_version?: number | undefined
  awaited: Awaited
  announce: (session: Session, topic: string) => Promise<void>
  mark: (topic: string) => string | undefined
  process: Map<symbol, unknown>
}

/** A context for one transaction. */
export function newContext(parts: ContextParts): Context {
  const { session, now } = parts
  const ms = now.getTime()
  const announced: string[] = []
  return {
    actor: parts.actor,
    now: now.toISOString(),
    newId: (kind) => newId(kind, ms),
    request_id: parts.request_id,
    log: parts.log,
    settings: parts.settings,
    session,
    expected_version: parts.expected_version,
    unwritten: [],
    emitted: [],
    awaited: parts.awaited,
    leaves: { work: false },
    announce: (topic) => {
      announced.push(topic)
      return parts.announce(session, topic)
    },
    announced,
    mark: parts.mark,
    process: parts.process,
  }
}

/**
 * A value that lives as long as the process and is made on first use, one for each app: a cache, a
 * provider's client. Never the only place of a fact.
 */
export function perProcess<T>(make: () => T): (ctx: Pick<Context, 'process'>) => T {
  const key = Symbol('per process')
  return ({ process }) => {
    if (!process.has(key)) process.set(key, make())
    return process.get(key) as T
  }
}
