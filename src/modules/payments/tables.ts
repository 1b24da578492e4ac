import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { EvidenceFile, Texts } from './evidence/schemas.ts'
import {
  disputeLifecycle,
  evidenceLifecycle,
  paymentLifecycle,
  refundLifecycle,
  requestLifecycle,
  webhookLifecycle,
} from './lifecycle.ts'
import { FactColumns, REQUEST_OPERATIONS } from './provider.ts'

export const PAYMENT_METHODS = [
  'credit_card',
  'debit_card',
  'paypal',
  'bank_transfer',
  'cash',
  'check',
  'gift_card',
  'store_credit',
] as const
export const CAPTURE_METHODS = ['automatic', 'manual'] as const
export const REFUND_KINDS = ['free_amount', 'order_refund', 'reversal', 'external'] as const

export const db = defineTables({
  /** One tender of one order. Amounts and status are stored folds of `payment_events`. */
  payments: Type.Object({
    /** Also the provider's idempotency key of the sale or authorisation that began it. */
    id: IdSchema('payment'),
    /** No foreign key: orders stand above. */
    order_id: IdSchema('order'),
    customer_id: Nullable(IdSchema('customer')),
    provider: Type.String(),
    provider_ref: Nullable(Type.String()),
    method: Type.Enum([...PAYMENT_METHODS]),
    /**
     * The provider's token of a card or account, never the card; of credit with the shop, the id of
     * the account.
     */
    payment_method_id: Nullable(Type.String()),
    capture_method: Type.Enum([...CAPTURE_METHODS]),
    description: Nullable(Type.String()),
    currency: Currency,
    amount: Amount,
    authorized_amount: Amount,
    captured_amount: Amount,
    voided_amount: Amount,
    refunded_amount: Amount,
    /** Asked for and not answered: set aside by the same guarded write that wrote the request. */
    capture_pending_amount: Amount,
    void_pending_amount: Amount,
    refund_pending_amount: Amount,
    /** What of it pays for other orders, as parts of this payment. */
    parted_amount: Amount,
    /** The payment that this is a part of: its money was taken there. */
    part_of_id: Nullable(IdSchema('payment')),
    /** The provider's name of the charge that a part is of; `provider_ref` is the whole's own. */
    part_of_ref: Nullable(Type.String()),
    status: paymentLifecycle.schema,
    failure_code: Nullable(Type.String()),
    failure_message: Nullable(Type.String()),
    action_url: Nullable(Type.String()),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
    /** When it was first decided: held, taken, failed or cancelled. */
    processed_at: Nullable(Instant),
  }),
  /** What the provider said; append-only. The key is what makes two tellings one fact. */
  payment_events: Type.Object({
    ...FactColumns,
    payment_id: IdSchema('payment'),
    request_id: Nullable(IdSchema('payment_request')),
    source: Type.Enum(['answer', 'webhook', 'sweep']),
    recorded_at: Instant,
  }),
  /** What we ask of the provider; written before the call. */
  payment_requests: Type.Object({
    /** Also the idempotency key that the provider is given. */
    id: IdSchema('payment_request'),
    payment_id: IdSchema('payment'),
    order_id: IdSchema('order'),
    operation: Type.Enum([...REQUEST_OPERATIONS]),
    amount: Amount,
    currency: Currency,
    state: requestLifecycle.schema,
    attempts: Type.Integer(),
    /** When the sweeper may look at it next. */
    check_at: Instant,
    failure_code: Nullable(Type.String()),
    failure_message: Nullable(Type.String()),
    requested_by: Type.String(),
    /** Of a capture: whether what it does not take must stay held. */
    keep_rest: Nullable(Type.Boolean()),
    created_at: Instant,
    resolved_at: Nullable(Instant),
  }),
  refunds: Type.Object({
    id: IdSchema('refund'),
    payment_id: IdSchema('payment'),
    order_id: IdSchema('order'),
    /**
     * `free_amount`: an amount named by staff; `order_refund`: a share of a refund of an order's
     * lines; `reversal`: by the house; `external`: at the provider.
     */
    kind: Type.Enum([...REFUND_KINDS]),
    amount: Amount,
    currency: Currency,
    reason: Nullable(Type.String()),
    status: refundLifecycle.schema,
    provider_ref: Nullable(Type.String()),
    request_id: Nullable(IdSchema('payment_request')),
    failure_code: Nullable(Type.String()),
    failure_message: Nullable(Type.String()),
    created_by: Type.String(),
    created_at: Instant,
    settled_at: Nullable(Instant),
  }),
  /** Doubts of payers that their banks have brought to the provider, newest news. */
  payment_disputes: Type.Object({
    id: IdSchema('payment_dispute'),
    provider: Type.String(),
    provider_ref: Type.String(),
    payment_id: IdSchema('payment'),
    order_id: IdSchema('order'),
    amount: Amount,
    currency: Currency,
    reason: Type.String(),
    status: disputeLifecycle.schema,
    evidence_due_at: Nullable(Instant),
    opened_at: Instant,
    /** When the provider said what stands here. */
    occurred_at: Instant,
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What was answered to disputes: kept before the provider is given it. */
  payment_evidence: Type.Object({
    id: IdSchema('payment_evidence'),
    dispute_id: IdSchema('payment_dispute'),
    texts: Json(Texts),
    /** What the files are; what is in them stands in `contents` until the provider has it. */
    files: Json(Type.Array(EvidenceFile)),
    /** Of each file what is in it, in Base64. */
    contents: Nullable(Json(Type.Array(Type.String()))),
    /** Whether the bank is given it. */
    is_final: Type.Boolean(),
    state: evidenceLifecycle.schema,
    failure_code: Nullable(Type.String()),
    failure_message: Nullable(Type.String()),
    created_by: Type.String(),
    created_at: Instant,
    resolved_at: Nullable(Instant),
  }),
  /** The inbox: every signed webhook once, as it came. */
  payment_webhooks: Type.Object({
    id: IdSchema('payment_webhook'),
    provider: Type.String(),
    event_id: Type.String(),
    type: Type.String(),
    body: Type.String(),
    status: webhookLifecycle.schema,
    /** Why it is parked, superseded or given up. */
    note: Nullable(Type.String()),
    payment_id: Nullable(IdSchema('payment')),
    attempts: Type.Integer(),
    check_at: Instant,
    received_at: Instant,
    settled_at: Nullable(Instant),
    /** Of news of a page or intent: the payment at the provider, or the page without one. */
    hosted_ref: Nullable(Type.String()),
  }),
})

export type PaymentRow = Static<typeof db.tables.payments>
export type EventRow = Static<typeof db.tables.payment_events>
export type RequestRow = Static<typeof db.tables.payment_requests>
export type RefundRow = Static<typeof db.tables.refunds>
export type WebhookRow = Static<typeof db.tables.payment_webhooks>
export type EvidenceRow = Static<typeof db.tables.payment_evidence>
export type DisputeRow = Static<typeof db.tables.payment_disputes>
