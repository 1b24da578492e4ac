import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { transferLifecycle } from './lifecycle.ts'

const Units = Type.Integer({ minimum: 0 })
// What has become of the units that left; the rest is on its way.
const fates = {
  shipped_quantity: Units,
  received_quantity: Units,
  lost_quantity: Units,
  returned_quantity: Units,
}

export const db = defineTables({
  transfers: Type.Object({
    id: IdSchema('transfer'),
    number: Type.Integer(),
    from_location_id: IdSchema('location'),
    to_location_id: IdSchema('location'),
    status: transferLifecycle.schema,
    reference: Nullable(Type.String()),
    notes: Nullable(Type.String()),
    expected_at: Nullable(Instant),
    /** Whether its units are promised to it while it is planned. */
    holds_stock: Type.Boolean(),
    /** Sums of the lines, written beside them. */
    line_count: Units,
    quantity: Units,
    ...fates,
    dispatched_at: Nullable(Instant),
    received_at: Nullable(Instant),
    cancelled_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  transfer_lines: Type.Object({
    id: IdSchema('transfer_line'),
    transfer_id: IdSchema('transfer'),
    position: Type.Integer(),
    item_id: IdSchema('item'),
    /** What is to go; `shipped_quantity` is what went. */
    quantity: Units,
    ...fates,
  }),
  /** One arrival, write-off or return of a transfer; append-only. */
  transfer_receipts: Type.Object({
    id: IdSchema('transfer_receipt'),
    transfer_id: IdSchema('transfer'),
    notes: Nullable(Type.String()),
    actor: Type.String(),
    created_at: Instant,
  }),
  /** What became of which units; append-only. */
  transfer_receipt_lines: Type.Object({
    receipt_id: IdSchema('transfer_receipt'),
    position: Type.Integer(),
    transfer_line_id: IdSchema('transfer_line'),
    fate: Type.String(),
    quantity: Units,
    /** What they were when they arrived. */
    state: Nullable(Type.String()),
    reason: Nullable(Type.String()),
  }),
})
