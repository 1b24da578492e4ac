import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { KINDS, promotionLifecycle } from './lifecycle.ts'

const promotion_id = IdSchema('promotion')
const Redeemed = Type.Object({
  redemption_id: IdSchema('redemption'),
  promotion_id,
  code: Nullable(Type.String()),
  order_id: IdSchema('order'),
  customer_id: IdSchema('customer'),
  currency: Currency,
  amount: Amount,
})

// A redemption is the entity of its own two events, and not its promotion: else all orders with
// one popular promotion would queue for the next number of its history.
export const promotionEvents = defineEvents('promotion', {
  created: {
    description: 'A promotion was drawn up.',
    entity: 'promotion_id',
    payload: Type.Object({
      promotion_id,
      name: Type.String(),
      kind: Type.Enum([...KINDS]),
      code: Nullable(Type.String()),
      automatic: Type.Boolean(),
      status: promotionLifecycle.schema,
    }),
  },
  updated: {
    description: 'The terms of a promotion changed.',
    entity: 'promotion_id',
    payload: Type.Object({ promotion_id, name: Type.String(), version: Type.Integer() }),
  },
  status_changed: {
    description: 'A promotion was activated, paused or archived.',
    entity: 'promotion_id',
    payload: Type.Object({
      promotion_id,
      old_status: promotionLifecycle.schema,
      new_status: promotionLifecycle.schema,
    }),
  },
  codes_created: {
    description: 'A promotion got codes of its own by the dozen.',
    entity: 'promotion_id',
    payload: Type.Object({ promotion_id, count: Type.Integer() }),
  },
  redeemed: {
    description: 'An order used a promotion. The amount is what it took off, in minor units.',
    entity: 'redemption_id',
    payload: Redeemed,
  },
  given_back: {
    description: 'An order was withdrawn, so its use of a promotion counts no more.',
    entity: 'redemption_id',
    payload: Redeemed,
  },
})
