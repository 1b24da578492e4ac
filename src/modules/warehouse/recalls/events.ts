import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineEvents } from '#platform/events'

const recall = { recall_id: IdSchema('recall'), number: Type.Integer() }

export const recallEvents = defineEvents('recall', {
  opened: {
    description: 'Lots or serial numbers are called back; what is in the house is blocked.',
    entity: 'recall_id',
    payload: Type.Object({
      ...recall,
      item_id: IdSchema('item'),
      lot_ids: Type.Array(IdSchema('lot')),
      serial_ids: Type.Array(IdSchema('serial')),
      units_blocked: Type.Integer(),
      contacts: Type.Integer(),
    }),
  },
  contact_updated: {
    description: 'Someone who got recalled units was told, gave them back, or was written off.',
    entity: 'recall_id',
    payload: Type.Object({
      ...recall,
      contact_id: IdSchema('recall_contact'),
      reference_type: Type.String(),
      reference_id: Type.String(),
      status: Type.String(),
      returned_quantity: Type.Integer(),
    }),
  },
  closed: {
    description: 'A recall is over.',
    entity: 'recall_id',
    payload: Type.Object(recall),
  },
})
