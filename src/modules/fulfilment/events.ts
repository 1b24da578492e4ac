import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import {
  fulfilmentOrderLifecycle,
  HOLD_REASONS,
  pickListLifecycle,
  SHORT_REASONS,
} from './lifecycle.ts'

const work = {
  fulfilment_order_id: IdSchema('fulfilment_order'),
  order_id: IdSchema('order'),
  number: Type.String({ examples: ['1000001-F1'] }),
}
const units = Type.Array(
  Type.Object({
    order_line_id: IdSchema('order_line'),
    item_id: Nullable(IdSchema('item')),
    quantity: Type.Integer(),
  }),
)
const location_id = Nullable(IdSchema('location'))

export const fulfilmentOrderEvents = defineEvents('fulfilment_order', {
  created: {
    description: 'Work for one order at one location was made; without one while it waits.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({
      ...work,
      location_id,
      status: fulfilmentOrderLifecycle.schema,
      why: Type.String(),
      units,
    }),
  },
  changed: {
    description: 'Units came to a fulfilment order or were withdrawn from it; it now has these.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({ ...work, location_id, units }),
  },
  status_changed: {
    description: 'A fulfilment order made a move of its lifecycle.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({
      ...work,
      old_status: fulfilmentOrderLifecycle.schema,
      new_status: fulfilmentOrderLifecycle.schema,
      reason: Nullable(Type.String()),
    }),
  },
  moved: {
    description: 'Work, and the promise of its units, went to another location.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({ ...work, from_location_id: location_id, location_id, units }),
  },
  split: {
    description: 'Units of a fulfilment order became one of their own.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({ ...work, new_fulfilment_order_id: IdSchema('fulfilment_order'), units }),
  },
  merged: {
    description: 'Fulfilment orders of one order at one location became one.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({
      ...work,
      merged_fulfilment_order_ids: Type.Array(IdSchema('fulfilment_order')),
    }),
  },
  held: {
    description: 'A fulfilment order was held.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({
      ...work,
      reason: Type.Enum([...HOLD_REASONS]),
      note: Nullable(Type.String()),
    }),
  },
  released: {
    description: 'A hold of a fulfilment order was released.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({ ...work, reason: Type.Enum([...HOLD_REASONS]), holds: Type.Integer() }),
  },
  updated: {
    description: 'The times or the note of a fulfilment order changed.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({ ...work, members: Type.Array(Type.String()) }),
  },
  picked: {
    description: 'Units were taken from the shelf for a fulfilment order.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({ ...work, location_id, units }),
  },
  put_back: {
    description: 'Units that were picked are not wanted any more: they belong on the shelf again.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({ ...work, location_id, units }),
  },
  packed: {
    description: 'All that was picked is packed.',
    entity: 'fulfilment_order_id',
    payload: Type.Object({ ...work, cartons: Type.Integer(), weight_grams: Type.Integer() }),
  },
})

const list = { pick_list_id: IdSchema('pick_list'), number: Type.String() }

export const pickListEvents = defineEvents('pick_list', {
  created: {
    description: 'A pick list was made for one fulfilment order or many.',
    entity: 'pick_list_id',
    payload: Type.Object({
      ...list,
      location_id: IdSchema('location'),
      fulfilment_order_ids: Type.Array(IdSchema('fulfilment_order')),
      units: Type.Integer(),
    }),
  },
  assigned: {
    description: 'A pick list was given to somebody, or to nobody.',
    entity: 'pick_list_id',
    payload: Type.Object({ ...list, assigned_to: Nullable(IdSchema('user')) }),
  },
  status_changed: {
    description: 'A pick list was begun, finished or given up.',
    entity: 'pick_list_id',
    payload: Type.Object({
      ...list,
      old_status: pickListLifecycle.schema,
      new_status: pickListLifecycle.schema,
    }),
  },
  short: {
    description: 'A picker found fewer units than the books have.',
    entity: 'pick_list_id',
    payload: Type.Object({
      ...list,
      order_id: IdSchema('order'),
      fulfilment_order_id: IdSchema('fulfilment_order'),
      order_line_id: IdSchema('order_line'),
      item_id: Nullable(IdSchema('item')),
      location_id: IdSchema('location'),
      quantity: Type.Integer(),
      reason: Type.Enum([...SHORT_REASONS]),
      outcome: Type.String(),
    }),
  },
})
