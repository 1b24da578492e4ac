import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, Nullable, Text } from '#kit/schemas'
import { PATTERN } from './matching.ts'
import { db, Filters } from './tables.ts'
import { CHANNELS, REPLAY_KINDS } from './words.ts'

const word = <T extends string>(words: readonly T[], more: object = {}) =>
  Type.Unsafe<T>({ ...Type.Enum([...words]), ...more })
const { webhooks, webhook_deliveries, webhook_attempts, webhook_replays, webhook_progress } =
  db.tables
const hook = webhooks.properties
const id = IdSchema('webhook')

export const Webhook = Type.Object({
  id,
  channel: hook.channel,
  url: hook.url,
  description: hook.description,
  events: Type.Array(Type.String()),
  filters: Filters,
  status: hook.status,
  paused: Type.Boolean(),
  pause_reason: hook.pause_reason,
  paused_at: hook.paused_at,
  signing: hook.signing,
  secret_hint: Type.String({ description: 'The end of the secret.', examples: ['…k4Q='] }),
  previous_secret_valid_until: Nullable(Instant),
  failures: Type.Integer({ description: 'Tries that failed since the last success.' }),
  failing_since: webhook_progress.properties.failing_since,
  last_success_at: Nullable(Instant),
  version: hook.version,
  created_at: hook.created_at,
  updated_at: hook.updated_at,
})
export type Webhook = Static<typeof Webhook>
export const Webhooks = PageOf(Webhook)

const secret = Type.String({
  description: 'Told this once.',
  examples: ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'],
})
export const NewWebhook = Type.Object({ ...Webhook.properties, secret })
export type NewWebhook = Static<typeof NewWebhook>

const Url = Text(2000, { description: 'Where to: https, unless the settings allow more.' })
const Events = Type.Array(Type.String({ pattern: PATTERN, maxLength: 100 }), {
  minItems: 1,
  maxItems: 100,
  description: 'Names and patterns: `order.created`, `order.*`, `*`.',
})
const FiltersInput = Type.Record(
  Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' }),
  Type.Array(Type.Union([Text(200), Type.Number(), Type.Boolean()]), { minItems: 1, maxItems: 50 }),
  {
    maxProperties: 10,
    additionalProperties: false,
    description: 'Members of `data`, and the values of which each must have one.',
  },
)
const Secret = Type.String({
  minLength: 16,
  maxLength: 200,
  pattern: '^[\\x21-\\x7e]+$',
  description: '`whsec_` and base64 of 24 to 64 bytes, or any text. Made unless given.',
})

export const CreateWebhook = Type.Object({
  url: Url,
  events: Events,
  filters: Type.Optional(FiltersInput),
  description: Type.Optional(Text(500)),
  secret: Type.Optional(Secret),
  paused: Type.Optional(Type.Boolean({ default: false })),
})
export type CreateWebhook = Static<typeof CreateWebhook>

export const UpdateWebhook = Type.Object({
  id,
  url: Type.Optional(Url),
  events: Type.Optional(Events),
  filters: Type.Optional(FiltersInput),
  description: Type.Optional(Nullable(Text(500))),
})
export type UpdateWebhook = Static<typeof UpdateWebhook>

export const GetWebhook = Type.Object({ id })
export type GetWebhook = Static<typeof GetWebhook>

export const ListWebhooks = Type.Object({
  ...pageQuery,
  status: Type.Optional(word(['active', 'paused'] as const)),
  channel: Type.Optional(word(CHANNELS, { description: 'All of them unless said.' })),
})
export type ListWebhooks = Static<typeof ListWebhooks>

export const ResumeWebhook = Type.Object({
  id,
  skip: Type.Optional(
    Type.Boolean({ default: false, description: 'Leave out what happened meanwhile.' }),
  ),
})
export type ResumeWebhook = Static<typeof ResumeWebhook>

export const RotateSecret = Type.Object({
  id,
  secret: Type.Optional(Secret),
  keep_previous_hours: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 720,
      default: 24,
      description: 'How long the secret of now signs too.',
    }),
  ),
})
export type RotateSecret = Static<typeof RotateSecret>

const given = webhook_deliveries.properties
const delivery = {
  id: given.id,
  webhook_id: given.webhook_id,
  purpose: given.purpose,
  message_id: { ...given.message_id, description: 'The `webhook-id`: that of the event.' },
  type: given.type,
  entity_type: given.entity_type,
  entity_id: given.entity_id,
  sequence: given.sequence,
  status: given.status,
  attempts: given.attempts,
  next_attempt_at: Nullable(Instant),
  response_status: given.response_status,
  error: given.error,
  replay_of: given.replay_of,
  created_at: given.created_at,
  finished_at: given.finished_at,
}
export const Delivery = Type.Object(delivery)
export type Delivery = Static<typeof Delivery>
export const Deliveries = PageOf(Delivery)

const tried = webhook_attempts.properties
export const Attempt = Type.Object({
  attempt: tried.attempt,
  started_at: tried.started_at,
  duration_ms: tried.duration_ms,
  error: tried.error,
  request: Type.Object({
    url: tried.url,
    headers: Type.Record(Type.String(), Type.String()),
    body: Type.String(),
  }),
  response: Nullable(
    Type.Object({
      status: Type.Integer(),
      headers: Type.Record(Type.String(), Type.String()),
      body: Type.String({ description: 'The first 4 KB of it.' }),
    }),
  ),
})
export const DeliveryDetail = Type.Object({ ...delivery, tries: Type.Array(Attempt) })
export type DeliveryDetail = Static<typeof DeliveryDetail>

const delivery_id = IdSchema('webhook_delivery')
export const GetDelivery = Type.Object({ id: delivery_id })
export type GetDelivery = Static<typeof GetDelivery>

export const ListDeliveries = Type.Object({
  ...pageQuery,
  webhook_id: Type.Optional(id),
  status: Type.Optional(given.status),
  type: Type.Optional(Text(200, { description: 'The name of the event.' })),
  entity_id: Type.Optional(Text(200)),
  message_id: Type.Optional(Text(200, { description: 'The id of the event.' })),
})
export type ListDeliveries = Static<typeof ListDeliveries>

const replay = webhook_replays.properties
export const Replay = Type.Object({
  id: replay.id,
  webhook_id: replay.webhook_id,
  kind: replay.kind,
  status: replay.status,
  from: replay.from_at,
  to: replay.to_at,
  total: { ...replay.total, description: 'Events or deliveries to look at, at the start.' },
  looked_at: replay.looked_at,
  queued: { ...replay.queued, description: 'Deliveries that were made of them.' },
  created_at: replay.created_at,
  finished_at: replay.finished_at,
})
export type Replay = Static<typeof Replay>
export const Replays = PageOf(Replay)

export const StartReplay = Type.Object({
  id,
  what: word(REPLAY_KINDS, {
    description: 'All that failed and were not replayed, or all events of a time.',
  }),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
})
export type StartReplay = Static<typeof StartReplay>
export const GetReplay = Type.Object({ id: IdSchema('webhook_replay') })
export type GetReplay = Static<typeof GetReplay>
export const ListReplays = Type.Object({ ...pageQuery, id })
export type ListReplays = Static<typeof ListReplays>

export const ListEventTypes = Type.Object({})
export const EventTypes = Type.Object({
  items: Type.Array(
    Type.Object({ name: Type.String(), version: Type.Integer(), description: Type.String() }),
  ),
})
export type EventTypes = Static<typeof EventTypes>

export const StreamedEvent = Type.Object({
  id: IdSchema('event'),
  type: Type.String({ examples: ['order.created'] }),
  version: Type.Integer(),
  timestamp: Instant,
  entity: Type.Object({ type: Type.String(), id: Type.String(), sequence: Type.Integer() }),
  data: Type.Object({}, { additionalProperties: true }),
})
export type StreamedEvent = Static<typeof StreamedEvent>

export const ListLog = Type.Object({
  after: Type.Optional(
    Type.Unsafe<string>({
      ...IdSchema('event'),
      description:
        'The last event that is known; those behind it are told. The newest unless said.',
    }),
  ),
  events: Type.Optional(Text(2000, { description: 'Names and patterns, with commas between.' })),
  entity_type: Type.Optional(Text(100)),
  entity_id: Type.Optional(Text(200)),
})
export type ListLog = Static<typeof ListLog>
export const Log = Type.Object({
  items: Type.Array(StreamedEvent),
  last_id: Nullable(IdSchema('event')),
  more: Type.Boolean({ description: 'Whether to ask again at once.' }),
})
export type Log = Static<typeof Log>
