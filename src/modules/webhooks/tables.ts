import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { deliveryLifecycle, replayLifecycle, webhookEndpointLifecycle } from './lifecycle.ts'
import {
  CHANNELS,
  PAUSE_REASONS,
  PURPOSES,
  REPLAY_KINDS,
  SIGNATURE_FORMS,
  SIGNINGS,
} from './words.ts'

const word = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]))

/** Members of a payload and the values of which they must have one. */
export const Filters = Type.Record(
  Type.String(),
  Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
)
export type Filters = Static<typeof Filters>

export const db = defineTables({
  webhooks: Type.Object({
    id: IdSchema('webhook'),
    channel: word(CHANNELS),
    url: Type.String(),
    description: Nullable(Type.String()),
    /** Names and patterns: `order.created`, `order.*`, `*`. */
    events: Json(Type.Array(Type.String())),
    filters: Json(Filters),
    signing: word(SIGNINGS),
    signature_form: Nullable(word(SIGNATURE_FORMS)),
    /** Sealed: to sign with it, it must be read again. */
    secret: Type.String(),
    previous_secret: Nullable(Type.String()),
    previous_valid_until: Nullable(Instant),
    /** Channel, address and secret of an endpoint that a protocol brought along, as a hash. */
    protocol_key: Nullable(Type.String()),
    status: webhookEndpointLifecycle.schema,
    pause_reason: Nullable(word(PAUSE_REASONS)),
    paused_at: Nullable(Instant),
    version: Type.Integer(),
    created_by: Type.String(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What changes all the time about an endpoint, apart, so that nobody waits for its row. */
  webhook_progress: Type.Object({
    webhook_id: IdSchema('webhook'),
    /** The last event of the log of which it was decided whether it is sent; null: none yet. */
    after_event_id: Nullable(IdSchema('event')),
    /** Tries that failed since the last one that did not. */
    failures: Type.Integer(),
    failing_since: Nullable(Instant),
    succeeded_at: Nullable(Instant),
  }),
  webhook_deliveries: Type.Object({
    id: IdSchema('webhook_delivery'),
    webhook_id: IdSchema('webhook'),
    purpose: word(PURPOSES),
    /** The id by which the receiver recognises it: that of the event. */
    message_id: Type.String(),
    type: Type.String(),
    entity_type: Type.String(),
    entity_id: Type.String(),
    /** Of the event within its entity; those of one entity are sent in this order. */
    sequence: Type.Integer(),
    /** What is sent; null: it is made of the event when it is sent. */
    body: Nullable(Type.String()),
    status: deliveryLifecycle.schema,
    attempts: Type.Integer(),
    /** When it is due; while it is being sent, when the lease of that process ends. */
    next_at: Instant,
    response_status: Nullable(Type.Integer()),
    error: Nullable(Type.String()),
    /** The delivery that is sent once more by this one. */
    replay_of: Nullable(IdSchema('webhook_delivery')),
    replayed_at: Nullable(Instant),
    created_at: Instant,
    finished_at: Nullable(Instant),
  }),
  /** Every try, with what went out and what came back. */
  webhook_attempts: Type.Object({
    id: IdSchema('webhook_attempt'),
    delivery_id: IdSchema('webhook_delivery'),
    attempt: Type.Integer(),
    url: Type.String(),
    request_headers: Json(Type.Record(Type.String(), Type.String())),
    response_status: Nullable(Type.Integer()),
    response_headers: Nullable(Json(Type.Record(Type.String(), Type.String()))),
    /** The beginning of it. */
    response_body: Nullable(Type.String()),
    error: Nullable(Type.String()),
    started_at: Instant,
    duration_ms: Type.Integer(),
  }),
  webhook_replays: Type.Object({
    id: IdSchema('webhook_replay'),
    webhook_id: IdSchema('webhook'),
    kind: word(REPLAY_KINDS),
    status: replayLifecycle.schema,
    from_at: Instant,
    to_at: Instant,
    /** The last event or delivery that was looked at. */
    after_id: Nullable(Type.String({ format: 'uuid' })),
    total: Type.Integer(),
    looked_at: Type.Integer(),
    queued: Type.Integer(),
    created_by: Type.String(),
    created_at: Instant,
    finished_at: Nullable(Instant),
  }),
})

export type WebhookRow = Static<typeof db.tables.webhooks>
export type ProgressRow = Static<typeof db.tables.webhook_progress>
export type DeliveryRow = Static<typeof db.tables.webhook_deliveries>
export type AttemptRow = Static<typeof db.tables.webhook_attempts>
export type ReplayRow = Static<typeof db.tables.webhook_replays>
