import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { pickListLifecycle, SHORT_REASONS } from '../lifecycle.ts'
import { FulfilmentOrder, FulfilmentRef, OrderRef } from '../schemas.ts'

const { Optional } = Type

/** The most fulfilment orders of one list. */
export const WAVE_MAX = 200

export const PickItem = Type.Object({
  id: IdSchema('pick_item'),
  fulfilment_order_id: IdSchema('fulfilment_order'),
  order_id: IdSchema('order'),
  order_line_id: IdSchema('order_line'),
  item_id: Nullable(IdSchema('item')),
  sku: Type.String(),
  name: Type.String(),
  bin_id: Nullable(IdSchema('bin')),
  bin_code: Nullable(Type.String()),
  lot_id: Nullable(IdSchema('lot')),
  lot_number: Nullable(Type.String()),
  has_serials: Type.Boolean({ description: 'Each unit is scanned by its own number.' }),
  quantity: Type.Integer(),
  picked_quantity: Type.Integer(),
  short_quantity: Type.Integer(),
  withdrawn_quantity: Type.Integer(),
  left_quantity: Type.Integer({ description: 'Still to pick.' }),
})
export type PickItem = Static<typeof PickItem>

const summary = {
  id: IdSchema('pick_list'),
  number: Type.String({ examples: ['PICK-1001'] }),
  location_id: IdSchema('location'),
  status: pickListLifecycle.schema,
  assigned_to: Nullable(IdSchema('user')),
  note: Nullable(Type.String()),
  quantity: Type.Integer(),
  picked_quantity: Type.Integer(),
  left_quantity: Type.Integer(),
  started_at: Nullable(Instant),
  finished_at: Nullable(Instant),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
}
export const PickListSummary = Type.Object(summary)
export type PickListSummary = Static<typeof PickListSummary>
export const PickList = Type.Object({
  ...summary,
  items: Type.Array(PickItem, { description: 'In the order of the walk.' }),
})
export type PickList = Static<typeof PickList>
export const NewPickList = Type.Object({
  ...PickList.properties,
  skipped: Type.Array(Type.Object({ number: Type.String(), problem: Type.String() }), {
    description: 'Fulfilment orders that were asked for and cannot be picked now.',
  }),
})
export type NewPickList = Static<typeof NewPickList>

export const CreatePickList = Type.Object({
  location_id: Text(64, { description: "The location's id, number or code." }),
  fulfilment_order_ids: Optional(
    Type.Array(FulfilmentRef, {
      minItems: 1,
      maxItems: WAVE_MAX,
      description: 'Without it, what is ready there: what is due first, then the oldest.',
    }),
  ),
  due_before: Optional(InstantInput),
  orders_max: Optional(
    Type.Integer({ minimum: 1, maximum: WAVE_MAX, default: 20, description: 'Without ids.' }),
  ),
  assigned_to: Optional(Nullable(IdSchema('user'))),
  note: Optional(Nullable(LongText(500))),
})
export type CreatePickList = Static<typeof CreatePickList>

const ListRef = Text(64, { description: "The list's id or its number (`PICK-1001`)." })
export const GetPickList = Type.Object({ id: ListRef })
export type GetPickList = Static<typeof GetPickList>
export const ListPickLists = Type.Object({
  ...pageQuery,
  location_id: Optional(Text(64)),
  status: Optional(pickListLifecycle.schema),
  assigned_to: Optional(IdSchema('user')),
})
export type ListPickLists = Static<typeof ListPickLists>
export const PickLists = PageOf(PickListSummary)

export const AssignPickList = Type.Object({ id: ListRef, assigned_to: Nullable(IdSchema('user')) })
export type AssignPickList = Static<typeof AssignPickList>

const Units = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const ItemId = IdSchema('pick_item')
const Serials = Type.Array(Text(100), { minItems: 1, maxItems: 1000 })

export const ScanPickList = Type.Object({
  id: ListRef,
  code: Text(100, { description: 'A SKU, a GTIN, a lot, a serial number, or a bin.' }),
  bin: Optional(Text(100, { description: 'The bin that the picker stands at, by its code.' })),
  quantity: Optional(
    Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1, description: 'Of one place.' }),
  ),
})
export type ScanPickList = Static<typeof ScanPickList>
export const Scanned = Type.Object({
  matched: Type.Enum(['bin', 'lot', 'sku', 'gtin', 'serial']),
  item: Nullable(PickItem),
  here: Type.Array(PickItem, { description: 'What is left to pick at the bin that was scanned.' }),
  list: PickListSummary,
})
export type Scanned = Static<typeof Scanned>

export const PickByHand = Type.Object({
  id: ListRef,
  item_id: ItemId,
  quantity: Optional(
    Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'All that is left unless said.' }),
  ),
  serial_numbers: Optional(Serials),
})
export type PickByHand = Static<typeof PickByHand>

export const ReportShort = Type.Object({
  id: ListRef,
  item_id: ItemId,
  quantity: Optional(
    Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'All that is left unless said.' }),
  ),
  reason: Type.Enum([...SHORT_REASONS]),
  note: Optional(Nullable(LongText(500))),
  outcome: Optional(
    Type.Unsafe<'keep' | 'reroute' | 'backorder'>(
      Type.Enum(['keep', 'reroute', 'backorder'], {
        default: 'keep',
        description:
          '`keep`: to be picked here later. `reroute`: from another location. `backorder`: what is ' +
          'missing leaves the books of this shelf, and the units are promised anew: elsewhere, or ' +
          'once stock comes in.',
      }),
    ),
  ),
  write_off: Optional(
    Type.Boolean({
      default: false,
      description: 'Whether rerouted units leave the books of this shelf too.',
    }),
  ),
})
export type ReportShort = Static<typeof ReportShort>

export const FinishPickList = Type.Object({
  id: ListRef,
  leave_rest: Optional(
    Type.Boolean({ default: false, description: 'What is left may go on another list.' }),
  ),
})
export type FinishPickList = Static<typeof FinishPickList>

const PickedUnits = Type.Array(
  Type.Object({
    order_line_id: IdSchema('order_line'),
    quantity: Units,
    serial_numbers: Optional(Serials),
  }),
  { minItems: 1, maxItems: 500, description: 'All that is left to pick unless said.' },
)
export const PickDirectly = Type.Object({ id: FulfilmentRef, items: Optional(PickedUnits) })
export type PickDirectly = Static<typeof PickDirectly>
export type PickedUnits = Static<typeof PickedUnits>
export const PickOrder = Type.Object({ id: OrderRef })
export type PickOrder = Static<typeof PickOrder>
export const OrderPicked = Type.Object({
  order_id: IdSchema('order'),
  picked_quantity: Type.Integer({ description: 'Units picked by this call.' }),
  fulfilment_orders: Type.Array(FulfilmentOrder),
})
export type OrderPicked = Static<typeof OrderPicked>

export const PutBack = Type.Object({
  id: FulfilmentRef,
  items: Type.Array(Type.Object({ order_line_id: IdSchema('order_line'), quantity: Units }), {
    minItems: 1,
    maxItems: 500,
  }),
})
export type PutBack = Static<typeof PutBack>
