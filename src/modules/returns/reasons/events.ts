import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineEvents } from '#platform/events'

const payload = Type.Object({ reason_id: IdSchema('return_reason'), code: Type.String() })

export const reasonEvents = defineEvents('return_reason', {
  created: { description: 'A return reason was added.', entity: 'reason_id', payload },
  updated: {
    description: 'A return reason was changed, put away or offered again.',
    entity: 'reason_id',
    payload,
  },
})
