import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { CurrencyInput, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, Nullable, Text } from '#kit/schemas'
import { LotUnits } from '../events.ts'
import { ItemRef, LocationRef, Quantity, State } from '../schemas.ts'
import { supplyLifecycle } from './lifecycle.ts'

const LOTS_MAX = 100
/** How far ahead promises are told, in days. */
export const HORIZON_MAX_DAYS = 366

export const Supply = Type.Object({
  id: IdSchema('supply'),
  item_id: IdSchema('item'),
  item_number: Type.String(),
  location_id: IdSchema('location'),
  quantity: Type.Integer(),
  received_quantity: Type.Integer(),
  expected_at: Instant,
  status: supplyLifecycle.schema,
  reference: Nullable(Type.String()),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Supply = Static<typeof Supply>
export const Supplies = PageOf(Supply)

export const ListSupplies = Type.Object({
  ...pageQuery,
  product_id: Type.Optional(ItemRef),
  location_id: Type.Optional(LocationRef),
  status: Type.Optional(supplyLifecycle.schema),
})
export type ListSupplies = Static<typeof ListSupplies>

const Reference = Text(100, { description: 'A purchase order’s or a container’s number.' })

export const ExpectSupply = Type.Object({
  item_number: ItemRef,
  location_id: LocationRef,
  quantity: Quantity,
  expected_at: InstantInput,
  reference: Type.Optional(Reference),
})
export type ExpectSupply = Static<typeof ExpectSupply>

const id = IdSchema('supply')
export const GetSupply = Type.Object({ id })
export type GetSupply = Static<typeof GetSupply>

export const ChangeSupply = Type.Object({
  id,
  quantity: Type.Optional(Quantity),
  expected_at: Type.Optional(InstantInput),
  reference: Type.Optional(Nullable(Reference)),
})
export type ChangeSupply = Static<typeof ChangeSupply>

export const ReceiveSupply = Type.Object({
  id,
  quantity: Type.Optional(
    Type.Integer({ minimum: 1, description: 'All that is still expected, if left out.' }),
  ),
  unit_cost: Type.Optional(MoneyInput),
  currency: Type.Optional(CurrencyInput),
  state: Type.Optional(State),
  lots: Type.Optional(Type.Array(LotUnits, { maxItems: LOTS_MAX })),
})
export type ReceiveSupply = Static<typeof ReceiveSupply>

export const GetPromise = Type.Object({
  id: ItemRef,
  location_id: Type.Optional(LocationRef),
  quantity: Type.Optional(Quantity),
  until: Type.Optional(
    Type.Unsafe<string>({ ...InstantInput, description: '90 days from now, if left out.' }),
  ),
})
export type GetPromise = Static<typeof GetPromise>

const count = Type.Integer()
const Day = Type.String({ format: 'date' })

export const AvailableToPromise = Type.Object(
  {
    item_id: IdSchema('item'),
    item_number: Type.String(),
    location_id: Nullable(IdSchema('location')),
    as_of: Instant,
    available_to_promise: Type.Integer({ description: 'What can be promised for today.' }),
    now: Type.Object({
      on_hand: count,
      reserved: count,
      safety_stock: count,
      available: Type.Integer({ description: 'on_hand − reserved − safety_stock, by shelf.' }),
      waiting: Type.Integer({ description: 'Units promised ahead whose date is over or unknown.' }),
    }),
    days: Type.Array(
      Type.Object({
        date: Day,
        supply: count,
        demand: Type.Integer({ description: 'Units promised ahead of stock for that day.' }),
        projected: Type.Integer({ description: 'What is left over by the end of that day.' }),
        available_to_promise: Type.Integer({
          description: 'The least that is left over from that day on: never below 0.',
        }),
      }),
      { description: 'Days on which something comes or is due, until the horizon.' },
    ),
    supplies: Type.Array(
      Type.Object({
        kind: Type.Enum(['supply', 'transfer']),
        id: Type.String(),
        reference: Nullable(Type.String()),
        location_id: IdSchema('location'),
        quantity: count,
        expected_at: Nullable(Instant),
        counts: Type.Boolean({
          description: 'False without a date, or when it is over: nobody knows when it comes.',
        }),
      }),
      { description: 'What is on its way, the nearest first; a hundred at most.' },
    ),
    quantity: Nullable(Type.Integer()),
    promise_date: Nullable(
      Type.String({
        format: 'date',
        description: 'The first day for which `quantity` can be promised.',
      }),
    ),
  },
  { description: 'What can be promised for which day, and what that is made of.' },
)
export type AvailableToPromise = Static<typeof AvailableToPromise>
