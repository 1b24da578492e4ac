import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { Quantity } from '#modules/inventory'
import { State } from '../places/schemas.ts'
import { ItemRef, LocationRef } from '../tracking/schemas.ts'

export const SERIAL_STATUSES = ['in_stock', 'shipped', 'in_transit', 'removed'] as const
const SerialStatus = Type.Unsafe<(typeof SERIAL_STATUSES)[number]>(Type.Enum([...SERIAL_STATUSES]))
export const SerialNumber = Text(100, {
  description: 'Unique for its item, without regard to case.',
})

export const Serial = Type.Object({
  id: IdSchema('serial'),
  item_id: IdSchema('item'),
  item_number: Type.String(),
  serial_number: Type.String(),
  status: SerialStatus,
  location_id: Nullable(IdSchema('location')),
  state: Nullable(State),
  bin_id: Nullable(IdSchema('bin')),
  lot_id: Nullable(IdSchema('lot')),
  received_at: Instant,
  blocked_at: Nullable(Instant),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Serial = Static<typeof Serial>
export const Serials = PageOf(Serial)
export const ListSerials = Type.Object({
  ...pageQuery,
  item_id: Type.Optional(ItemRef),
  serial_number: Type.Optional(SerialNumber),
  location_id: Type.Optional(LocationRef),
  lot_id: Type.Optional(IdSchema('lot')),
  status: Type.Optional(SerialStatus),
})
export type ListSerials = Static<typeof ListSerials>
export const GetSerial = Type.Object({ id: IdSchema('serial') })
export type GetSerial = Static<typeof GetSerial>

export const SerialMoveTold = Type.Object({
  sequence: Type.Integer(),
  status: SerialStatus,
  location_id: Nullable(IdSchema('location')),
  state: Nullable(State),
  bin_id: Nullable(IdSchema('bin')),
  is_assumed: Type.Boolean({ description: 'Nobody named it: the rule chose it.' }),
  kind: Type.String(),
  reason: Nullable(Type.String()),
  reference_type: Nullable(Type.String()),
  reference_id: Nullable(Type.String()),
  actor: Type.String(),
  occurred_at: Instant,
})
export const SerialHistory = PageOf(SerialMoveTold)
export const ListSerialHistory = Type.Object({ id: IdSchema('serial'), ...pageQuery })
export type ListSerialHistory = Static<typeof ListSerialHistory>

const Made = Type.Object({
  lot_id: Type.Optional(IdSchema('lot')),
  serial_id: Type.Optional(IdSchema('serial')),
})
const Component = Type.Object({
  lot_id: Type.Optional(IdSchema('lot')),
  serial_id: Type.Optional(IdSchema('serial')),
  quantity: Quantity,
})
export const RecordConsumption = Type.Object({
  made: Made,
  components: Type.Array(Component, { minItems: 1, maxItems: 500 }),
  location_id: Type.Optional(
    Type.Union([Text(64), Type.Integer({ minimum: 1 })], {
      description: 'Where the components are taken from; without it their stock does not change.',
    }),
  ),
  reference_type: Type.Optional(Text(50)),
  reference_id: Type.Optional(Text(100)),
})
export type RecordConsumption = Static<typeof RecordConsumption>
export const RecordedConsumption = Type.Object({ links: Type.Integer() })

const Node = Type.Object({
  depth: Type.Integer({ description: '1 for what is next to it.' }),
  item_id: IdSchema('item'),
  item_number: Type.String(),
  lot_id: Nullable(IdSchema('lot')),
  lot_number: Nullable(Type.String()),
  serial_id: Nullable(IdSchema('serial')),
  serial_number: Nullable(Type.String()),
  quantity: Type.Integer({ description: 'Units that went from the one into the other.' }),
})
const Trade = Type.Object({
  kind: Type.String(),
  reference_type: Nullable(Type.String()),
  reference_id: Nullable(Type.String()),
  quantity: Type.Integer(),
  first_at: Instant,
})
export const Genealogy = Type.Object({
  made_of: Type.Array(Node),
  used_in: Type.Array(Node),
  receipts: Type.Array(Trade),
  shipments: Type.Array(Trade),
  is_complete: Type.Boolean({ description: 'False if there is more than is told here.' }),
})
export const GetLotGenealogy = Type.Object({ id: IdSchema('lot') })
