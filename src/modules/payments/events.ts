import { type TProperties, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { paymentLifecycle } from './lifecycle.ts'

const told = <P extends TProperties>(more: P) =>
  Type.Object({
    payment_id: IdSchema('payment'),
    order_id: IdSchema('order'),
    provider: Type.String(),
    currency: Currency,
    /** What this event is about, in minor units. */
    amount: Amount,
    /** The payment after it, in minor units. */
    status: paymentLifecycle.schema,
    authorized_amount: Amount,
    captured_amount: Amount,
    voided_amount: Amount,
    refunded_amount: Amount,
    /** All payments of the order together after it: held and not yet taken, taken, given back. */
    order_held_amount: Amount,
    order_captured_amount: Amount,
    order_refunded_amount: Amount,
    ...more,
  })

const failure = { code: Nullable(Type.String()), message: Nullable(Type.String()) }
const refund = { refund_id: Nullable(IdSchema('refund')), reason: Nullable(Type.String()) }

export const paymentEvents = defineEvents('payment', {
  requires_action: {
    description: 'The payer must act, such as pass 3-D Secure, before money can be taken.',
    entity: 'payment_id',
    payload: told({ action_url: Nullable(Type.String()) }),
  },
  authorized: {
    description: 'Money is held and waits to be captured.',
    entity: 'payment_id',
    payload: told({}),
  },
  captured: {
    description: 'Money was taken: at once, or out of what was held.',
    entity: 'payment_id',
    payload: told({}),
  },
  failed: {
    description:
      'No money was taken; or, when it had been, the provider took it back (the amounts say which).',
    entity: 'payment_id',
    payload: told(failure),
  },
  voided: {
    description: 'What was held was let go, or a payment that waited for its payer was cancelled.',
    entity: 'payment_id',
    payload: told({}),
  },
  refunded: {
    description: 'Money was given back, in whole or in part.',
    entity: 'payment_id',
    payload: told(refund),
  },
  capture_failed: {
    description: 'Held money could not be taken.',
    entity: 'payment_id',
    payload: told(failure),
  },
  void_failed: {
    description: 'Held money could not be let go.',
    entity: 'payment_id',
    payload: told(failure),
  },
  refund_failed: {
    description: 'Money could not be given back, or came back days after it had been.',
    entity: 'payment_id',
    payload: told({ ...refund, ...failure }),
  },
})
