import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

export const valuationEvents = defineEvents('valuation', {
  revalued: {
    description: 'Somebody said anew what all units of an item are worth.',
    entity: 'item_id',
    payload: Type.Object({
      item_id: IdSchema('item'),
      quantity: Type.Integer(),
      unit_cost_amount: Amount,
      currency: Currency,
      average_before_amount: Amount,
      fifo_before_amount: Amount,
      amount: Amount,
      reason: Nullable(Type.String()),
    }),
  },
})
