import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { DISPOSITIONS, returnLifecycle } from './lifecycle.ts'

const of_return = {
  return_id: IdSchema('return'),
  rma_number: Type.String(),
  order_id: IdSchema('order'),
  customer_id: IdSchema('customer'),
}
const Units = Type.Array(
  Type.Object({
    return_line_id: IdSchema('return_line'),
    order_line_id: IdSchema('order_line'),
    item_id: Nullable(IdSchema('item')),
    quantity: Type.Integer(),
  }),
)
const moved = {
  ...of_return,
  old_status: returnLifecycle.schema,
  new_status: returnLifecycle.schema,
  reason: Nullable(Type.String()),
}

export const returnEvents = defineEvents('return', {
  created: {
    description: 'Somebody asked to send goods back.',
    entity: 'return_id',
    payload: Type.Object({ ...of_return, reason: Type.String(), units: Units }),
  },
  updated: {
    description: 'What a return says was changed.',
    entity: 'return_id',
    payload: Type.Object({ ...of_return, members: Type.Array(Type.String()) }),
  },
  approved: {
    description: 'The goods may be sent.',
    entity: 'return_id',
    payload: Type.Object(moved),
  },
  rejected: {
    description: 'The return was refused.',
    entity: 'return_id',
    payload: Type.Object(moved),
  },
  cancelled: {
    description: 'The return was withdrawn; its units are free again.',
    entity: 'return_id',
    payload: Type.Object(moved),
  },
  reopened: {
    description: 'A rejected or withdrawn return is looked at again.',
    entity: 'return_id',
    payload: Type.Object(moved),
  },
  label_made: {
    description: 'The way back has a label or a tracking number.',
    entity: 'return_id',
    payload: Type.Object({
      ...of_return,
      carrier: Nullable(Type.String()),
      tracking_number: Nullable(Type.String()),
    }),
  },
  received: {
    description: 'Units arrived; they are in quarantine until somebody looks at them.',
    entity: 'return_id',
    payload: Type.Object({
      ...of_return,
      receipt_id: IdSchema('return_receipt'),
      location_id: IdSchema('location'),
      units: Units,
      status: returnLifecycle.schema,
    }),
  },
  inspected: {
    description: 'Units were looked at, and it was decided what becomes of each.',
    entity: 'return_id',
    payload: Type.Object({
      ...of_return,
      units: Type.Array(
        Type.Object({
          return_line_id: IdSchema('return_line'),
          item_id: Nullable(IdSchema('item')),
          disposition: Type.Enum([...DISPOSITIONS]),
          quantity: Type.Integer(),
          accepted_quantity: Type.Integer(),
        }),
      ),
    }),
  },
  restocked: {
    description: 'Units are for sale again, or lie where they were put.',
    entity: 'return_id',
    payload: Type.Object({ ...of_return, units: Units }),
  },
  refund_begun: {
    description: 'Accepted units are being paid back. Amounts are minor units.',
    entity: 'return_id',
    payload: Type.Object({
      ...of_return,
      order_refund_id: IdSchema('order_refund'),
      currency: Currency,
      amount: Amount,
      fee_amount: Amount,
    }),
  },
  refunded: {
    description: 'All accepted units are paid back; `amount` is all of it, in minor units.',
    entity: 'return_id',
    payload: Type.Object({ ...moved, currency: Currency, amount: Amount }),
  },
  refund_lost: {
    description: 'A refund that was done came back: the return is due again.',
    entity: 'return_id',
    payload: Type.Object(moved),
  },
  completed: {
    description: 'The return is over without money.',
    entity: 'return_id',
    payload: Type.Object(moved),
  },
  noted: {
    description: 'A note was written to the return.',
    entity: 'return_id',
    payload: Type.Object({ ...of_return, note_id: IdSchema('return_note') }),
  },
  deleted: {
    description: 'The return was removed from every answer.',
    entity: 'return_id',
    payload: Type.Object(of_return),
  },
})
