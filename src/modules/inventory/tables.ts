import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { reservationLifecycle } from './lifecycle.ts'

const Quantity = Type.Integer({ minimum: 0 })

export const db = defineTables({
  locations: Type.Object({
    id: IdSchema('location'),
    number: Type.Integer(),
    code: Type.String(),
    name: Type.String(),
    address: Nullable(Json(Type.Object({}))),
    /** Lower is asked first when an order looks for stock. */
    priority: Type.Integer(),
    archived_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  inventory_items: Type.Object({
    id: IdSchema('item'),
    number: Type.Integer(),
    sku: Type.String(),
    /** The SKU without regard to case: what is unique. */
    sku_key: Type.String(),
    description: Nullable(Type.String()),
    unit: Type.String(),
    reorder_point: Nullable(Type.Integer()),
    archived_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What the ledger and the reservations add up to. Written only beside the rows it counts. */
  stock_levels: Type.Object({
    item_id: IdSchema('item'),
    location_id: IdSchema('location'),
    on_hand: Quantity,
    reserved: Quantity,
    version: Type.Integer(),
    updated_at: Instant,
  }),
  /** The ledger: append-only. A unit moves from one state to another; null is outside the house. */
  stock_movements: Type.Object({
    sequence: Type.Integer(),
    id: IdSchema('movement'),
    item_id: IdSchema('item'),
    location_id: IdSchema('location'),
    kind: Type.String(),
    state_from: Nullable(Type.String()),
    state_to: Nullable(Type.String()),
    quantity: Quantity,
    reason: Nullable(Type.String()),
    reference_type: Nullable(Type.String()),
    reference_id: Nullable(Type.String()),
    actor: Type.String(),
    occurred_at: Instant,
    posted_at: Instant,
  }),
  reservations: Type.Object({
    id: IdSchema('reservation'),
    reference_type: Type.String(),
    reference_id: Type.String(),
    item_id: IdSchema('item'),
    location_id: IdSchema('location'),
    quantity: Quantity,
    status: reservationLifecycle.schema,
    expires_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
})
