import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { LotUnits } from './events.ts'
import { reservationLifecycle } from './lifecycle.ts'
import { STOCK_STATES } from './states.ts'
import { WHY } from './why.ts'

export const QUANTITY_MAX = 1_000_000_000

export const Sku = Text(100, { description: 'Unique without regard to case.' })
export const Quantity = Type.Integer({ minimum: 1, maximum: QUANTITY_MAX })
export const ItemRef = Text(100, { description: "The item's id, number or SKU." })
export const LocationRef = Type.Union([Text(64), Type.Integer({ minimum: 1 })], {
  description: "The location's id, number or code.",
})
export const Reason = Text(200)
export const State = Type.Enum([...STOCK_STATES])

const Quantities = Type.Object({
  on_hand: Type.String({ description: 'Units a picker can count.' }),
  allocated: Type.String({ description: 'Units promised to orders and other holders.' }),
  available: Type.String({ description: 'on_hand − allocated − safety_stock, never below 0.' }),
  safety_stock: Type.String({ description: 'Units that are never promised.' }),
  by_state: Type.Object({
    sellable: Type.String(),
    quarantine: Type.String(),
    damaged: Type.String(),
    expired: Type.String(),
  }),
})

export const ItemLocation = Type.Object({
  id: IdSchema('location'),
  location_id: Type.Integer({ description: "The location's number." }),
  location_name: Type.String(),
  quantities: Quantities,
  reorder_point: Nullable(Type.Integer({ description: "Its own; the item's counts where null." })),
  reorder_quantity: Nullable(Type.Integer()),
  version: Type.Integer(),
  updated_at: Instant,
})

export const InventoryItem = Type.Object({
  id: IdSchema('item'),
  inventory_item_id: Type.Integer({ description: "The item's number." }),
  item_number: Sku,
  description: Nullable(Type.String()),
  primary_uom_code: Type.String(),
  reorder_point: Nullable(Type.Integer()),
  reorder_quantity: Nullable(Type.Integer()),
  backorder_limit: Type.Integer({ description: 'Units that may wait for stock; 0 for none.' }),
  backordered: Type.Integer({ description: 'Units that do wait for stock.' }),
  preorder_until: Nullable(Instant),
  lead_time_days: Nullable(Type.Integer()),
  quantities: Quantities,
  locations: Type.Array(ItemLocation),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type InventoryItem = Static<typeof InventoryItem>

export const GetItem = Type.Object({ id: ItemRef })
export const ListItems = Type.Object({
  ...pageQuery,
  product_id: Type.Optional(ItemRef),
  location_id: Type.Optional(LocationRef),
  low_stock: Type.Optional(Type.Boolean()),
  search: Type.Optional(Text(100, { description: 'The beginning of a SKU, any case.' })),
})
export type ListItems = Static<typeof ListItems>
export const ListLowStock = Type.Object({
  ...pageQuery,
  threshold: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: QUANTITY_MAX,
      description: "Available at most this; without it each item's reorder point, else 10.",
    }),
  ),
  location_id: Type.Optional(LocationRef),
})
export type ListLowStock = Static<typeof ListLowStock>
export const Items = PageOf(InventoryItem)

const itemFields = {
  description: Type.Optional(Nullable(LongText(500))),
  primary_uom_code: Type.Optional(Text(20)),
  reorder_point: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: QUANTITY_MAX }))),
  reorder_quantity: Type.Optional(Nullable(Quantity)),
  backorder_limit: Type.Optional(
    Type.Integer({ minimum: 0, maximum: QUANTITY_MAX, description: 'What may wait for stock.' }),
  ),
  preorder_until: Type.Optional(Nullable(InstantInput)),
  lead_time_days: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 3650 }))),
  reason: Type.Optional(Reason),
}
export const CreateItem = Type.Object({
  item_number: Sku,
  location_id: LocationRef,
  quantity_on_hand: Type.Integer({ minimum: 0, maximum: QUANTITY_MAX }),
  ...itemFields,
})
export type CreateItem = Static<typeof CreateItem>
export const UpdateItem = Type.Object({
  id: ItemRef,
  location_id: Type.Optional(LocationRef),
  on_hand: Type.Optional(Type.Integer({ minimum: 0, maximum: QUANTITY_MAX })),
  ...itemFields,
})
export type UpdateItem = Static<typeof UpdateItem>

export const ReserveItem = Type.Object({
  id: ItemRef,
  location_id: Type.Optional(LocationRef),
  quantity: Quantity,
  reference_id: Type.Optional(Text(100)),
  reference_type: Type.Optional(Text(50)),
  order_id: Type.Optional(Text(100, { description: 'The same as `reference_id`.' })),
  expires_at: Type.Optional(InstantInput),
})
export type ReserveItem = Static<typeof ReserveItem>
export const Reserved = Type.Object({
  reservation_id: Type.String({ description: 'The reference: all that is held under it.' }),
  reservations: Type.Array(IdSchema('reservation')),
  location: ItemLocation,
})
export const ReleaseItem = Type.Object({
  id: ItemRef,
  location_id: Type.Optional(LocationRef),
  quantity: Quantity,
  reference_id: Type.Optional(Text(100)),
})
export type ReleaseItem = Static<typeof ReleaseItem>

const Adjustment = Type.Object({
  item_number: ItemRef,
  location_id: LocationRef,
  quantity_delta: Type.Integer({ minimum: -QUANTITY_MAX, maximum: QUANTITY_MAX }),
  reason: Type.Optional(Reason),
})
export const BulkAdjust = Type.Object({
  adjustments: Type.Array(Adjustment, { minItems: 1, maxItems: 100 }),
})
export type BulkAdjust = Static<typeof BulkAdjust>
export const BulkAdjusted = Type.Object({
  successful: Type.Integer(),
  failed: Type.Integer(),
  errors: Type.Array(
    Type.Object({
      index: Type.Integer(),
      item_number: Type.String(),
      code: Type.String(),
      error: Type.String(),
    }),
  ),
})

export const Reservation = Type.Object({
  id: IdSchema('reservation'),
  product_id: IdSchema('item'),
  location_id: Nullable(IdSchema('location')),
  quantity: Type.Integer(),
  status: reservationLifecycle.schema,
  why: Nullable(Type.Enum(Object.values(WHY), { description: 'What chose the location.' })),
  promised_at: Nullable(Instant),
  reference_id: Type.String(),
  reference_type: Type.String(),
  expires_at: Nullable(Instant),
  is_expired: Type.Boolean(),
  created_at: Instant,
  updated_at: Instant,
})
export const GetReservation = Type.Object({ id: IdSchema('reservation') })
export const ListReservations = Type.Object({
  ...pageQuery,
  status: Type.Optional(reservationLifecycle.schema),
  product_id: Type.Optional(ItemRef),
  reference_id: Type.Optional(Text(100)),
  include_expired: Type.Optional(Type.Boolean({ default: false })),
})
export type ListReservations = Static<typeof ListReservations>
export const Reservations = PageOf(Reservation)
export const ReservationStats = Type.Object({
  total_reservations: Type.Integer(),
  active_reservations: Type.Integer(),
  expired_not_cleaned: Type.Integer(),
  expiring_within_24h: Type.Integer(),
  stats_at: Instant,
})
export const CleanedUp = Type.Object({
  expired_count: Type.Integer(),
  already_expired_count: Type.Integer(),
  cleaned_at: Instant,
})

export const StockMovement = Type.Object({
  id: IdSchema('movement'),
  sequence: Type.Integer(),
  item_id: IdSchema('item'),
  location_id: IdSchema('location'),
  kind: Type.String(),
  quantity_delta: Type.Integer({
    description: 'What the units for sale changed by; 0 if they were and stay kept back.',
  }),
  state_from: Nullable(State),
  state_to: Nullable(State),
  quantity: Type.Integer({ minimum: 1 }),
  lots: Nullable(Type.Array(LotUnits)),
  unit_cost: Nullable(Money),
  currency: Nullable(Currency),
  reason: Nullable(Type.String()),
  reference_type: Nullable(Type.String()),
  reference_id: Nullable(Type.String()),
  actor: Type.String(),
  occurred_at: Instant,
})
export const ListMovements = Type.Object({ ...pageQuery, id: ItemRef })
export const Movements = PageOf(StockMovement)
