import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { fulfilmentOrderLifecycle, HOLD_REASONS } from './lifecycle.ts'

const { Optional } = Type
const location = Text(64, { description: "The location's id, number or code." })

export const FulfilmentOrderItem = Type.Object({
  order_line_id: IdSchema('order_line'),
  item_id: Nullable(IdSchema('item')),
  variant_id: IdSchema('variant'),
  sku: Type.String(),
  name: Type.String(),
  quantity: Type.Integer({ description: 'To be done or done here.' }),
  picking_quantity: Type.Integer({ description: 'On a pick list, not picked yet.' }),
  picked_quantity: Type.Integer(),
  packed_quantity: Type.Integer(),
  shipped_quantity: Type.Integer(),
  withdrawn_quantity: Type.Integer({ description: 'Was to be done here once.' }),
})

export const Hold = Type.Object({
  reason: Type.Enum([...HOLD_REASONS]),
  note: Nullable(Type.String()),
  held_by: Type.String(),
  held_at: Instant,
})

export const FulfilmentOrder = Type.Object({
  id: IdSchema('fulfilment_order'),
  number: Type.String({ examples: ['1000001-F1'] }),
  order_id: IdSchema('order'),
  order_number: Type.String({ examples: ['ORD-1000001'] }),
  order_status: Type.String({ description: 'When the work ended, the status that it had then.' }),
  status: fulfilmentOrderLifecycle.schema,
  status_reason: Nullable(Type.String()),
  location_id: Nullable(IdSchema('location')),
  routed_by: Type.Object({
    rule: Type.String({ description: 'The code of the rule that chose the location.' }),
    explanation: Type.String(),
  }),
  is_ready: Type.Boolean({
    description: 'Whether it may be picked now: not held, not awaited, and its order confirmed.',
  }),
  holds: Type.Array(Hold),
  fulfil_at: Nullable(Instant),
  due_at: Nullable(Instant),
  promised_at: Nullable(Instant),
  note: Nullable(Type.String()),
  items: Type.Array(FulfilmentOrderItem),
  open_moves: Type.Array(Type.String()),
  started_at: Nullable(Instant),
  packed_at: Nullable(Instant),
  closed_at: Nullable(Instant),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type FulfilmentOrder = Static<typeof FulfilmentOrder>

export const FulfilmentRef = Text(64, {
  description: "The fulfilment order's id or its number (`1000001-F1`).",
})
export const GetFulfilmentOrder = Type.Object({ id: FulfilmentRef })
export type GetFulfilmentOrder = Static<typeof GetFulfilmentOrder>

export const OrderRef = Text(64, { description: "The order's id or its number (`ORD-1000001`)." })
export const OfOrder = Type.Object({ id: OrderRef })
export type OfOrder = Static<typeof OfOrder>
export const OrdersWork = Type.Object({
  items: Type.Array(FulfilmentOrder),
  unrouted: Type.Array(
    Type.Object({
      order_line_id: IdSchema('order_line'),
      sku: Type.String(),
      quantity: Type.Integer(),
    }),
    { description: 'Units that must leave and have no work; downloads are none.' },
  ),
})
export type OrdersWork = Static<typeof OrdersWork>

const statuses = Type.Unsafe<FulfilmentOrder['status'] | 'live'>(
  Type.Enum([...fulfilmentOrderLifecycle.states, 'live'], {
    description: '`live`: all in which there is something left to do.',
  }),
)
export const ListFulfilmentOrders = Type.Object({
  ...pageQuery,
  location_id: Optional(location),
  status: Optional(statuses),
  order_id: Optional(OrderRef),
  sku: Optional(Text(100)),
  on_hold: Optional(Type.Boolean()),
  hold_reason: Optional(Type.Enum([...HOLD_REASONS])),
  is_ready: Optional(Type.Boolean({ description: 'Only those that may be picked now, or not.' })),
  due_before: Optional(InstantInput),
  due_after: Optional(InstantInput),
  sort_by: Optional(Type.Enum(['created_at', 'due_at'], { default: 'created_at' })),
})
export type ListFulfilmentOrders = Static<typeof ListFulfilmentOrders>
export const FulfilmentOrders = PageOf(FulfilmentOrder)

export const GetBoard = Type.Object({ location_id: Optional(location) })
export type GetBoard = Static<typeof GetBoard>
export const Board = Type.Object({
  locations: Type.Array(
    Type.Object({
      location_id: Nullable(IdSchema('location')),
      waiting: Type.Integer(),
      scheduled: Type.Integer(),
      open: Type.Integer(),
      in_progress: Type.Integer(),
      on_hold: Type.Integer({ description: 'Of all of these, those that are held.' }),
      overdue: Type.Integer({ description: 'Of all of these, those whose time is over.' }),
    }),
    { description: 'Null is where backordered units wait.' },
  ),
})
export type Board = Static<typeof Board>

const units = (description: string) =>
  Type.Array(
    Type.Object({
      order_line_id: IdSchema('order_line'),
      quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    }),
    { minItems: 1, maxItems: 500, description },
  )
const reason = Optional(Nullable(LongText(500)))

export const UpdateFulfilmentOrder = Type.Object({
  id: FulfilmentRef,
  fulfil_at: Optional(Nullable(InstantInput)),
  due_at: Optional(Nullable(InstantInput)),
  note: Optional(Nullable(LongText(2000))),
})
export type UpdateFulfilmentOrder = Static<typeof UpdateFulfilmentOrder>

export const MoveFulfilmentOrder = Type.Object({
  id: FulfilmentRef,
  location_id: location,
  items: Optional(units('What moves; all that is left unless said.')),
  reason,
})
export type MoveFulfilmentOrder = Static<typeof MoveFulfilmentOrder>

export const SplitFulfilmentOrder = Type.Object({
  id: FulfilmentRef,
  items: units('What becomes a fulfilment order of its own.'),
})
export type SplitFulfilmentOrder = Static<typeof SplitFulfilmentOrder>

export const MergeFulfilmentOrders = Type.Object({
  id: FulfilmentRef,
  fulfilment_order_ids: Type.Array(FulfilmentRef, { minItems: 1, maxItems: 50 }),
})
export type MergeFulfilmentOrders = Static<typeof MergeFulfilmentOrders>

export const HoldFulfilmentOrder = Type.Object({
  id: FulfilmentRef,
  reason: Type.Enum([...HOLD_REASONS]),
  note: Optional(Nullable(LongText(500))),
})
export type HoldFulfilmentOrder = Static<typeof HoldFulfilmentOrder>

export const ReleaseFulfilmentOrder = Type.Object({
  id: FulfilmentRef,
  reason: Optional(
    Type.Unsafe<(typeof HOLD_REASONS)[number]>(
      Type.Enum([...HOLD_REASONS], { description: 'All holds unless one is named.' }),
    ),
  ),
})
export type ReleaseFulfilmentOrder = Static<typeof ReleaseFulfilmentOrder>

export const CancelFulfilmentOrder = Type.Object({
  id: FulfilmentRef,
  reason,
  cancel_units: Optional(
    Type.Boolean({
      default: false,
      description: "Whether the order's units are cancelled too; else they wait to be routed.",
    }),
  ),
})
export type CancelFulfilmentOrder = Static<typeof CancelFulfilmentOrder>

export const GiveUpFulfilmentOrder = Type.Object({ id: FulfilmentRef, reason })
export type GiveUpFulfilmentOrder = Static<typeof GiveUpFulfilmentOrder>
