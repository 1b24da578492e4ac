import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { FULFILLMENT_STATUSES, orderLifecycle, PAYMENT_STATUSES } from './lifecycle.ts'

const order_id = IdSchema('order')

export const orderEvents = defineEvents('order', {
  created: {
    description: 'An order was placed and its stock reserved. Amounts are minor units.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      customer_id: IdSchema('customer'),
      currency: Currency,
      total_amount: Amount,
      lines: Type.Array(
        Type.Object({ sku: Type.String(), quantity: Type.Integer(), unit_amount: Amount }),
      ),
    }),
  },
  status_changed: {
    description: 'The order made a move of its lifecycle.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      old_status: orderLifecycle.schema,
      new_status: orderLifecycle.schema,
      reason: Nullable(Type.String()),
    }),
  },
  payment_status_changed: {
    description: 'How the order stands with its money changed.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      old_status: Type.Enum([...PAYMENT_STATUSES]),
      new_status: Type.Enum([...PAYMENT_STATUSES]),
    }),
  },
  cancelled: {
    description: 'The order was withdrawn and its stock given back.',
    entity: 'order_id',
    payload: Type.Object({ order_id, reason: Nullable(Type.String()) }),
  },
  shipped: {
    description: 'The last unit left; its stock is gone from the shelves.',
    entity: 'order_id',
    payload: Type.Object({ order_id, fulfillment_status: Type.Enum([...FULFILLMENT_STATUSES]) }),
  },
  completed: {
    description: 'The order arrived.',
    entity: 'order_id',
    payload: Type.Object({ order_id }),
  },
  archived: {
    description: 'The order was put away from the lists.',
    entity: 'order_id',
    payload: Type.Object({ order_id }),
  },
  deleted: {
    description: 'The order was removed; its stock was given back.',
    entity: 'order_id',
    payload: Type.Object({ order_id }),
  },
})
