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
    /** At or below it an item runs low: in all, and at each location that has none of its own. */
    reorder_point: Nullable(Type.Integer()),
    /** How many to order when it runs low. */
    reorder_quantity: Nullable(Type.Integer()),
    /** How many units may wait for stock at a time; none if it is 0. */
    backorder_limit: Quantity,
    /** How many do: the sum of the open reservations without a location. */
    backordered: Quantity,
    /** Until then it is sold ahead of stock as a pre-order, and this is the date it is promised. */
    preorder_until: Nullable(Instant),
    /** Days until more comes: the promised date of a backorder. */
    lead_time_days: Nullable(Type.Integer()),
    archived_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What the ledger and the reservations add up to. Written only beside the rows it counts. */
  stock_levels: Type.Object({
    item_id: IdSchema('item'),
    location_id: IdSchema('location'),
    /** Units for sale; those in other states stand in `stock_states`. */
    on_hand: Quantity,
    reserved: Quantity,
    /** Units that are never promised to anyone. */
    safety_stock: Quantity,
    /** Of this shelf alone; the item's count where they are null. */
    reorder_point: Nullable(Type.Integer()),
    reorder_quantity: Nullable(Type.Integer()),
    /** The shelf's reorder point, else the item's: so the write that crosses it knows it. */
    low_at: Nullable(Type.Integer()),
    version: Type.Integer(),
    updated_at: Instant,
  }),
  /** Units at a location that are not for sale, by the reason why. */
  stock_states: Type.Object({
    item_id: IdSchema('item'),
    location_id: IdSchema('location'),
    state: Type.String(),
    quantity: Quantity,
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
    /** Which lots, bins and serial numbers, where somebody keeps them. */
    lots: Nullable(Json(Type.Array(Type.Object({})))),
    /** What a unit that came in cost, in minor units. */
    unit_cost_amount: Nullable(Type.Integer()),
    currency: Nullable(Type.String()),
  }),
  reservations: Type.Object({
    id: IdSchema('reservation'),
    reference_type: Type.String(),
    reference_id: Type.String(),
    item_id: IdSchema('item'),
    /** Null while the units wait for stock: a backorder. */
    location_id: Nullable(IdSchema('location')),
    quantity: Quantity,
    status: reservationLifecycle.schema,
    expires_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
    /** What chose the location, see `WHY`; null if nobody noted it. */
    why: Nullable(Type.String()),
    /** When units that wait are expected. */
    promised_at: Nullable(Instant),
  }),
})
