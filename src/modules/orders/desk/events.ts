import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineEvents } from '#platform/events'
import { NOTE_KINDS } from './tables.ts'

const order_id = IdSchema('order')

/** What the desk does with an order. Part of `orderEvents`. */
export const deskEvents = defineEvents('order', {
  held: {
    description: 'The order was stopped for a reason; it may be stopped for others already.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      hold_id: IdSchema('order_hold'),
      code: Type.String(),
      /** How many reasons stop it now. */
      open_holds: Type.Integer(),
    }),
  },
  released: {
    description: 'One reason to stop the order is gone; it goes on if none is left.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      hold_id: IdSchema('order_hold'),
      code: Type.String(),
      open_holds: Type.Integer(),
    }),
  },
  unarchived: {
    description: 'The order was put back into the lists.',
    entity: 'order_id',
    payload: Type.Object({ order_id }),
  },
  tags_changed: {
    description: 'Tags were put on the order or taken off.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      old_tags: Type.Array(Type.String()),
      new_tags: Type.Array(Type.String()),
    }),
  },
  attributes_changed: {
    description: 'Custom attributes of the order were set or removed; their values are not told.',
    entity: 'order_id',
    payload: Type.Object({ order_id, names: Type.Array(Type.String()) }),
  },
  note_added: {
    description: 'A note was written on the order.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      note_id: IdSchema('order_note'),
      kind: Type.Enum([...NOTE_KINDS]),
    }),
  },
  note_removed: {
    description: 'A note of the order was removed.',
    entity: 'order_id',
    payload: Type.Object({
      order_id,
      note_id: IdSchema('order_note'),
      kind: Type.Enum([...NOTE_KINDS]),
    }),
  },
  attachment_added: {
    description: 'A document was attached to the order by its address.',
    entity: 'order_id',
    payload: Type.Object({ order_id, attachment_id: IdSchema('order_attachment') }),
  },
  attachment_removed: {
    description: 'A document was detached from the order.',
    entity: 'order_id',
    payload: Type.Object({ order_id, attachment_id: IdSchema('order_attachment') }),
  },
})
