import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, Nullable, Text } from '#kit/schemas'
import { ItemRef, LocationRef } from '../tracking/schemas.ts'
import { countLifecycle, lineLifecycle } from './lifecycle.ts'
import { CountScope } from './tables.ts'

const Count = Type.Integer({ minimum: 0 })
const Counted = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })

export const CycleCount = Type.Object({
  id: IdSchema('cycle_count'),
  number: Type.Integer(),
  location_id: IdSchema('location'),
  name: Type.String(),
  status: countLifecycle.schema,
  scope: CountScope,
  blind: Type.Boolean(),
  recount_percent: Nullable(Count),
  recount_value: Nullable(Type.String()),
  currency: Nullable(Type.String()),
  lines: Count,
  lines_pending: Count,
  lines_counted: Count,
  lines_to_recount: Count,
  lines_settled: Count,
  approved_by: Nullable(Type.String()),
  approved_at: Nullable(Instant),
  finished_at: Nullable(Instant),
  created_by: Type.String(),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type CycleCount = Static<typeof CycleCount>
export const CycleCounts = PageOf(CycleCount)
export const ListCounts = Type.Object({
  ...pageQuery,
  status: Type.Optional(countLifecycle.schema),
  location_id: Type.Optional(LocationRef),
})
export type ListCounts = Static<typeof ListCounts>
export const GetCount = Type.Object({ id: IdSchema('cycle_count') })
export type GetCount = Static<typeof GetCount>

export const PlanCount = Type.Object({
  location_id: LocationRef,
  name: Type.Optional(Text(100)),
  zone_ids: Type.Optional(Type.Array(IdSchema('zone'), { maxItems: 100 })),
  bin_ids: Type.Optional(Type.Array(IdSchema('bin'), { maxItems: 500 })),
  item_ids: Type.Optional(Type.Array(ItemRef, { maxItems: 500 })),
  abc_classes: Type.Optional(
    Type.Array(Type.Unsafe<'A' | 'B' | 'C'>(Type.Enum(['A', 'B', 'C'])), { maxItems: 3 }),
  ),
  not_counted_since: Type.Optional(InstantInput),
  lines_max: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'Only so many places, those first that were not counted for longest.',
    }),
  ),
  blind: Type.Optional(
    Type.Boolean({ default: true, description: 'Counters do not see what is expected.' }),
  ),
  recount_percent: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  recount_value: Type.Optional(
    Type.Union([Text(30), Type.Number({ minimum: 0 })], {
      description: 'A difference that is worth more is counted again. Needs `currency`.',
    }),
  ),
  currency: Type.Optional(Text(3)),
})
export type PlanCount = Static<typeof PlanCount>

const place = {
  id: IdSchema('count_line'),
  number: Type.Integer(),
  item_id: IdSchema('item'),
  item_number: Type.String(),
  bin_id: Nullable(IdSchema('bin')),
  bin_code: Nullable(Type.String()),
  scan_code: Nullable(Type.String()),
  lot_id: Nullable(IdSchema('lot')),
  lot_number: Nullable(Type.String()),
  status: lineLifecycle.schema,
}

/** A line as a counter sees it. */
export const SheetLine = Type.Object({
  ...place,
  expected_quantity: Nullable(
    Type.Integer({ description: 'Null in a blind count, and until the line is counted.' }),
  ),
  counted_at: Nullable(Instant),
})
export type SheetLine = Static<typeof SheetLine>
export const Sheet = PageOf(SheetLine)
export const ListSheet = Type.Object({
  id: IdSchema('cycle_count'),
  ...pageQuery,
  status: Type.Optional(lineLifecycle.schema),
})
export type ListSheet = Static<typeof ListSheet>

/** A line as whoever approves sees it. */
export const Variance = Type.Object({
  ...place,
  expected_quantity: Nullable(Count),
  counted_quantity: Nullable(Count),
  difference: Nullable(Type.Integer({ description: 'Counted − expected, at that moment.' })),
  difference_value: Nullable(Type.String()),
  currency: Nullable(Type.String()),
  missing_serials: Nullable(Type.Array(Type.String())),
  counted_sequence: Nullable(Type.Integer()),
  counted_by: Nullable(Type.String()),
  counted_at: Nullable(Instant),
  times_counted: Count,
  adjusted_quantity: Nullable(Type.Integer()),
  problem: Nullable(Type.String({ description: 'Why it could not be posted.' })),
})
export type Variance = Static<typeof Variance>
export const Variances = PageOf(Variance)
export const ListVariances = Type.Object({
  id: IdSchema('cycle_count'),
  ...pageQuery,
  status: Type.Optional(lineLifecycle.schema),
  only_differences: Type.Optional(Type.Boolean({ default: false })),
})
export type ListVariances = Static<typeof ListVariances>

const Serials = Type.Array(Text(100), { maxItems: 10_000 })
const Entry = Type.Object({
  line_id: IdSchema('count_line'),
  quantity: Type.Optional(Counted),
  serial_numbers: Type.Optional(Serials),
})
export const EnterCounts = Type.Object({
  id: IdSchema('cycle_count'),
  lines: Type.Array(Entry, { minItems: 1, maxItems: 500 }),
})
export type EnterCounts = Static<typeof EnterCounts>
export const EnteredCounts = Type.Object({
  lines: Type.Array(Type.Object({ line_id: IdSchema('count_line'), status: lineLifecycle.schema })),
})

export const AddLine = Type.Object({
  id: IdSchema('cycle_count'),
  item_id: ItemRef,
  bin_id: Type.Optional(IdSchema('bin')),
  lot_id: Type.Optional(IdSchema('lot')),
})
export type AddLine = Static<typeof AddLine>
export const RecountLines = Type.Object({
  id: IdSchema('cycle_count'),
  line_ids: Type.Array(IdSchema('count_line'), { minItems: 1, maxItems: 500 }),
})
export type RecountLines = Static<typeof RecountLines>
export const ApproveCount = Type.Object({
  id: IdSchema('cycle_count'),
  skip_uncounted: Type.Optional(
    Type.Boolean({ default: false, description: 'Leave what nobody counted as it is.' }),
  ),
})
export type ApproveCount = Static<typeof ApproveCount>
