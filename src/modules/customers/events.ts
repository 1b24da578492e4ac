import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineEvents } from '#platform/events'
import { customerLifecycle } from './lifecycle.ts'

const customer_id = IdSchema('customer')

export const customerEvents = defineEvents('customer', {
  created: {
    description: 'A customer registered or was entered by staff.',
    entity: 'customer_id',
    payload: Type.Object({ customer_id, email: Type.String() }),
  },
  updated: {
    description: 'What is known of a customer, or one of their addresses, changed.',
    entity: 'customer_id',
    payload: Type.Object({ customer_id, changed: Type.Array(Type.String()) }),
  },
  status_changed: {
    description: 'A customer was set aside, locked or taken back.',
    entity: 'customer_id',
    payload: Type.Object({
      customer_id,
      from: customerLifecycle.schema,
      to: customerLifecycle.schema,
    }),
  },
  deleted: {
    description: 'A customer is gone; addresses are deleted, orders remain.',
    entity: 'customer_id',
    payload: Type.Object({ customer_id }),
  },
})
