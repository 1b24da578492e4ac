import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { NewItem, OrderRef } from './schemas.ts'
import { Address } from './tables.ts'

/** What of an order costs nothing; null takes it away. */
export const DetailsInput = {
  shipping_address: Type.Optional(Nullable(Address)),
  billing_address: Type.Optional(Nullable(Address)),
  payment_method_id: Type.Optional(Nullable(Text(100))),
  notes: Type.Optional(Nullable(LongText(2000))),
  email: Type.Optional(
    Nullable(
      Type.String({ maxLength: 254, pattern: '^[^\\s@\\u0000-\\u001f]+@[^\\s@\\u0000-\\u001f]+$' }),
    ),
  ),
}
export const UpdateOrder = Type.Object({ id: OrderRef, ...DetailsInput })
export type UpdateOrder = Static<typeof UpdateOrder>

export const AddItem = Type.Object({ id: OrderRef, ...NewItem.properties })
export type AddItem = Static<typeof AddItem>

export const ChangeItem = Type.Object({
  id: OrderRef,
  item_id: IdSchema('order_line'),
  quantity: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    description: 'Below what the item has now; for more of it, add an item.',
  }),
})
export type ChangeItem = Static<typeof ChangeItem>

export const RemoveItem = Type.Object({ id: OrderRef, item_id: IdSchema('order_line') })
export type RemoveItem = Static<typeof RemoveItem>

export const AskHistory = Type.Object({ id: OrderRef, ...pageQuery })
export type AskHistory = Static<typeof AskHistory>

export const HistoryEntry = Type.Object({
  id: IdSchema('event'),
  sequence: Type.Integer({ description: 'Counts the events of the order from 1.' }),
  event: Type.String({ examples: ['order.status_changed'] }),
  occurred_at: Instant,
  actor: Nullable(Type.String({ description: 'Who did it; told to staff only.' })),
  changes: Type.Record(
    Type.String(),
    Type.Object({ before: Type.Unknown(), after: Type.Unknown() }),
    { description: 'What members of the order were before it and became by it.' },
  ),
  details: Type.Object({}, { additionalProperties: true }),
})
export type HistoryEntry = Static<typeof HistoryEntry>
export const OrderHistory = PageOf(HistoryEntry)
