import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineEvents } from '#platform/events'

const bulk_id = IdSchema('order_bulk')
const counts = {
  rows_total: Type.Integer(),
  rows_ok: Type.Integer(),
  rows_failed: Type.Integer(),
}

export const bulkEvents = defineEvents('order_bulk', {
  asked: {
    description: 'Something is to be done to many orders.',
    entity: 'bulk_id',
    payload: Type.Object({ bulk_id, action: Type.String(), dry_run: Type.Boolean() }),
  },
  finished: {
    description: 'Every order of a bulk operation has its result.',
    entity: 'bulk_id',
    payload: Type.Object({ bulk_id, ...counts }),
  },
  cancelled: {
    description: 'A bulk operation was stopped; what was done until then stays.',
    entity: 'bulk_id',
    payload: Type.Object({ bulk_id }),
  },
})
