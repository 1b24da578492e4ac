import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { InstantInput, Text } from '#kit/schemas'
import { ItemRef, LocationRef, Quantity, Reservation } from '../schemas.ts'

const ITEMS_MAX = 100

export const ReserveMany = Type.Object({
  items: Type.Array(
    Type.Object({
      item_number: ItemRef,
      quantity: Quantity,
      location_id: Type.Optional(LocationRef),
    }),
    { minItems: 1, maxItems: ITEMS_MAX },
  ),
  reference_id: Type.Optional(Text(100)),
  reference_type: Type.Optional(Text(50)),
  expires_at: Type.Optional(InstantInput),
})
export type ReserveMany = Static<typeof ReserveMany>
export const ReservedMany = Type.Object({
  reference_type: Type.String(),
  reference_id: Type.String(),
  reservations: Type.Array(Reservation),
})
export type ReservedMany = Static<typeof ReservedMany>

export const ExtendReservation = Type.Object({
  id: IdSchema('reservation'),
  expires_at: InstantInput,
})
export type ExtendReservation = Static<typeof ExtendReservation>
