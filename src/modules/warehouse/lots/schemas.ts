import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { Quantity } from '#modules/inventory'
import { BinRef, State } from '../places/schemas.ts'
import { Day, ItemRef, LocationRef } from '../tracking/schemas.ts'

export const Lot = Type.Object({
  id: IdSchema('lot'),
  item_id: IdSchema('item'),
  item_number: Type.String(),
  lot_number: Type.String(),
  expires_on: Nullable(Type.String({ description: 'The last good day.' })),
  made_on: Nullable(Type.String()),
  supplier_lot: Nullable(Type.String()),
  blocked_at: Nullable(Instant),
  blocked_reason: Nullable(Type.String()),
  quantity: Type.Integer({ description: 'In the house, all states together.' }),
  sellable_quantity: Type.Integer(),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Lot = Static<typeof Lot>
export const Lots = PageOf(Lot)
export const ListLots = Type.Object({
  ...pageQuery,
  item_id: Type.Optional(ItemRef),
  lot_number: Type.Optional(Text(100)),
  blocked: Type.Optional(Type.Boolean()),
})
export type ListLots = Static<typeof ListLots>
export const ListExpiring = Type.Object({
  ...pageQuery,
  within_days: Type.Optional(Type.Integer({ minimum: 0, maximum: 3650, default: 30 })),
  location_id: Type.Optional(LocationRef),
})
export type ListExpiring = Static<typeof ListExpiring>
export const GetLot = Type.Object({ id: IdSchema('lot') })
export type GetLot = Static<typeof GetLot>

const lotFacts = {
  expires_on: Type.Optional(Nullable(Day)),
  made_on: Type.Optional(Nullable(Day)),
  supplier_lot: Type.Optional(Nullable(Text(100))),
}
export const CreateLot = Type.Object({
  item_id: ItemRef,
  lot_number: Text(100, { description: 'Unique for its item, without regard to case.' }),
  ...lotFacts,
})
export type CreateLot = Static<typeof CreateLot>
export const UpdateLot = Type.Object({ id: IdSchema('lot'), ...lotFacts })
export type UpdateLot = Static<typeof UpdateLot>
export const BlockLot = Type.Object({ id: IdSchema('lot'), reason: Text(200) })
export type BlockLot = Static<typeof BlockLot>

const Serials = Type.Array(Text(100), { minItems: 1, maxItems: 10_000 })
const ReceiptLine = Type.Object({
  item_id: ItemRef,
  quantity: Quantity,
  lot_number: Type.Optional(Text(100)),
  ...lotFacts,
  serial_numbers: Type.Optional(Serials),
  bin: Type.Optional(BinRef),
  state: Type.Optional(State),
})
export const ReceiveUnits = Type.Object({
  location_id: LocationRef,
  reason: Type.Optional(Text(200)),
  reference_type: Type.Optional(Text(50)),
  reference_id: Type.Optional(Text(100)),
  lines: Type.Array(ReceiptLine, { minItems: 1, maxItems: 500 }),
})
export type ReceiveUnits = Static<typeof ReceiveUnits>
export const ReceivedUnits = Type.Object({
  received: Type.Integer({ description: 'Units, all lines together.' }),
  lines: Type.Array(
    Type.Object({
      item_id: IdSchema('item'),
      lot_id: Nullable(IdSchema('lot')),
      quantity: Type.Integer(),
    }),
  ),
})

export const ProposePick = Type.Object({
  id: ItemRef,
  location_id: LocationRef,
  quantity: Quantity,
})
export type ProposePick = Static<typeof ProposePick>
export const PickLine = Type.Object({
  item_id: IdSchema('item'),
  location_id: IdSchema('location'),
  bin_id: Nullable(IdSchema('bin')),
  bin_code: Nullable(Type.String()),
  scan_code: Nullable(Type.String()),
  zone_id: Nullable(IdSchema('zone')),
  pick_sequence: Nullable(Type.Integer()),
  lot_id: Nullable(IdSchema('lot')),
  lot_number: Nullable(Type.String()),
  expires_on: Nullable(Type.String()),
  serial_numbers: Type.Array(Type.String()),
  quantity: Type.Integer(),
})
export type PickLine = Static<typeof PickLine>
export const PickProposal = Type.Object({
  lines: Type.Array(PickLine),
  missing: Type.Integer({ description: 'Units for which nothing can be proposed.' }),
})

export const LotMovement = Type.Object({
  id: IdSchema('movement'),
  sequence: Type.Integer(),
  item_id: IdSchema('item'),
  location_id: IdSchema('location'),
  state: State,
  bin_id: Nullable(IdSchema('bin')),
  lot_id: Nullable(IdSchema('lot')),
  quantity_delta: Type.Integer(),
  kind: Type.String(),
  reason: Nullable(Type.String()),
  reference_type: Nullable(Type.String()),
  reference_id: Nullable(Type.String()),
  actor: Type.String(),
  occurred_at: Instant,
})
export const LotHistory = PageOf(LotMovement)
export const ListLotHistory = Type.Object({ id: IdSchema('lot'), ...pageQuery })
export type ListLotHistory = Static<typeof ListLotHistory>
