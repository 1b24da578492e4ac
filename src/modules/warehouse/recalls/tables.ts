import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { contactLifecycle, recallLifecycle } from './lifecycle.ts'

export const recallTables = {
  recalls: Type.Object({
    id: IdSchema('recall'),
    number: Type.Integer(),
    item_id: IdSchema('item'),
    title: Type.String(),
    instructions: Nullable(Type.String()),
    status: recallLifecycle.schema,
    closed_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  recall_lots: Type.Object({
    recall_id: IdSchema('recall'),
    lot_id: IdSchema('lot'),
  }),
  recall_serials: Type.Object({
    recall_id: IdSchema('recall'),
    serial_id: IdSchema('serial'),
  }),
  /** Whoever got units: what the ledger calls their reference, such as an order. */
  recall_contacts: Type.Object({
    id: IdSchema('recall_contact'),
    recall_id: IdSchema('recall'),
    reference_type: Type.String(),
    reference_id: Type.String(),
    quantity: Type.Integer(),
    returned_quantity: Type.Integer(),
    status: contactLifecycle.schema,
    note: Nullable(Type.String()),
    contacted_at: Nullable(Instant),
    settled_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
}
