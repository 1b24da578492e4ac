import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineLifecycle } from '#kit/lifecycle'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

/** What can happen to a parcel, in the order in which it weighs at one and the same instant. */
export const TRACKING_KINDS = [
  'info',
  'announced',
  'accepted',
  'in_transit',
  'out_for_delivery',
  'ready_for_pickup',
  'attempted',
  'exception',
  'returning',
  'delivered',
  'returned',
] as const
export type TrackingKind = (typeof TRACKING_KINDS)[number]

export const webhookLifecycle = defineLifecycle('tracking_webhook', {
  states: {
    parked: 'Its parcel is not known here yet; tried again for a while.',
    applied: 'What it says is part of its parcel.',
    ignored: 'Of no interest here.',
    given_up: 'Its parcel never came to be known.',
  },
  moves: {
    apply: { from: ['parked'], to: 'applied', when: 'Its parcel is known now.' },
    ignore: { from: ['parked'], to: 'ignored', when: 'It speaks of nothing that matters here.' },
    give_up: { from: ['parked'], to: 'given_up', when: 'After the last try.' },
  },
})

export const db = defineTables({
  /** What happened to a parcel; append-only. The key is what makes two tellings one event. */
  tracking_events: Type.Object({
    id: IdSchema('tracking_event'),
    parcel_id: IdSchema('parcel'),
    shipment_id: IdSchema('shipment'),
    event_key: Type.String(),
    /** The carrier that told it, or `staff`. */
    source: Type.String(),
    kind: Type.Unsafe<TrackingKind>(Type.Enum([...TRACKING_KINDS])),
    /** The carrier's own code. */
    code: Nullable(Type.String()),
    description: Nullable(Type.String()),
    location: Nullable(Type.String()),
    signed_by: Nullable(Type.String()),
    proof_urls: Json(Type.Array(Type.String())),
    /** When it will arrive, as it was told with this event. */
    estimated_delivery_at: Nullable(Instant),
    occurred_at: Instant,
    recorded_at: Instant,
    recorded_by: Type.String(),
  }),
  /** The inbox: every signed webhook once, as it came. */
  tracking_webhooks: Type.Object({
    id: IdSchema('tracking_webhook'),
    carrier: Type.String(),
    event_id: Type.String(),
    type: Type.String(),
    body: Type.String(),
    status: webhookLifecycle.schema,
    note: Nullable(Type.String()),
    /** Whose news it is, once that is known. */
    parcel_id: Nullable(IdSchema('parcel')),
    attempts: Type.Integer(),
    check_at: Instant,
    received_at: Instant,
    settled_at: Nullable(Instant),
  }),
})

export type TrackingEventRow = Static<typeof db.tables.tracking_events>
export type WebhookRow = Static<typeof db.tables.tracking_webhooks>
