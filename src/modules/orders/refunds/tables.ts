import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

/**
 * How a refund stands; always computed from its parts. `partly_failed`: one payment gave its share
 * back and another refused; its units stay refunded, and what failed can be tried again.
 */
export const REFUND_STATUSES = ['pending', 'succeeded', 'partly_failed', 'failed'] as const
export const PART_STATUSES = ['pending', 'succeeded', 'failed'] as const
export type RefundStatus = (typeof REFUND_STATUSES)[number]
export type PartStatus = (typeof PART_STATUSES)[number]

export const db = defineTables({
  /** What of an order was given back at once, and why it is so much. */
  order_refunds: Type.Object({
    /** Also the key of the process that began it. */
    id: IdSchema('order_refund'),
    order_id: IdSchema('order'),
    currency: Currency,
    /** Lines, shipping and goodwill together, less the fee. */
    amount: Amount,
    items_amount: Amount,
    shipping_amount: Amount,
    /** An amount beyond what was paid for the units named: a gesture, labelled as one. */
    goodwill_amount: Amount,
    /** What is kept back, such as for restocking. */
    fee_amount: Amount,
    /** What of it is given as store credit; the rest goes back by payments. */
    credit_amount: Amount,
    /** The return or the claim that it is for. No foreign keys: they stand above. */
    return_id: Nullable(IdSchema('return')),
    claim_id: Nullable(IdSchema('claim')),
    reason: Nullable(Type.String()),
    status: Type.Enum([...REFUND_STATUSES]),
    /** When it first failed as a whole; its units could then be refunded by another. */
    failed_at: Nullable(Instant),
    created_by: Type.String(),
    created_at: Instant,
    settled_at: Nullable(Instant),
  }),
  order_refund_lines: Type.Object({
    order_refund_id: IdSchema('order_refund'),
    order_line_id: IdSchema('order_line'),
    quantity: Type.Integer(),
    /** The share of these units in what was paid for the line. */
    amount: Amount,
    /** The tax within it; null where none was looked at. */
    tax_amount: Nullable(Amount),
  }),
  /** By which payments it goes back. */
  order_refund_parts: Type.Object({
    /** The refund of the payment. */
    refund_id: IdSchema('refund'),
    order_refund_id: IdSchema('order_refund'),
    payment_id: IdSchema('payment'),
    amount: Amount,
    status: Type.Enum([...PART_STATUSES]),
    /** When it had failed and others took its place: it counts no more. */
    retried_at: Nullable(Instant),
    /** The key of the process that did so. */
    retried_by: Nullable(IdSchema('process')),
  }),
})

/** Where a refund goes: back by the payments, or to the customer's store credit. */
export const REFUND_TARGETS = ['original', 'store_credit'] as const
export type RefundTarget = (typeof REFUND_TARGETS)[number]

export type RefundRow = Static<typeof db.tables.order_refunds>
export type RefundLineRow = Static<typeof db.tables.order_refund_lines>
export type RefundPartRow = Static<typeof db.tables.order_refund_parts>
