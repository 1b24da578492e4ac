import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'
import { countLifecycle, lineLifecycle } from './lifecycle.ts'

/** Which places a count takes in. */
export const CountScope = Type.Object({
  zone_ids: Type.Optional(Type.Array(IdSchema('zone'))),
  bin_ids: Type.Optional(Type.Array(IdSchema('bin'))),
  item_ids: Type.Optional(Type.Array(IdSchema('item'))),
  abc_classes: Type.Optional(Type.Array(Type.String())),
  not_counted_since: Type.Optional(Instant),
  lines_max: Type.Optional(Type.Integer()),
})

export const countTables = {
  cycle_counts: Type.Object({
    id: IdSchema('cycle_count'),
    number: Type.Integer(),
    location_id: IdSchema('location'),
    name: Type.String(),
    status: countLifecycle.schema,
    scope: Json(CountScope),
    /** Whether counters are kept from seeing what is expected. */
    blind: Type.Boolean(),
    /** A difference of more than so many percent of what is expected is counted again. */
    recount_percent: Nullable(Type.Integer()),
    /** So is one that is worth more than this. */
    recount_value_amount: Nullable(Type.Integer()),
    currency: Nullable(Type.String()),
    lines_count: Type.Integer(),
    lines_counted: Type.Integer(),
    lines_to_recount: Type.Integer(),
    lines_settled: Type.Integer(),
    /** Where planning goes on: the last place that was looked at. */
    position: Nullable(Type.String()),
    approved_by: Nullable(Type.String()),
    approved_at: Nullable(Instant),
    finished_at: Nullable(Instant),
    created_by: Type.String(),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  count_lines: Type.Object({
    id: IdSchema('count_line'),
    count_id: IdSchema('cycle_count'),
    /** Counts the lines of a count from 1, in the order in which to walk. */
    number: Type.Integer(),
    item_id: IdSchema('item'),
    sku: Type.String(),
    location_id: IdSchema('location'),
    bin_id: Nullable(IdSchema('bin')),
    lot_id: Nullable(IdSchema('lot')),
    /** The bin and the lot as one word; see `lot_levels`. */
    spot: Type.String(),
    status: lineLifecycle.schema,
    /** What the books said at the moment of counting, and where the ledger stood. */
    expected_quantity: Nullable(Type.Integer()),
    counted_quantity: Nullable(Type.Integer()),
    counted_sequence: Nullable(Type.Integer()),
    counted_serials: Nullable(Json(Type.Array(Type.String()))),
    missing_serials: Nullable(Json(Type.Array(Type.String()))),
    counted_by: Nullable(Type.String()),
    counted_at: Nullable(Instant),
    times_counted: Type.Integer(),
    /** What approval posted, and where the ledger stood then. */
    adjusted_quantity: Nullable(Type.Integer()),
    posted_sequence: Nullable(Type.Integer()),
    /** Why approval could not post it. */
    problem: Nullable(Type.String()),
    updated_at: Instant,
  }),
  /** When each place was counted last, by an approved count. */
  last_counts: Type.Object({
    item_id: IdSchema('item'),
    location_id: IdSchema('location'),
    spot: Type.String(),
    counted_sequence: Type.Integer(),
    counted_at: Instant,
  }),
}
