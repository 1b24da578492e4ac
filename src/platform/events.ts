import { sql } from 'kysely'
import { type Static, type TSchema, Type } from 'typebox'
import { type Id, IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import type { Context } from '#platform/context'
import { insertEach } from '#platform/database/each-row'
import { nextInSequence } from '#platform/database/numbers'
import type { Bound } from '#platform/database/prepared'
import { outboxLifecycle } from '#platform/outbox-lifecycle'
import { defineTables } from '#platform/tables'

export const db = defineTables({
  /**
   * The outbox, the audit trail and the source of webhooks: one table, append-only but for
   * delivery.
   */
  events: Type.Object({
    id: IdSchema('event'),
    name: Type.String(),
    schema_version: Type.Integer(),
    entity_type: Type.String(),
    entity_id: Type.String(),
    /** Counts the events of one entity from 1, without a hole. */
    sequence: Type.Integer(),
    payload: Json(Type.Object({})),
    actor: Type.String(),
    request_id: Type.String(),
    occurred_at: Instant,
    status: outboxLifecycle.schema,
    attempts: Type.Integer(),
    /** When it is due; while it is processing, when the lease of that relay ends. */
    available_at: Instant,
    delivered_at: Nullable(Instant),
    error: Nullable(Type.String()),
    /** The transaction that wrote it, on PostgreSQL: see `database/commit-order.ts`. */
    written_in: Nullable(Type.Integer()),
  }),
  /** One row for each (event, reaction) that is done, written beside the reaction's effect. */
  event_reactions: Type.Object({
    event_id: IdSchema('event'),
    reaction: Type.String(),
    done_at: Instant,
  }),
})

/** A fact that a command states. `entity` says whose history it belongs to. */
export type DomainEvent = {
  id?: Id<'event'>
  name: string
  version: number
  entity: { type: string; id: string }
  payload: Record<string, unknown>
}

export type EventSpec<S extends TSchema = TSchema> = {
  /** What happened, for people: one sentence. */
  description: string
  /** Rises when the payload changes in a way that a reader could notice. */
  version?: number
  /** The payload's member that names the entity; its events are delivered in order. */
  entity: keyof Static<S> & string
  payload: S
}

export type EventType<S extends TSchema = TSchema> = ((payload: Static<S>) => DomainEvent) & {
  type: string
  version: number
  spec: EventSpec<S>
}

/** Any event type, whatever its payload. */
export type AnyEventType = ((payload: never) => DomainEvent) & {
  type: string
  version: number
  spec: { description: string; entity: string; payload: TSchema }
}

/**
 * Declares a module's events: past-tense facts of one noun, each with the schema of its payload.
 */
export function defineEvents<N extends string, T extends Record<string, TSchema>>(
  noun: N,
  specs: { [K in keyof T]: EventSpec<T[K]> },
): { [K in keyof T]: EventType<T[K]> } {
  const makers = Object.entries(specs as Record<string, EventSpec<TSchema>>).map(([fact, spec]) => {
    const name = `${noun}.${fact}`
    const version = spec.version ?? 1
    const make = (payload: Record<string, unknown>): DomainEvent => ({
      name,
      version,
      entity: { type: noun, id: String(payload[spec.entity]) },
      payload,
    })
    return [fact, Object.assign(make, { type: name, version, spec })]
  })
  return Object.fromEntries(makers)
}

/**
 * States an event in the command's own transaction: it is published if, and only if, it commits.
 */
export function emit(ctx: Context, event: DomainEvent): void {
  const stated = { ...event, id: ctx.newId('event') }
  ctx.unwritten.push(stated)
  ctx.emitted.push(stated)
}

type NewRow = {
  id: string
  name: string
  schema_version: number
  entity_type: string
  entity_id: string
  nth: number
  payload: object
  actor: string
  request_id: string
  occurred_at: string
  status: 'pending' | 'delivered'
  delivered_at: string | null
}

const KINDS = {
  id: 'uuid',
  name: 'text',
  schema_version: 'bigint',
  entity_type: 'text',
  entity_id: 'text',
  nth: 'bigint',
  payload: 'json',
  actor: 'text',
  request_id: 'text',
  occurred_at: 'timestamptz',
  status: 'text',
  delivered_at: 'timestamptz',
} as const

const insertEvents = insertEach<NewRow, unknown>(db as never, KINDS, {
  table: 'events',
  values: ({ nth, ...row }, engine) => ({
    ...row,
    sequence: nextInSequence(engine, {
      last: sql`(select max(e.sequence) from events as e where e.entity_id = ${row.entity_id})`,
      nth,
    }),
    attempts: sql`0`,
    available_at: row.occurred_at,
  }),
})

/**
 * Takes the events emitted and not yet written, as one insert. Each gets the next number of its
 * entity; the unique index makes two writers of one number impossible, and the loser tries again.
 *
 * An event that no reaction waits for is born delivered. That spares the writer a second visit to
 * the row and three index entries, which with two events an order is most of what an outbox costs.
 */
export function takeEvents(ctx: Context): Bound<never> | undefined {
  const events = ctx.unwritten.splice(0)
  if (events.length === 0) return undefined
  const counts = new Map<string, number>()
  const rows = events.map((event) => {
    const nth = (counts.get(event.entity.id) ?? 0) + 1
    counts.set(event.entity.id, nth)
    const isAwaited = ctx.awaited.has(event.name)
    if (isAwaited) ctx.leaves.work = true
    return {
      id: event.id as string,
      name: event.name,
      schema_version: event.version,
      entity_type: event.entity.type,
      entity_id: event.entity.id,
      nth,
      payload: event.payload,
      actor: ctx.actor.id,
      request_id: ctx.request_id,
      occurred_at: ctx.now,
      status: isAwaited ? ('pending' as const) : ('delivered' as const),
      delivered_at: isAwaited ? null : ctx.now,
    }
  })
  return insertEvents.bind(ctx, { rows })
}

/** Writes what is still unwritten; `execute` calls it before every commit. */
export function writeEvents(ctx: Context): void {
  const events = takeEvents(ctx)
  if (events) ctx.session.send(events)
}
