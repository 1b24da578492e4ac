import { type TProperties, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineEvents } from '#platform/events'
import { disputeLifecycle, paymentLifecycle } from './lifecycle.ts'

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

const Dispute = Type.Object({
  dispute_id: IdSchema('payment_dispute'),
  payment_id: IdSchema('payment'),
  order_id: IdSchema('order'),
  provider: Type.String(),
  /** Minor units. */
  amount: Amount,
  currency: Currency,
  /** The provider's word, such as `fraudulent`. */
  reason: Type.String(),
  status: disputeLifecycle.schema,
  evidence_due_at: Nullable(Instant),
})

const ofEvidence = {
  dispute_id: IdSchema('payment_dispute'),
  evidence_id: IdSchema('payment_evidence'),
  payment_id: IdSchema('payment'),
  order_id: IdSchema('order'),
  provider: Type.String(),
}

/** What the provider said of a page or intent that `HostedPayments` has opened. */
const HostedChange = Type.Object({
  provider: Type.String(),
  /** The inbox's row. */
  webhook_id: IdSchema('payment_webhook'),
  /** `payment_ref`, or `ref` of a page without a payment: whose history this is. */
  subject: Type.String(),
  /** The provider's name of the page (`cs_…`) or intent (`pi_…`). */
  ref: Type.String(),
  payment_ref: Nullable(Type.String()),
  status: Type.Enum(['open', 'complete', 'expired']),
  payment_status: Type.Enum(['paid', 'unpaid', 'no_payment_required']),
  /** Minor units. */
  amount: Amount,
  currency: Currency,
  customer_email: Nullable(Type.String()),
  metadata: Type.Record(Type.String(), Type.String()),
  /** By the provider's clock. */
  occurred_at: Instant,
  /** Why an attempt to pay failed. */
  failure: Nullable(Type.Object({ code: Type.String(), message: Type.String() })),
})

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
  divided: {
    description:
      'A part of what was taken pays for another order from now on, as a payment of its own: an order was split.',
    entity: 'payment_id',
    payload: Type.Object({
      payment_id: IdSchema('payment'),
      order_id: IdSchema('order'),
      provider: Type.String(),
      currency: Currency,
      amount: Amount,
      part_id: IdSchema('payment'),
      part_order_id: IdSchema('order'),
    }),
  },
  disputed: {
    description: 'The payer’s bank has doubts about a payment and takes it up.',
    entity: 'payment_id',
    payload: Dispute,
  },
  dispute_changed: {
    description: 'A dispute went on: evidence is wanted or looked at, or it was won or lost.',
    entity: 'payment_id',
    payload: Dispute,
  },
  evidence_submitted: {
    description: 'What the shop answers to a dispute was handed in; `is_final`: the bank has it.',
    entity: 'payment_id',
    payload: Type.Object({ ...ofEvidence, is_final: Type.Boolean() }),
  },
  evidence_refused: {
    description: 'The provider did not take what the shop answers to a dispute.',
    entity: 'payment_id',
    payload: Type.Object({ ...ofEvidence, ...failure }),
  },
  hosted_changed: {
    description:
      'A page or intent at the provider was paid, failed to be paid, or expired; told once for each event of the provider.',
    entity: 'subject',
    payload: HostedChange,
  },
})
