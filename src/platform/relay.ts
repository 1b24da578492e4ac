import type { App } from '#platform/app'
import { failureText, instantIn, retryPauseMs } from '#platform/back-off'
import type { Context } from '#platform/context'
import { systemActor } from '#platform/context'
import type { DomainEvent } from '#platform/events'
import { transact, transactAsSystem } from '#platform/execute'
import {
  type ClaimedEvent,
  claimChains,
  holdBack,
  insertReaction,
  markDelivered,
  markFailed,
  release,
} from '#platform/outbox'
import type { Reaction } from '#platform/reactions'
import { Worker } from '#platform/worker'

/**
 * How long a relay holds what it claimed; a crash delays those events by as much, in milliseconds.
 */
export const LEASE_MS = 60_000
/** Entities that one relay serves at once. Few, so that requests find a connection. */
const CHAINS_AT_ONCE = 4

type Failure = { event: ClaimedEvent; error: string }
type Results = { delivered: ClaimedEvent[]; failures: Failure[]; untouched: ClaimedEvent[] }

/** Delivers the events of the outbox to the reactions that listen to them `later`. */
export class Relay {
  readonly #app: App
  readonly #worker: Worker

  constructor(app: App) {
    this.#app = app
    this.#worker = new Worker({ name: 'relay', log: app.log, turn: () => this.#turn() })
  }

  start(): void {
    this.#worker.start()
  }

  /** Events are waiting: delivers them now instead of at the next poll. */
  wake(): void {
    this.#worker.wake()
  }

  get #triesMax(): number {
    return Math.max(1, this.#app.settings.outbox_retries_max)
  }

  /** Finishes the reactions that run and gives the rest of the batch back. */
  stop(): Promise<void> {
    return this.#worker.stop()
  }

  async #turn(): Promise<number> {
    const claimed = await this.#deliverBatch()
    return claimed > 0 ? 0 : this.#app.settings.outbox_poll_interval_ms
  }

  async #deliverBatch(): Promise<number> {
    const app = this.#app
    const limit = app.settings.outbox_batch_size
    const lease = instantIn(app.clock, LEASE_MS)
    const chains = await transactAsSystem(
      app,
      (ctx) => claimChains(ctx, { lease, limit }),
      'read committed',
    )
    if (chains.length === 0) return 0
    const results: Results = { delivered: [], failures: [], untouched: [] }
    const waiting = [...chains]
    const serve = async () => {
      for (let chain = waiting.shift(); chain; chain = waiting.shift()) {
        await this.#deliverChain(chain, lease, results)
      }
    }
    await Promise.all(Array.from({ length: CHAINS_AT_ONCE }, serve))
    await this.#record(results, lease)
    return chains.length
  }

  /**
   * One entity's events in order: what follows a failure, the end of the lease or a stop is left.
   */
  async #deliverChain(chain: ClaimedEvent[], lease: string, results: Results): Promise<void> {
    for (const [nth, event] of chain.entries()) {
      const leaseHalfOver = instantIn(this.#app.clock, LEASE_MS / 2) > lease
      if (this.#worker.stopped || leaseHalfOver) {
        results.untouched.push(...chain.slice(nth))
        return
      }
      const error = await this.#deliver(event)
      if (error !== undefined) {
        results.failures.push({ event, error })
        results.untouched.push(...chain.slice(nth + 1))
        return
      }
      results.delivered.push(event)
    }
  }

  /** Runs every reaction that is not done yet; answers what the first one that failed said. */
  async #deliver(event: ClaimedEvent): Promise<string | undefined> {
    // A try that nobody reported ended with its process; an event that kills it must not go on.
    if (event.attempts > this.#triesMax) return 'the process died during the last try'
    let failed: string | undefined
    for (const reaction of this.#app.reactions.later.get(event.name) ?? []) {
      try {
        await react(this.#app, reaction, event)
      } catch (error) {
        const { id, name, attempts } = event
        const told = { event_id: id, event: name, reaction: reaction.name, attempts, err: error }
        this.#app.log.warn(told, 'a reaction failed')
        failed ??= `${reaction.name}: ${failureText(error)}`
      }
    }
    return failed
  }

  async #record({ delivered, failures, untouched }: Results, lease: string): Promise<void> {
    const { clock, metrics, log } = this.#app
    const dead = (event: ClaimedEvent) => event.attempts >= this.#triesMax
    await transactAsSystem(
      this.#app,
      async (ctx) => {
        if (delivered.length > 0) await markDelivered(ctx, { ids: idsOf(delivered), now: ctx.now })
        if (untouched.length > 0) await release(ctx, { ids: idsOf(untouched), lease, now: ctx.now })
        for (const { event, error } of failures) {
          const { id, entity_id, attempts } = event
          const status = dead(event) ? 'failed' : 'pending'
          const at = dead(event) ? ctx.now : instantIn(clock, retryPauseMs(attempts))
          const { affected } = await markFailed.run(ctx, { id, lease, status, at, error })
          if (affected > 0 && !dead(event)) await holdBack(ctx, { entity_id, until: at })
        }
      },
      'read committed',
    )
    metrics.count('outbox_deliveries_total', { outcome: 'delivered' }, delivered.length)
    for (const { event, error } of failures) {
      metrics.count('outbox_deliveries_total', { outcome: dead(event) ? 'dead' : 'postponed' })
      if (dead(event)) log.error({ event_id: event.id, event: event.name, error }, 'a dead letter')
    }
  }
}

/** The effect and the note that it is done commit together, so twice delivered is once done. */
async function react(app: App, reaction: Reaction, claimed: ClaimedEvent): Promise<void> {
  const { id, name, schema_version, entity_type, entity_id, payload, request_id } = claimed
  const event = {
    id,
    name,
    version: schema_version,
    entity: { type: entity_type, id: entity_id },
    payload,
  } as DomainEvent
  const as = { actor: systemActor, request_id, log: app.log }
  const once = async (ctx: Context) => {
    const note = { event_id: id, reaction: reaction.name, done_at: ctx.now }
    const { affected } = await insertReaction.run(ctx, note)
    if (affected > 0) await reaction.run(ctx, event)
  }
  await transact(app, as, once, reaction.isolation)
}

const idsOf = (events: readonly ClaimedEvent[]) => events.map(({ id }) => ({ id }))
