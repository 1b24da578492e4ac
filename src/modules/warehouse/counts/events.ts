import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineEvents } from '#platform/events'

const count = {
  count_id: IdSchema('cycle_count'),
  number: Type.Integer(),
  location_id: IdSchema('location'),
}

export const countEvents = defineEvents('cycle_count', {
  planned: {
    description: 'A count was asked for; its lines are being drawn up.',
    entity: 'count_id',
    payload: Type.Object(count),
  },
  opened: {
    description: 'All lines of a count are drawn up; counters may begin.',
    entity: 'count_id',
    payload: Type.Object({ ...count, lines: Type.Integer() }),
  },
  approved: {
    description: 'The differences of a count are to be posted.',
    entity: 'count_id',
    payload: Type.Object(count),
  },
  held_back: {
    description: 'Some differences could not be posted: the count waits for another approval.',
    entity: 'count_id',
    payload: Type.Object({ ...count, lines: Type.Integer() }),
  },
  completed: {
    description: 'Every difference of a count is posted.',
    entity: 'count_id',
    payload: Type.Object({
      ...count,
      lines: Type.Integer(),
      lines_adjusted: Type.Integer(),
      units_found: Type.Integer(),
      units_missing: Type.Integer(),
    }),
  },
  cancelled: {
    description: 'A count was given up; nothing was posted.',
    entity: 'count_id',
    payload: Type.Object(count),
  },
})
