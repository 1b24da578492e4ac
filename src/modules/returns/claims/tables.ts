import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { claimLifecycle, GOODS, PROBLEMS, REMEDIES } from './lifecycle.ts'

const word = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]))

export const db = defineTables({
  claims: Type.Object({
    id: IdSchema('claim'),
    number: Type.Integer(),
    order_id: IdSchema('order'),
    customer_id: IdSchema('customer'),
    currency: Currency,
    status: claimLifecycle.schema,
    description: Type.String(),
    /** Addresses of pictures and papers. */
    evidence: Json(Type.Array(Type.String())),
    /** What is done about it; decided when it is approved. */
    remedy: Nullable(word(REMEDIES)),
    goods: Nullable(word(GOODS)),
    /** A part of the price instead of all of it. */
    remedy_amount: Nullable(Amount),
    return_id: Nullable(IdSchema('return')),
    order_refund_id: Nullable(IdSchema('order_refund')),
    out_order_id: Nullable(IdSchema('order')),
    status_reason: Nullable(Type.String()),
    version: Type.Integer(),
    submitted_by: Type.String(),
    decided_at: Nullable(Instant),
    closed_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
  claim_lines: Type.Object({
    id: IdSchema('claim_line'),
    claim_id: IdSchema('claim'),
    position: Type.Integer(),
    order_line_id: IdSchema('order_line'),
    sku: Type.String(),
    name: Type.String(),
    quantity: Type.Integer(),
    /** Units of the order line that no return may have; none if they come back or it is refused. */
    kept_quantity: Type.Integer({ minimum: 0 }),
    problem: word(PROBLEMS),
    note: Nullable(Type.String()),
  }),
})
export type ClaimRow = Static<typeof db.tables.claims>
export type ClaimLineRow = Static<typeof db.tables.claim_lines>
