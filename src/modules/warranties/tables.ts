import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Json, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import {
  PLAN_STATUSES,
  REMEDIES,
  STARTS,
  warrantyClaimLifecycle,
  warrantyLifecycle,
} from './lifecycle.ts'

const word = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]))

export const db = defineTables({
  /** The terms under which goods are covered. */
  warranty_plans: Type.Object({
    id: IdSchema('warranty_plan'),
    code: Type.String(),
    /** The code as it is compared. */
    code_key: Type.String(),
    name: Type.String(),
    /** What is covered, and what not. */
    terms: Type.String(),
    term_months: Type.Integer(),
    starts: word(STARTS),
    /** Days after delivery, after which it begins by itself; only where it starts at activation. */
    activate_within_days: Nullable(Type.Integer()),
    transferable: Type.Boolean(),
    status: word(PLAN_STATUSES),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** The plan that a product is sold with: one at most. */
  warranty_plan_products: Type.Object({
    product_id: IdSchema('product'),
    plan_id: IdSchema('warranty_plan'),
  }),
  /** Goods that are covered: one unit with its serial number, or units that are all alike. */
  warranties: Type.Object({
    id: IdSchema('warranty'),
    number: Type.Integer(),
    plan_id: Nullable(IdSchema('warranty_plan')),
    product_id: IdSchema('product'),
    customer_id: IdSchema('customer'),
    order_id: Nullable(IdSchema('order')),
    order_line_id: Nullable(IdSchema('order_line')),
    shipment_id: Nullable(IdSchema('shipment')),
    serial_number: Nullable(Type.String()),
    /** The serial number as it is compared. */
    serial_key: Nullable(Type.String()),
    quantity: Type.Integer(),
    /** Units in claims that are neither decided against nor remedied. */
    claimed_quantity: Type.Integer(),
    /** Units that were replaced or paid for: nothing covers them any more. */
    ended_quantity: Type.Integer(),
    warranty_type: Type.String(),
    description: Nullable(Type.String()),
    terms: Nullable(Type.String()),
    transferable: Type.Boolean(),
    status: warrantyLifecycle.schema,
    start_at: Nullable(Instant),
    end_at: Nullable(Instant),
    term_months: Nullable(Type.Integer()),
    fixed_end_at: Nullable(Instant),
    extended_months: Type.Integer(),
    /** When it begins by itself, if nobody activates it. */
    activate_by: Nullable(Instant),
    /** The warranty whose remaining time it inherits, and the claim by which. */
    replaces_id: Nullable(IdSchema('warranty')),
    claim_id: Nullable(IdSchema('warranty_claim')),
    void_reason: Nullable(Type.String()),
    /** When its holder was told that it ends soon. */
    expiring_told_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  warranty_claims: Type.Object({
    id: IdSchema('warranty_claim'),
    number: Type.Integer(),
    warranty_id: IdSchema('warranty'),
    product_id: IdSchema('product'),
    customer_id: IdSchema('customer'),
    quantity: Type.Integer(),
    status: warrantyClaimLifecycle.schema,
    description: Type.String(),
    /** Where pictures, receipts and the like can be seen. */
    evidence: Json(Type.Array(Type.String())),
    contact_email: Nullable(Type.String()),
    contact_phone: Nullable(Type.String()),
    /** When it broke. */
    incident_at: Instant,
    preferred_remedy: Nullable(word(REMEDIES)),
    /** Why it is accepted although it is outside the coverage. */
    override_reason: Nullable(Type.String()),
    /** What was decided, as its holder is told. */
    resolution: Nullable(Type.String()),
    /** What staff wrote down for themselves. */
    notes: Nullable(Type.String()),
    remedy: Nullable(word(REMEDIES)),
    decided_by: Nullable(Type.String()),
    decided_at: Nullable(Instant),
    created_by: Type.String(),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What was done about a claim; append-only. At most one is not a repair. */
  warranty_remedies: Type.Object({
    id: IdSchema('warranty_remedy'),
    claim_id: IdSchema('warranty_claim'),
    warranty_id: IdSchema('warranty'),
    kind: word(REMEDIES),
    quantity: Type.Integer(),
    currency: Nullable(Currency),
    amount: Nullable(Amount),
    /** What fulfils it; of others above and below, so without foreign keys. */
    order_id: Nullable(IdSchema('order')),
    return_id: Nullable(IdSchema('return')),
    exchange_id: Nullable(IdSchema('exchange')),
    order_refund_id: Nullable(IdSchema('order_refund')),
    credit_account_id: Nullable(IdSchema('credit_account')),
    replacement_id: Nullable(IdSchema('warranty')),
    note: Nullable(Type.String()),
    created_by: Type.String(),
    created_at: Instant,
  }),
})

export type PlanRow = Static<typeof db.tables.warranty_plans>
export type WarrantyRow = Static<typeof db.tables.warranties>
export type ClaimRow = Static<typeof db.tables.warranty_claims>
export type RemedyRow = Static<typeof db.tables.warranty_remedies>

/** `W-1000001` and `WC-1000001`: rising, may have gaps. */
export const FIRST_NUMBER = 1_000_001
export const printWarrantyNumber = (number: number): string => `W-${number}`
export const printClaimNumber = (number: number): string => `WC-${number}`
/** What two spellings of one serial number have in common. */
export const serialKey = (serial: string): string => serial.trim().normalize('NFKC').toUpperCase()
