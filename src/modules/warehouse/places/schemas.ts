import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { Quantity, STOCK_STATES, type StockState } from '#modules/inventory'
import { ItemRef, LocationRef } from '../tracking/schemas.ts'

export const BIN_TYPES = [
  'storage',
  'picking',
  'receiving',
  'staging',
  'returns',
  'quarantine',
  'damaged',
  'expired',
] as const
export type BinType = (typeof BIN_TYPES)[number]
export const BinType = Type.Unsafe<BinType>(Type.Enum([...BIN_TYPES]))
export const State = Type.Unsafe<StockState>(Type.Enum([...STOCK_STATES]))

const PickSequence = Type.Integer({
  minimum: 0,
  maximum: 1_000_000,
  description: 'The way of a picker: lower comes first.',
})
const Code = Text(32)
export const BinRef = Text(64, { description: "The bin's id or scan code." })

export const Zone = Type.Object({
  id: IdSchema('zone'),
  location_id: IdSchema('location'),
  code: Code,
  name: Text(100),
  pick_sequence: Type.Integer(),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Zone = Static<typeof Zone>
export const Zones = PageOf(Zone)
export const ListZones = Type.Object({ ...pageQuery, location_id: Type.Optional(LocationRef) })
export type ListZones = Static<typeof ListZones>
export const GetZone = Type.Object({ id: IdSchema('zone') })
export type GetZone = Static<typeof GetZone>
export const CreateZone = Type.Object({
  location_id: LocationRef,
  code: Code,
  name: Text(100),
  pick_sequence: Type.Optional(PickSequence),
})
export type CreateZone = Static<typeof CreateZone>
export const UpdateZone = Type.Object({
  id: IdSchema('zone'),
  name: Type.Optional(Text(100)),
  pick_sequence: Type.Optional(PickSequence),
})
export type UpdateZone = Static<typeof UpdateZone>

export const Bin = Type.Object({
  id: IdSchema('bin'),
  location_id: IdSchema('location'),
  zone_id: Nullable(IdSchema('zone')),
  code: Code,
  scan_code: Text(64),
  type: BinType,
  pick_sequence: Type.Integer(),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Bin = Static<typeof Bin>
export const Bins = PageOf(Bin)
export const ListBins = Type.Object({
  ...pageQuery,
  location_id: Type.Optional(LocationRef),
  zone_id: Type.Optional(IdSchema('zone')),
  type: Type.Optional(BinType),
})
export type ListBins = Static<typeof ListBins>
export const GetBin = Type.Object({ id: BinRef })
export type GetBin = Static<typeof GetBin>

const NewBin = Type.Object({
  code: Code,
  scan_code: Type.Optional(
    Text(64, { description: 'What its label says; the location’s code and its own unless said.' }),
  ),
  zone_id: Type.Optional(IdSchema('zone')),
  type: Type.Optional(BinType),
  pick_sequence: Type.Optional(PickSequence),
})
export const CreateBins = Type.Object({
  location_id: LocationRef,
  bins: Type.Array(NewBin, { minItems: 1, maxItems: 500 }),
})
export type CreateBins = Static<typeof CreateBins>
export const CreatedBins = Type.Object({ bins: Type.Array(Bin) })
export const UpdateBin = Type.Object({
  id: BinRef,
  scan_code: Type.Optional(Text(64)),
  zone_id: Type.Optional(Nullable(IdSchema('zone'))),
  type: Type.Optional(BinType),
  pick_sequence: Type.Optional(PickSequence),
})
export type UpdateBin = Static<typeof UpdateBin>

export const StartBins = Type.Object({ id: LocationRef })
export type StartBins = Static<typeof StartBins>
export const StartedBins = Type.Object({
  location_id: IdSchema('location'),
  binned_at: Instant,
  places: Type.Integer({ description: 'Shelves whose units stand in no bin yet.' }),
})

/** Units of an item at one place. */
export const PlaceUnits = Type.Object({
  item_id: IdSchema('item'),
  item_number: Type.String(),
  location_id: IdSchema('location'),
  bin_id: Nullable(IdSchema('bin')),
  bin_code: Nullable(Type.String()),
  lot_id: Nullable(IdSchema('lot')),
  lot_number: Nullable(Type.String()),
  expires_on: Nullable(Type.String()),
  state: State,
  quantity: Type.Integer(),
  updated_at: Instant,
})
export type PlaceUnits = Static<typeof PlaceUnits>
export const Places = PageOf(PlaceUnits)
export const ListContent = Type.Object({ id: BinRef, ...pageQuery })
export type ListContent = Static<typeof ListContent>
export const ListPlaces = Type.Object({
  ...pageQuery,
  item_id: Type.Optional(ItemRef),
  location_id: Type.Optional(LocationRef),
  lot_id: Type.Optional(IdSchema('lot')),
  state: Type.Optional(State),
  unplaced: Type.Optional(
    Type.Boolean({ description: 'Only units that stand in no bin: what waits to be put away.' }),
  ),
})
export type ListPlaces = Static<typeof ListPlaces>

const MoveLine = Type.Object({
  item_id: ItemRef,
  quantity: Quantity,
  from_bin: Type.Optional(
    Type.Union([BinRef, Type.Null()], { description: 'Null for units that stand in no bin.' }),
  ),
  to_bin: BinRef,
  lot_id: Type.Optional(IdSchema('lot')),
  serial_numbers: Type.Optional(Type.Array(Text(100), { maxItems: 1000 })),
  state: Type.Optional(State),
})
export const MoveUnits = Type.Object({
  location_id: LocationRef,
  reason: Type.Optional(Text(200)),
  lines: Type.Array(MoveLine, { minItems: 1, maxItems: 200 }),
})
export type MoveUnits = Static<typeof MoveUnits>
export const MovedUnits = Type.Object({
  moved: Type.Integer({ description: 'Units, all lines together.' }),
  lines: Type.Integer(),
})
