import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { countTables } from './counts/tables.ts'
import { recallTables } from './recalls/tables.ts'

const Units = Type.Integer({ minimum: 0 })
const versioned = { version: Type.Integer(), created_at: Instant, updated_at: Instant }
const cause = {
  kind: Type.String(),
  reason: Nullable(Type.String()),
  reference_type: Nullable(Type.String()),
  reference_id: Nullable(Type.String()),
  actor: Type.String(),
  occurred_at: Instant,
}
const place = {
  location_id: IdSchema('location'),
  state: Type.String(),
  bin_id: Nullable(IdSchema('bin')),
  lot_id: Nullable(IdSchema('lot')),
}

export const db = defineTables({
  /** How an item is kept; an item without a row is counted only, as ever. */
  item_tracking: Type.Object({
    item_id: IdSchema('item'),
    tracking: Type.String(),
    /** Units that come without a lot get one of the day; otherwise they are refused. */
    makes_lots: Type.Boolean(),
    /** From the day a lot is made to its last good day; for lots that come without a date. */
    shelf_life_days: Nullable(Type.Integer()),
    /** A lot with fewer days left is not picked for buyers. */
    pick_days_min: Nullable(Type.Integer()),
    /** How important it is to count it often: A, B or C. */
    abc_class: Nullable(Type.String()),
    ...versioned,
  }),
  zones: Type.Object({
    id: IdSchema('zone'),
    location_id: IdSchema('location'),
    code: Type.String(),
    name: Type.String(),
    pick_sequence: Type.Integer(),
    archived_at: Nullable(Instant),
    ...versioned,
  }),
  bins: Type.Object({
    id: IdSchema('bin'),
    location_id: IdSchema('location'),
    zone_id: Nullable(IdSchema('zone')),
    code: Type.String(),
    /** What its label says to a scanner; unique in the house. */
    scan_code: Type.String(),
    type: Type.String(),
    /** The way of a picker through the location: lower comes first. */
    pick_sequence: Type.Integer(),
    archived_at: Nullable(Instant),
    ...versioned,
  }),
  /** The locations of which every unit is kept by bin. */
  binned_locations: Type.Object({
    location_id: IdSchema('location'),
    binned_at: Instant,
  }),
  lots: Type.Object({
    id: IdSchema('lot'),
    item_id: IdSchema('item'),
    lot_number: Type.String(),
    /** The number without regard to case: unique for its item. */
    lot_key: Type.String(),
    /** The last good day, `2027-05-31`. */
    expires_on: Nullable(Type.String()),
    made_on: Nullable(Type.String()),
    supplier_lot: Nullable(Type.String()),
    /** Not picked and not shipped while it is set. */
    blocked_at: Nullable(Instant),
    blocked_reason: Nullable(Type.String()),
    ...versioned,
  }),
  /**
   * What lies where: units of an item by location, state, bin and lot. Kept for items with lots or
   * serials and for locations with bins; there they add up to inventory's levels.
   */
  lot_levels: Type.Object({
    item_id: IdSchema('item'),
    ...place,
    /** The bin and the lot as one word, for the key: `<bin>/<lot>`, either may be missing. */
    spot: Type.String(),
    quantity: Units,
    version: Type.Integer(),
    updated_at: Instant,
  }),
  /** The ledger of `lot_levels`: append-only; a move is two rows. */
  lot_movements: Type.Object({
    sequence: Type.Integer(),
    id: IdSchema('movement'),
    item_id: IdSchema('item'),
    ...place,
    quantity_delta: Type.Integer(),
    ...cause,
  }),
  serials: Type.Object({
    id: IdSchema('serial'),
    item_id: IdSchema('item'),
    serial_number: Type.String(),
    /** The number without regard to case: unique for its item. */
    serial_key: Type.String(),
    status: Type.String(),
    /** Where it is while it is in stock. */
    location_id: Nullable(IdSchema('location')),
    state: Nullable(Type.String()),
    bin_id: Nullable(IdSchema('bin')),
    lot_id: Nullable(IdSchema('lot')),
    /** When it came to be in stock, the last time. */
    received_at: Instant,
    /** Not picked and not shipped while it is set. */
    blocked_at: Nullable(Instant),
    ...versioned,
  }),
  /** What happened to a serial number: append-only. */
  serial_moves: Type.Object({
    sequence: Type.Integer(),
    serial_id: IdSchema('serial'),
    status: Type.String(),
    location_id: Nullable(IdSchema('location')),
    state: Nullable(Type.String()),
    bin_id: Nullable(IdSchema('bin')),
    /** Nobody named it: the rule chose it among those that were there. */
    is_assumed: Type.Boolean(),
    ...cause,
  }),
  /** What something was made of: units of a lot, or a serial number, that went into another. */
  lot_links: Type.Object({
    id: IdSchema('lot_link'),
    made_lot_id: Nullable(IdSchema('lot')),
    made_serial_id: Nullable(IdSchema('serial')),
    used_lot_id: Nullable(IdSchema('lot')),
    used_serial_id: Nullable(IdSchema('serial')),
    quantity: Units,
    reference_type: Nullable(Type.String()),
    reference_id: Nullable(Type.String()),
    actor: Type.String(),
    created_at: Instant,
  }),
  ...recallTables,
  ...countTables,
})

export type LotRow = Static<typeof db.tables.lots>
export type BinRow = Static<typeof db.tables.bins>
export type ZoneRow = Static<typeof db.tables.zones>
export type SerialRow = Static<typeof db.tables.serials>
export type LevelRow = Static<typeof db.tables.lot_levels>
export type TrackingRow = Static<typeof db.tables.item_tracking>
