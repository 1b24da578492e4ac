import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { claimLifecycle, GOODS, REMEDIES } from './lifecycle.ts'

const payload = Type.Object({
  claim_id: IdSchema('claim'),
  claim_number: Type.String(),
  order_id: IdSchema('order'),
  customer_id: IdSchema('customer'),
  status: claimLifecycle.schema,
  remedy: Nullable(Type.Enum([...REMEDIES])),
  goods: Nullable(Type.Enum([...GOODS])),
  return_id: Nullable(IdSchema('return')),
  order_refund_id: Nullable(IdSchema('order_refund')),
  out_order_id: Nullable(IdSchema('order')),
})
const entity = 'claim_id'

export const claimEvents = defineEvents('claim', {
  created: { description: 'Something was wrong with goods.', entity, payload },
  evidence_added: { description: 'A claim got more evidence.', entity, payload },
  approved: { description: 'A claim was found right.', entity, payload },
  rejected: { description: 'A claim was found wrong.', entity, payload },
  cancelled: { description: 'A claim was withdrawn.', entity, payload },
  reopened: { description: 'A claim is looked at again.', entity, payload },
  resolved: { description: 'What was agreed for a claim is done.', entity, payload },
})
