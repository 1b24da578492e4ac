import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const order_id = IdSchema('order')
const order_change_id = IdSchema('order_change')

/** The order's total after it, and what of that is owed, in minor units. */
const costs = { total_amount: Amount, owed_amount: Amount, currency: Currency }

/** What becomes of a placed order by changes of it. */
export const changeEvents = defineEvents('order', {
  change_begun: {
    description: 'A set of changes was begun; the order is as it was.',
    entity: 'order_id',
    payload: Type.Object({ order_id, order_change_id }),
  },
  change_abandoned: {
    description: 'A set of changes was given up; the order is as it was.',
    entity: 'order_id',
    payload: Type.Object({ order_id, order_change_id }),
  },
  changed: {
    description:
      'A set of changes was applied: lines whose units or price changed (a line that was added had none before), and members that cost nothing.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      order_change_id,
      lines: Type.Array(
        Type.Object({
          order_line_id: IdSchema('order_line'),
          old_quantity: Type.Integer(),
          new_quantity: Type.Integer(),
        }),
      ),
      members: Type.Array(Type.String()),
      ...costs,
    }),
  },
  merged: {
    description: 'Other orders became part of this one; each of them is cancelled by that.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      order_change_id,
      merged_order_ids: Type.Array(IdSchema('order')),
      /** Which line each line of them has become. */
      lines: Type.Array(
        Type.Object({
          from_order_id: IdSchema('order'),
          from_order_line_id: IdSchema('order_line'),
          order_line_id: IdSchema('order_line'),
          quantity: Type.Integer(),
        }),
      ),
      reason: Nullable(Type.String()),
      ...costs,
    }),
  },
  split: {
    description: 'Units of this order became an order of their own.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      order_change_id,
      new_order_id: IdSchema('order'),
      lines: Type.Array(
        Type.Object({
          from_order_line_id: IdSchema('order_line'),
          order_line_id: IdSchema('order_line'),
          quantity: Type.Integer(),
        }),
      ),
      reason: Nullable(Type.String()),
      ...costs,
    }),
  },
})
