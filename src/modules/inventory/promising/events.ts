import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const Supply = Type.Object({
  supply_id: IdSchema('supply'),
  item_id: IdSchema('item'),
  location_id: IdSchema('location'),
  quantity: Type.Integer(),
  received_quantity: Type.Integer(),
  expected_at: Instant,
})

export const supplyEvents = defineEvents('supply', {
  expected: {
    description: 'Units are expected from outside.',
    entity: 'supply_id',
    payload: Supply,
  },
  changed: {
    description: 'Expected units come at another time, or in another number.',
    entity: 'supply_id',
    payload: Supply,
  },
  received: {
    description: 'Expected units came in, all or part of them.',
    entity: 'supply_id',
    payload: Supply,
  },
  cancelled: {
    description: 'The rest of what was expected will not come.',
    entity: 'supply_id',
    payload: Supply,
  },
})
