import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { orderChangeLifecycle } from './lifecycle.ts'

/** What is changed: by hand, by withdrawing units, or with another order. */
export const CHANGE_KINDS = ['edit', 'cancel', 'merge', 'split'] as const
export const ACTION_KINDS = [
  'add_line',
  'set_quantity',
  'set_discount',
  'set_shipping',
  'set_details',
  'cancel_units',
  'give_units',
  'take_rows',
] as const

// Effects, states and moments are values of this module's own types: see `changes/effects.ts`.
const Stored = Json(Type.Object({}, { additionalProperties: true }))

export const db = defineTables({
  /** What was changed of an order after it was placed, in order; one set at most is open. */
  order_change_sets: Type.Object({
    id: IdSchema('order_change'),
    order_id: IdSchema('order'),
    kind: Type.Unsafe<(typeof CHANGE_KINDS)[number]>(Type.Enum([...CHANGE_KINDS])),
    status: orderChangeLifecycle.schema,
    /** The nth change that was applied to the order; null until it is. */
    number: Nullable(Type.Integer()),
    /** The order's version on which it was begun: it is applied to no other. */
    base_version: Type.Integer(),
    /** How the order stood then, to tell what moved since. */
    base: Stored,
    reason: Nullable(Type.String()),
    /** What the buyer owes without and with it; null until it is applied. */
    old_owed_amount: Nullable(Amount),
    new_owed_amount: Nullable(Amount),
    created_by: Type.String(),
    created_at: Instant,
    /** The process that applied it: its retry finds that it is done. */
    applied_key: Nullable(Type.String()),
    closed_by: Nullable(Type.String()),
    closed_at: Nullable(Instant),
  }),
  /** The steps of a change, in order, with all that was looked up for them when they were said. */
  order_change_actions: Type.Object({
    order_change_id: IdSchema('order_change'),
    position: Type.Integer(),
    kind: Type.Unsafe<(typeof ACTION_KINDS)[number]>(Type.Enum([...ACTION_KINDS])),
    effect: Stored,
    /** What it changed, as it was and as it became; null until it is applied. */
    before: Nullable(Stored),
    after: Nullable(Stored),
  }),
  /** The order as it was placed, kept when it is changed for the first time. */
  order_origins: Type.Object({
    order_id: IdSchema('order'),
    version: Type.Integer(),
    state: Stored,
    created_at: Instant,
  }),
})

export type ChangeRow = Static<typeof db.tables.order_change_sets>
export type ActionRow = Static<typeof db.tables.order_change_actions>
