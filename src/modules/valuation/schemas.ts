import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, Nullable, Text } from '#kit/schemas'
import { ItemRef, LocationRef, Reason } from '#modules/inventory'
import { COST_SOURCES } from './plan.ts'

export const METHODS = ['moving_average', 'fifo'] as const
export type Method = (typeof METHODS)[number]

const method = Type.Optional(
  Type.Enum([...METHODS], { description: 'Which value is told as `value`; else the setting.' }),
)
const as_of = Type.Optional(
  Type.Unsafe<string>({ ...InstantInput, description: 'The instant asked for; now, if left out.' }),
)

const value = {
  quantity: Type.Integer({ minimum: 0, description: 'On shelves in any state, and in transit.' }),
  currency: Nullable(Currency),
  method: Type.Enum([...METHODS]),
  value: Nullable(Money),
  unit_cost: Nullable(Money),
  average_value: Nullable(Money),
  fifo_value: Nullable(Money),
  last_unit_cost: Nullable(Money),
}

export const ItemValue = Type.Object(
  {
    item_id: IdSchema('item'),
    item_number: Type.String(),
    ...value,
    location_quantity: Type.Optional(
      Type.Integer({ description: 'Units at the location that was asked for.' }),
    ),
    location_value: Type.Optional(Nullable(Money)),
  },
  {
    description:
      'What the units of an item are worth by the chosen method, and by both. Amounts are null ' +
      'until a cost was told. `unit_cost` is rounded half up.',
  },
)
export type ItemValue = Static<typeof ItemValue>

export const GetValue = Type.Object({
  id: ItemRef,
  as_of,
  method,
  location_id: Type.Optional(LocationRef),
})
export type GetValue = Static<typeof GetValue>

export const ListValues = Type.Object({
  ...pageQuery,
  as_of,
  method,
  location_id: Type.Optional(LocationRef),
  search: Type.Optional(Text(100, { description: 'The beginning of a SKU, any case.' })),
  unvalued: Type.Optional(
    Type.Boolean({ description: 'Only items with units that nobody told the cost of.' }),
  ),
})
export type ListValues = Static<typeof ListValues>
export const ItemValues = PageOf(ItemValue)

export const SumValues = Type.Object({ as_of, method })
export type SumValues = Static<typeof SumValues>
export const ValueSummary = Type.Object({
  as_of: Instant,
  method: Type.Enum([...METHODS]),
  currencies: Type.Array(
    Type.Object({
      currency: Currency,
      items: Type.Integer(),
      quantity: Type.Integer(),
      value: Money,
      average_value: Money,
      fifo_value: Money,
    }),
  ),
  unvalued: Type.Object(
    { items: Type.Integer(), quantity: Type.Integer() },
    { description: 'Items with units that count as worth nothing, because nobody told a cost.' },
  ),
})
export type ValueSummary = Static<typeof ValueSummary>

export const ListOfItem = Type.Object({ ...pageQuery, id: ItemRef })
export type ListOfItem = Static<typeof ListOfItem>

export const ValueEntry = Type.Object({
  sequence: Type.Integer(),
  kind: Type.String({
    description: 'The kind of the movement, or `lost` (in transit), `revalued`, `opening`.',
  }),
  movement_id: Nullable(IdSchema('movement')),
  cost_source: Nullable(Type.Enum(Object.keys(COST_SOURCES) as (keyof typeof COST_SOURCES)[])),
  quantity_delta: Type.Integer(),
  currency: Nullable(Currency),
  average_delta: Nullable(Money),
  fifo_delta: Nullable(Money),
  quantity_after: Type.Integer(),
  average_after: Nullable(Money),
  fifo_after: Nullable(Money),
  reason: Nullable(Type.String()),
  reference_type: Nullable(Type.String()),
  reference_id: Nullable(Type.String()),
  actor: Type.String(),
  occurred_at: Instant,
})
export type ValueEntry = Static<typeof ValueEntry>
export const ValueEntries = PageOf(ValueEntry)

export const CostLayer = Type.Object({
  sequence: Type.Integer(),
  movement_id: Nullable(IdSchema('movement')),
  quantity: Type.Integer({ description: 'Units that came in.' }),
  left_quantity: Type.Integer({ description: 'Units of them that are still there.' }),
  left_value: Nullable(Money),
  unit_cost: Nullable(Money),
  received_at: Instant,
})
export type CostLayer = Static<typeof CostLayer>
export const CostLayers = PageOf(CostLayer)

export const RevalueItem = Type.Object({
  id: ItemRef,
  unit_cost: MoneyInput,
  currency: Type.Optional(CurrencyInput),
  reason: Type.Optional(Reason),
})
export type RevalueItem = Static<typeof RevalueItem>
