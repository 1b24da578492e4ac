import { type TProperties, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { REMEDIES } from './lifecycle.ts'

const told = <P extends TProperties>(more: P) =>
  Type.Object({
    warranty_id: IdSchema('warranty'),
    product_id: IdSchema('product'),
    customer_id: IdSchema('customer'),
    order_id: Nullable(IdSchema('order')),
    serial_number: Nullable(Type.String()),
    quantity: Type.Integer(),
    start_at: Nullable(Instant),
    end_at: Nullable(Instant),
    ...more,
  })
const reason = Nullable(Type.String())

export const warrantyEvents = defineEvents('warranty', {
  created: {
    description: 'Goods are covered: by hand, on delivery, or in place of what was replaced.',
    entity: 'warranty_id',
    payload: told({
      plan_id: Nullable(IdSchema('warranty_plan')),
      replaces_id: Nullable(IdSchema('warranty')),
    }),
  },
  activated: { description: 'Its time began.', entity: 'warranty_id', payload: told({}) },
  extended: {
    description: 'It was given more time.',
    entity: 'warranty_id',
    payload: told({ additional_months: Type.Integer(), old_end_at: Nullable(Instant) }),
  },
  transferred: {
    description: 'Its goods, and with them the coverage, are somebody else’s.',
    entity: 'warranty_id',
    payload: told({ from_customer_id: IdSchema('customer'), reason }),
  },
  updated: { description: 'Its words were changed.', entity: 'warranty_id', payload: told({}) },
  voided: {
    description: 'It was withdrawn; it covers nothing.',
    entity: 'warranty_id',
    payload: told({ reason }),
  },
  expiring: {
    description: 'It ends within 30 days; told once, and once more after an extension.',
    entity: 'warranty_id',
    payload: told({}),
  },
  expired: { description: 'Its time is over.', entity: 'warranty_id', payload: told({}) },
  ended: {
    description: 'All its units were replaced or paid for.',
    entity: 'warranty_id',
    payload: told({}),
  },
})

const claim = <P extends TProperties>(more: P) =>
  Type.Object({
    claim_id: IdSchema('warranty_claim'),
    warranty_id: IdSchema('warranty'),
    product_id: IdSchema('product'),
    customer_id: IdSchema('customer'),
    quantity: Type.Integer(),
    ...more,
  })

export const warrantyClaimEvents = defineEvents('warranty_claim', {
  submitted: {
    description: 'Somebody says that covered goods are broken.',
    entity: 'claim_id',
    payload: claim({ incident_at: Instant, overridden: Type.Boolean() }),
  },
  evidence_added: {
    description: 'Pictures, receipts and the like were added to a claim.',
    entity: 'claim_id',
    payload: claim({ count: Type.Integer() }),
  },
  approved: {
    description: 'A claim was accepted, with the remedy that is meant, if one was named.',
    entity: 'claim_id',
    payload: claim({
      remedy: Nullable(Type.Enum([...REMEDIES])),
      overridden: Type.Boolean(),
    }),
  },
  rejected: {
    description: 'A claim was not accepted.',
    entity: 'claim_id',
    payload: claim({ reason: Type.String() }),
  },
  remedied: {
    description: 'What was done about a claim, with what fulfils it; minor units.',
    entity: 'claim_id',
    payload: claim({
      remedy_id: IdSchema('warranty_remedy'),
      remedy: Type.Enum([...REMEDIES]),
      currency: Nullable(Currency),
      amount: Nullable(Amount),
      order_id: Nullable(IdSchema('order')),
      return_id: Nullable(IdSchema('return')),
      exchange_id: Nullable(IdSchema('exchange')),
      order_refund_id: Nullable(IdSchema('order_refund')),
      credit_account_id: Nullable(IdSchema('credit_account')),
      replacement_id: Nullable(IdSchema('warranty')),
    }),
  },
  reopened: {
    description: 'A claim waits for a decision again.',
    entity: 'claim_id',
    payload: claim({ reason: Type.String() }),
  },
  withdrawn: {
    description: 'Its holder let it go.',
    entity: 'claim_id',
    payload: claim({ reason }),
  },
  closed: { description: 'A claim is over.', entity: 'claim_id', payload: claim({}) },
})

export const warrantyPlanEvents = defineEvents('warranty_plan', {
  created: {
    description: 'A warranty plan was drawn up.',
    entity: 'plan_id',
    payload: Type.Object({ plan_id: IdSchema('warranty_plan'), code: Type.String() }),
  },
  changed: {
    description:
      'A warranty plan, or for which products it is, was changed. Coverage stays as it is.',
    entity: 'plan_id',
    payload: Type.Object({ plan_id: IdSchema('warranty_plan'), code: Type.String() }),
  },
})
