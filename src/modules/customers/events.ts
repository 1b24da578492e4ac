import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { defineEvents } from '#platform/events'
import { customerLifecycle } from './lifecycle.ts'
import { PURPOSES } from './tables.ts'

const customer_id = IdSchema('customer')

// Events are kept for good, so they say who and what, never a name or an address of anyone.
export const customerEvents = defineEvents('customer', {
  created: {
    description: 'A customer registered or was entered by staff.',
    version: 2,
    entity: 'customer_id',
    payload: Type.Object({ customer_id }),
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
  erased: {
    description: 'All that was personal of a customer is gone for good; the books remain.',
    entity: 'customer_id',
    payload: Type.Object({ customer_id }),
  },
  consent_recorded: {
    description: 'A customer agreed to something, or no longer does.',
    entity: 'customer_id',
    payload: Type.Object({
      customer_id,
      purpose: Type.Enum([...PURPOSES]),
      granted: Type.Boolean(),
      source: Type.String(),
    }),
  },
})

const group_id = IdSchema('customer_group')
const customer_ids = Type.Array(customer_id)

export const customerGroupEvents = defineEvents('customer_group', {
  created: {
    description: 'A group of customers was made.',
    entity: 'group_id',
    payload: Type.Object({ group_id, code: Type.String() }),
  },
  updated: {
    description: 'Name, code or description of a group changed.',
    entity: 'group_id',
    payload: Type.Object({ group_id, code: Type.String() }),
  },
  members_added: {
    description: 'Customers are in a group who were not.',
    entity: 'group_id',
    payload: Type.Object({ group_id, customer_ids }),
  },
  member_removed: {
    description: 'A customer is no longer in a group.',
    entity: 'group_id',
    payload: Type.Object({ group_id, customer_id }),
  },
  deleted: {
    description: 'A group is gone; its members remain customers.',
    entity: 'group_id',
    payload: Type.Object({ group_id, code: Type.String() }),
  },
})
