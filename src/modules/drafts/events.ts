import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const of = { draft_id: IdSchema('draft'), customer_id: IdSchema('customer') }

export const draftEvents = defineEvents('draft', {
  created: {
    description: 'Staff began a draft of an order.',
    entity: 'draft_id',
    payload: Type.Object(of),
  },
  updated: {
    description: 'A draft was changed; one that was sent is offered no more.',
    entity: 'draft_id',
    payload: Type.Object({ ...of, members: Type.Array(Type.String()) }),
  },
  sent: {
    description: 'A draft was offered to its buyer; minor units. The link is told to staff only.',
    entity: 'draft_id',
    payload: Type.Object({
      ...of,
      currency: Currency,
      total_amount: Amount,
      expires_at: Nullable(Type.String()),
    }),
  },
  completed: {
    description: 'A draft became an order.',
    entity: 'draft_id',
    payload: Type.Object({
      ...of,
      order_id: IdSchema('order'),
      placed_by: Type.Enum(['staff', 'buyer']),
    }),
  },
  cancelled: {
    description: 'Staff withdrew a draft; what it held was given back.',
    entity: 'draft_id',
    payload: Type.Object(of),
  },
  expired: {
    description: 'The time of a draft is over; what it held was given back.',
    entity: 'draft_id',
    payload: Type.Object(of),
  },
})
