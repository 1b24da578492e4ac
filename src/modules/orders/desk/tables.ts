import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

/** Who reads a note: staff; the buyer too; and what the system writes down for staff. */
export const NOTE_KINDS = ['internal', 'customer', 'system'] as const

/** Where an order can be when it is held. */
export const HELD_FROM = ['pending', 'confirmed', 'processing', 'shipped'] as const

export const db = defineTables({
  /** Reasons why orders were stopped. An order is on hold while one of its own is open. */
  order_holds: Type.Object({
    id: IdSchema('order_hold'),
    order_id: IdSchema('order'),
    /** Such as `fraud_review`; one hold of a code is open at once. */
    code: Type.String(),
    note: Nullable(Type.String()),
    /** Where the order was before its first open hold, and goes back to after the last. */
    held_from: Type.Unsafe<(typeof HELD_FROM)[number]>(Type.Enum([...HELD_FROM])),
    held_by: Type.String(),
    held_at: Instant,
    release_note: Nullable(Type.String()),
    released_by: Nullable(Type.String()),
    released_at: Nullable(Instant),
  }),
  order_notes: Type.Object({
    id: IdSchema('order_note'),
    order_id: IdSchema('order'),
    kind: Type.Unsafe<(typeof NOTE_KINDS)[number]>(Type.Enum([...NOTE_KINDS])),
    body: Type.String(),
    author: Type.String(),
    created_at: Instant,
  }),
  /** Documents that lie elsewhere. */
  order_attachments: Type.Object({
    id: IdSchema('order_attachment'),
    order_id: IdSchema('order'),
    name: Type.String(),
    url: Type.String(),
    /** Whether the buyer sees it too. */
    for_customer: Type.Boolean(),
    added_by: Type.String(),
    created_at: Instant,
  }),
  order_tags: Type.Object({
    /** In lower case. */
    tag: Type.String(),
    order_id: IdSchema('order'),
  }),
  order_attributes: Type.Object({
    order_id: IdSchema('order'),
    name: Type.String(),
    /** JSON text: a column of JSON takes no plain values on one of the engines. */
    value: Type.String(),
    /** What the value is found by; null for what is no plain value, or too long for one. */
    value_key: Nullable(Type.String()),
  }),
  /** What members of an order were and became, by the event that says so; see `history.ts`. */
  order_changes: Type.Object({
    event_id: IdSchema('event'),
    order_id: IdSchema('order'),
    changes: Json(
      Type.Record(Type.String(), Type.Object({ before: Type.Unknown(), after: Type.Unknown() })),
    ),
  }),
})
