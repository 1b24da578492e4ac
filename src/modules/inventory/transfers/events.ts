import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const between = {
  transfer_id: IdSchema('transfer'),
  from_location_id: IdSchema('location'),
  to_location_id: IdSchema('location'),
}
const Settled = Type.Object({
  ...between,
  receipt_id: IdSchema('transfer_receipt'),
  received_quantity: Type.Integer(),
  lost_quantity: Type.Integer(),
  returned_quantity: Type.Integer(),
  in_transit_quantity: Type.Integer({ description: 'What is still on its way afterwards.' }),
})

/** Which units went and came stands in the ledger: `inventory.posted` names the transfer. */
export const transferEvents = defineEvents('transfer', {
  created: {
    description: 'A transfer between two locations was planned.',
    entity: 'transfer_id',
    payload: Type.Object({ ...between, line_count: Type.Integer(), quantity: Type.Integer() }),
  },
  updated: {
    description: 'A planned transfer was changed.',
    entity: 'transfer_id',
    payload: Type.Object({ ...between, line_count: Type.Integer(), quantity: Type.Integer() }),
  },
  dispatched: {
    description: 'The units of a transfer left; they are on their way.',
    entity: 'transfer_id',
    payload: Type.Object({ ...between, line_count: Type.Integer(), quantity: Type.Integer() }),
  },
  settled: {
    description: 'Units of a transfer arrived, were written off or came back.',
    entity: 'transfer_id',
    payload: Settled,
  },
  received: {
    description: 'Nothing of a transfer is on its way any more.',
    entity: 'transfer_id',
    payload: Type.Object(between),
  },
  cancelled: {
    description: 'A transfer was given up.',
    entity: 'transfer_id',
    payload: Type.Object({ ...between, reason: Nullable(Type.String()) }),
  },
})
