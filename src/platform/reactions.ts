import type { Static, TSchema } from 'typebox'
import type { Settings } from '#platform/config/settings'
import type { Context } from '#platform/context'
import type { Isolation } from '#platform/database/database'
import type { DomainEvent, EventType } from '#platform/events'

/** What a module does when something below it happened. */
export type Reaction = {
  name: string
  /** The event's name, such as `payment.captured`. */
  on: string
  /**
   * `together`: in the transaction of the event itself, for what must be true at every commit.
   * `later`: by the relay, in a transaction of its own, at least once and effectively once.
   */
  when: 'together' | 'later'
  /** Of the transaction of its own, for `later`. */
  isolation?: Isolation | undefined
  run: (ctx: Context, event: DomainEvent) => Promise<void>
  /**
   * Whether a house with these settings has it; every one, unless said. What nobody listens to
   * `later` costs no delivery, so what only few houses need says so.
   */
  wanted?: (settings: Settings) => boolean
}

const on =
  (when: Reaction['when'], isolation?: Isolation) =>
  <S extends TSchema>(
    event: EventType<S>,
    name: string,
    run: (ctx: Context, payload: Static<S>, event: DomainEvent) => Promise<void>,
  ): Reaction => ({
    name,
    on: event.type,
    when,
    isolation,
    run: (ctx, happened) => run(ctx, happened.payload as Static<S>, happened),
  })

/** A reaction that commits with its event or not at all. It must not call the outside world. */
export const together = on('together')
/** A reaction that follows its event; it is retried until done or given up. */
export const later = on('later')
/**
 * The same at READ COMMITTED, for what takes a lock before it reads: it sees what the one who held
 * the lock has written. A snapshot would be older than the lock.
 */
export const laterUnderLock = on('later', 'read committed')
