import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable, Text } from '#kit/schemas'
import { TRACKINGS } from '../keeping/posted.ts'

export const ItemRef = Text(100, { description: "The item's id, number or SKU." })
export const LocationRef = Type.Union([Text(64), Type.Integer({ minimum: 1 })], {
  description: "The location's id, number or code.",
})
/** A day of the calendar, in UTC. */
export const Day = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  minLength: 10,
  maxLength: 10,
  format: 'date',
  description: 'A day, such as 2027-05-31.',
})

const AbcClass = Type.Unsafe<'A' | 'B' | 'C'>(Type.Enum(['A', 'B', 'C']))
const TrackingWord = Type.Unsafe<(typeof TRACKINGS)[number]>(Type.Enum([...TRACKINGS]))
const Days = Type.Integer({ minimum: 0, maximum: 36_500 })

export const ItemTracking = Type.Object({
  item_id: IdSchema('item'),
  item_number: Type.String(),
  tracking: TrackingWord,
  makes_lots: Type.Boolean({
    description: 'Units that come without a lot get one of the day; else they are refused.',
  }),
  shelf_life_days: Nullable(Days),
  pick_days_min: Nullable(
    Type.Integer({ description: 'A lot with fewer good days left is not picked for buyers.' }),
  ),
  abc_class: Nullable(AbcClass),
  version: Type.Integer({ description: '0 while nothing was ever set.' }),
  updated_at: Nullable(Instant),
})
export type ItemTracking = Static<typeof ItemTracking>

export const GetTracking = Type.Object({ id: ItemRef })
export type GetTracking = Static<typeof GetTracking>

export const SetTracking = Type.Object({
  id: ItemRef,
  tracking: Type.Optional(TrackingWord),
  makes_lots: Type.Optional(Type.Boolean()),
  shelf_life_days: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 36_500 }))),
  pick_days_min: Type.Optional(Nullable(Days)),
  abc_class: Type.Optional(Nullable(AbcClass)),
  opening_lot_number: Type.Optional(
    Text(100, { description: 'Of the units that are there when lots begin; OPENING unless said.' }),
  ),
})
export type SetTracking = Static<typeof SetTracking>
