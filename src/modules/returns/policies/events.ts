import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineEvents } from '#platform/events'

const payload = Type.Object({ policy_id: IdSchema('return_policy'), name: Type.String() })

export const policyEvents = defineEvents('return_policy', {
  created: { description: 'A return policy came into force.', entity: 'policy_id', payload },
  updated: { description: 'The terms of a return policy changed.', entity: 'policy_id', payload },
  archived: { description: 'A return policy ended.', entity: 'policy_id', payload },
})
