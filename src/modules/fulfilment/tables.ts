import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import {
  fulfilmentOrderLifecycle,
  HOLD_REASONS,
  pickListLifecycle,
  SHORT_REASONS,
} from './lifecycle.ts'

const word = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]))
const Count = Type.Integer({ minimum: 0 })

export const db = defineTables({
  /** Orders that were placed and whose work is still to be made. */
  orders_to_route: Type.Object({ order_id: IdSchema('order') }),
  /** The work for one order at one location. Its number is the order's with `-F` and `nth`. */
  fulfilment_orders: Type.Object({
    id: IdSchema('fulfilment_order'),
    order_id: IdSchema('order'),
    order_number: Type.Integer(),
    nth: Type.Integer(),
    /** Null while it waits for stock. */
    location_id: Nullable(IdSchema('location')),
    status: fulfilmentOrderLifecycle.schema,
    /** The order's own status while there is work: written in the transaction that changes it. */
    order_status: Type.String(),
    /** The rule that chose the location. */
    why: Type.String(),
    status_reason: Nullable(Type.String()),
    /** How many holds are not released. */
    holds: Count,
    /** Not to be begun before. */
    fulfil_at: Nullable(Instant),
    /** To have left by then. */
    due_at: Nullable(Instant),
    /** When backordered units are expected. */
    promised_at: Nullable(Instant),
    note: Nullable(Type.String()),
    version: Type.Integer(),
    started_at: Nullable(Instant),
    /** When somebody said that all that was picked is packed. */
    packed_at: Nullable(Instant),
    closed_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** Units of an order's line in it. */
  fulfilment_order_lines: Type.Object({
    fulfilment_order_id: IdSchema('fulfilment_order'),
    order_line_id: IdSchema('order_line'),
    item_id: Nullable(IdSchema('item')),
    variant_id: IdSchema('variant'),
    position: Type.Integer(),
    sku: Type.String(),
    sku_key: Type.String(),
    name: Type.String(),
    /** To be done or done here; what was withdrawn is not counted. */
    quantity: Count,
    /** On a pick list that is not finished, and not picked yet. */
    picking_quantity: Count,
    picked_quantity: Count,
    packed_quantity: Count,
    shipped_quantity: Count,
    /** Was to be done here once. */
    withdrawn_quantity: Count,
  }),
  fulfilment_holds: Type.Object({
    id: IdSchema('fulfilment_hold'),
    fulfilment_order_id: IdSchema('fulfilment_order'),
    reason: word(HOLD_REASONS),
    note: Nullable(Type.String()),
    held_by: Type.String(),
    held_at: Instant,
    released_by: Nullable(Type.String()),
    released_at: Nullable(Instant),
  }),
  /** A walk through one location, for one fulfilment order or many. */
  pick_lists: Type.Object({
    id: IdSchema('pick_list'),
    number: Type.Integer(),
    location_id: IdSchema('location'),
    status: pickListLifecycle.schema,
    assigned_to: Nullable(IdSchema('user')),
    note: Nullable(Type.String()),
    version: Type.Integer(),
    started_at: Nullable(Instant),
    finished_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** Units of one line from one place. Rows stand in the order of the walk. */
  pick_items: Type.Object({
    id: IdSchema('pick_item'),
    pick_list_id: IdSchema('pick_list'),
    position: Type.Integer(),
    order_id: IdSchema('order'),
    fulfilment_order_id: IdSchema('fulfilment_order'),
    order_line_id: IdSchema('order_line'),
    item_id: Nullable(IdSchema('item')),
    sku: Type.String(),
    sku_key: Type.String(),
    name: Type.String(),
    gtin_key: Nullable(Type.String()),
    bin_id: Nullable(IdSchema('bin')),
    bin_code: Nullable(Type.String()),
    /** What the label of the bin says to a scanner. */
    bin_scan_code: Nullable(Type.String()),
    lot_id: Nullable(IdSchema('lot')),
    lot_number: Nullable(Type.String()),
    /** Each unit is scanned by its own number. */
    has_serials: Type.Boolean(),
    quantity: Count,
    picked_quantity: Count,
    short_quantity: Count,
    /** Cancelled, moved or shipped without the list while it was walked. */
    withdrawn_quantity: Count,
  }),
  /** What was taken from a shelf, scan by scan, and what of it was put back. */
  picks: Type.Object({
    id: IdSchema('pick'),
    pick_item_id: Nullable(IdSchema('pick_item')),
    fulfilment_order_id: IdSchema('fulfilment_order'),
    order_line_id: IdSchema('order_line'),
    item_id: Nullable(IdSchema('item')),
    quantity: Type.Integer(),
    put_back_quantity: Count,
    bin_id: Nullable(IdSchema('bin')),
    lot_id: Nullable(IdSchema('lot')),
    serial_number: Nullable(Type.String()),
    code: Nullable(Type.String()),
    picked_by: Type.String(),
    picked_at: Instant,
  }),
  /** What a picker did not find, and what became of it. Append-only. */
  pick_shortages: Type.Object({
    id: IdSchema('pick_shortage'),
    pick_item_id: IdSchema('pick_item'),
    quantity: Type.Integer(),
    reason: word(SHORT_REASONS),
    note: Nullable(Type.String()),
    outcome: Type.String(),
    found_by: Type.String(),
    found_at: Instant,
  }),
  carton_presets: Type.Object({
    id: IdSchema('carton_preset'),
    code: Type.String(),
    code_key: Type.String(),
    name: Type.String(),
    length_mm: Type.Integer(),
    width_mm: Type.Integer(),
    height_mm: Type.Integer(),
    /** Of the empty box. */
    tare_weight_grams: Count,
    /** What it may weigh in all. */
    max_weight_grams: Nullable(Type.Integer()),
    archived_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** A box that was packed. Its code is the fulfilment order's number with `-C` and `nth`. */
  cartons: Type.Object({
    id: IdSchema('carton'),
    fulfilment_order_id: IdSchema('fulfilment_order'),
    order_id: IdSchema('order'),
    nth: Type.Integer(),
    /** What is scanned to name it. */
    code: Type.String(),
    preset_id: Nullable(IdSchema('carton_preset')),
    length_mm: Nullable(Type.Integer()),
    width_mm: Nullable(Type.Integer()),
    height_mm: Nullable(Type.Integer()),
    tare_weight_grams: Count,
    /** As weighed; null where it is only computed. */
    measured_weight_grams: Nullable(Type.Integer()),
    packed_by: Type.String(),
    created_at: Instant,
    updated_at: Instant,
  }),
  carton_lines: Type.Object({
    carton_id: IdSchema('carton'),
    order_line_id: IdSchema('order_line'),
    quantity: Type.Integer(),
    /** Of one unit, as the catalogue knew it then. */
    unit_weight_grams: Nullable(Type.Integer()),
  }),
})
