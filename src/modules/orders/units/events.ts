import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { FULFILLMENT_STATUSES, RETURN_STATUSES } from '../lifecycle.ts'

const order_id = IdSchema('order')
const units = Type.Array(
  Type.Object({ order_line_id: IdSchema('order_line'), quantity: Type.Integer() }),
)
const fulfillment_status = Type.Enum([...FULFILLMENT_STATUSES])

/** What becomes of the units of an order's lines. */
export const unitEvents = defineEvents('order', {
  units_cancelled: {
    description:
      'Open units of lines were withdrawn and their stock given back. `cancelled_amount` is what is owed no more of the whole order, in minor units. An order cancelled whole tells `order.cancelled` instead.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      order_change_id: IdSchema('order_change'),
      units,
      cancelled_amount: Amount,
      reason: Nullable(Type.String()),
    }),
  },
  units_fulfilled: {
    description: 'Units of lines have left.',
    entity: 'order_id',
    payload: Type.Object({ order_id, units, fulfillment_status }),
  },
  units_unfulfilled: {
    description: 'Units that had left are open again: they came back, or never went.',
    entity: 'order_id',
    payload: Type.Object({ order_id, units, fulfillment_status }),
  },
  units_returned: {
    description: 'Units that had left were returned; below zero, that was taken back.',
    entity: 'order_id',
    payload: Type.Object({ order_id, units, return_status: Type.Enum([...RETURN_STATUSES]) }),
  },
})
