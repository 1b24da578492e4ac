import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { CurrencyInput, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { LotUnits } from '../events.ts'
import { ItemRef, LocationRef, QUANTITY_MAX, Quantity, Reason, State } from '../schemas.ts'
import { UnitAmount, UnitCode } from '../units/schemas.ts'

const ITEMS_MAX = 1000
const LOTS_MAX = 100

const lots = Type.Optional(Type.Array(LotUnits, { maxItems: LOTS_MAX }))
const reference = {
  reference_type: Type.Optional(Text(50)),
  reference_id: Type.Optional(Text(100)),
}

export const AdjustItem = Type.Object({
  id: ItemRef,
  location_id: Type.Optional(LocationRef),
  quantity_delta: Type.Union(
    [
      Type.Integer({ minimum: -QUANTITY_MAX, maximum: QUANTITY_MAX }),
      Type.String({ pattern: '^-?\\d{1,10}(\\.\\d{1,6})?$', maxLength: 18 }),
    ],
    { description: 'Units that came (or, below zero, went); never 0.' },
  ),
  unit: Type.Optional(UnitCode),
  state: Type.Optional(State),
  reason: Type.Optional(Reason),
  lots,
})
export type AdjustItem = Static<typeof AdjustItem>

export const ChangeState = Type.Object({
  id: ItemRef,
  location_id: Type.Optional(LocationRef),
  quantity: UnitAmount,
  unit: Type.Optional(UnitCode),
  from: State,
  to: State,
  reason: Reason,
  lots,
})
export type ChangeState = Static<typeof ChangeState>

export const ReceiveItems = Type.Object({
  location_id: LocationRef,
  items: Type.Array(
    Type.Object({
      item_number: ItemRef,
      quantity: UnitAmount,
      unit: Type.Optional(UnitCode),
      state: Type.Optional(State),
      unit_cost: Type.Optional(MoneyInput),
      lots,
    }),
    { minItems: 1, maxItems: ITEMS_MAX },
  ),
  currency: Type.Optional(CurrencyInput),
  reason: Type.Optional(Reason),
  ...reference,
})
export type ReceiveItems = Static<typeof ReceiveItems>

export const PickItems = Type.Object({
  reference_id: Text(100),
  reference_type: Type.Optional(Text(50, { description: 'manual, if left out.' })),
  items: Type.Array(
    Type.Object({
      item_number: ItemRef,
      quantity: Quantity,
      location_id: Type.Optional(LocationRef),
      lots,
    }),
    { minItems: 1, maxItems: ITEMS_MAX },
  ),
})
export type PickItems = Static<typeof PickItems>

export const MovedUnits = Type.Object({
  items: Type.Array(
    Type.Object({
      item_id: IdSchema('item'),
      item_number: Type.String(),
      location_id: IdSchema('location'),
      quantity: Type.Integer({ description: 'In units of the item.' }),
    }),
  ),
  quantity: Type.Integer(),
})
export type MovedUnits = Static<typeof MovedUnits>

export const SetShelf = Type.Object({
  id: ItemRef,
  location_id: LocationRef,
  safety_stock: Type.Optional(
    Type.Integer({ minimum: 0, maximum: QUANTITY_MAX, description: 'Never promised to anyone.' }),
  ),
  reorder_point: Type.Optional(
    Nullable(Type.Integer({ minimum: 0, maximum: QUANTITY_MAX, description: "Else the item's." })),
  ),
  reorder_quantity: Type.Optional(Nullable(Quantity)),
})
export type SetShelf = Static<typeof SetShelf>

export const ListSuggestions = Type.Object({
  ...pageQuery,
  location_id: Type.Optional(LocationRef),
})
export type ListSuggestions = Static<typeof ListSuggestions>
const count = Type.Integer({ minimum: 0 })
export const ReorderSuggestion = Type.Object({
  item_id: IdSchema('item'),
  item_number: Type.String(),
  location_id: IdSchema('location'),
  location_code: Type.String(),
  available_quantity: count,
  in_transit_quantity: Type.Integer({ minimum: 0, description: 'On its way there.' }),
  backordered_quantity: Type.Integer({
    minimum: 0,
    description: 'Of the item, wherever it will be shipped from.',
  }),
  reorder_point: count,
  reorder_quantity: Nullable(Type.Integer()),
  suggested_quantity: Type.Integer({
    minimum: 1,
    description: 'The reorder quantity, or more if that would leave it low.',
  }),
  lead_time_days: Nullable(Type.Integer()),
})
export type ReorderSuggestion = Static<typeof ReorderSuggestion>
export const ReorderSuggestions = PageOf(ReorderSuggestion)

export const ListBackorders = Type.Object({
  ...pageQuery,
  product_id: Type.Optional(ItemRef),
  reference_id: Type.Optional(Text(100)),
})
export type ListBackorders = Static<typeof ListBackorders>
export const Backorder = Type.Object({
  id: IdSchema('reservation'),
  item_id: IdSchema('item'),
  item_number: Type.String(),
  quantity: Type.Integer(),
  kind: Type.Enum(['backorder', 'preorder']),
  promised_at: Nullable(Instant),
  reference_type: Type.String(),
  reference_id: Type.String(),
  created_at: Instant,
})
export type Backorder = Static<typeof Backorder>
export const Backorders = PageOf(Backorder)
