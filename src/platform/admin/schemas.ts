import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { jobLifecycle } from '#platform/jobs'
import { outboxLifecycle } from '#platform/outbox-lifecycle'

export const ById = Type.Object({ id: IdSchema('event') })
export const JobById = Type.Object({ id: IdSchema('job') })

export const OutboxEvent = Type.Object({
  id: IdSchema('event'),
  aggregate_type: Type.String({ description: 'The kind of thing it happened to, such as order.' }),
  aggregate_id: Nullable(Type.String()),
  event_type: Type.String({ examples: ['order.created'] }),
  sequence: Type.Integer({ description: 'Counts the events of one aggregate from 1.' }),
  status: outboxLifecycle.schema,
  attempts: Type.Integer({ description: 'Tries so far, one that is running included.' }),
  available_at: { ...Instant, description: 'When the next try is due.' },
  created_at: Instant,
  delivered_at: Nullable(Instant),
  error_message: Nullable(Type.String({ description: 'What the last try that failed said.' })),
})

export const OutboxEventDetail = Type.Object({
  ...OutboxEvent.properties,
  payload: Type.Object({}, { additionalProperties: true }),
  reactions_done: Type.Array(Type.String(), { description: 'Reactions that need no further try.' }),
})

export const RetriedEvent = Type.Object({ ok: Type.Literal(true), ...OutboxEvent.properties })

const UNDELIVERED = ['pending', 'processing', 'failed', 'discarded'] as const

export const ListOutbox = Type.Object({
  ...pageQuery,
  status: Type.Optional(
    Type.Enum([...UNDELIVERED], {
      description: 'Only these; pending, processing and failed unless said.',
    }),
  ),
  event_type: Type.Optional(Text(200, { description: 'Only events of this name.' })),
})
export const OutboxPage = PageOf(OutboxEvent)

export const AuditedEvent = Type.Object({
  id: IdSchema('event'),
  event_type: Type.String({ examples: ['order.created'] }),
  schema_version: Type.Integer(),
  aggregate_type: Type.String(),
  aggregate_id: Type.String(),
  sequence: Type.Integer(),
  payload: Type.Object({}, { additionalProperties: true }),
  actor: Type.String({ description: 'Who caused it, such as user:… or system.' }),
  request_id: Type.String(),
  occurred_at: Instant,
})
export const ListEvents = Type.Object({
  ...pageQuery,
  aggregate_id: Type.Optional(Text(200, { description: 'The history of one thing, by its id.' })),
})
export const EventPage = PageOf(AuditedEvent)

export const Job = Type.Object({
  id: IdSchema('job'),
  name: Type.String(),
  status: jobLifecycle.schema,
  attempts: Type.Integer(),
  run_at: { ...Instant, description: 'When it is due.' },
  created_at: Instant,
  finished_at: Nullable(Instant),
  error_message: Nullable(Type.String()),
})
export const ListJobs = Type.Object({
  ...pageQuery,
  status: Type.Optional(jobLifecycle.schema),
})
export const JobPage = PageOf(Job)
