import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, formatMoney, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'
import { Email } from '#modules/access'
import { REMEDIES, type RemedyKind, warrantyClaimLifecycle } from '../lifecycle.ts'
import { type ClaimRow, printClaimNumber, type RemedyRow } from '../tables.ts'

/** How much evidence a claim may have. */
export const EVIDENCE_MAX = 50

const word = Type.Unsafe<RemedyKind>(Type.Enum([...REMEDIES]))
const id = IdSchema('warranty_claim')

export const WarrantyRemedy = Type.Object({
  id: IdSchema('warranty_remedy'),
  kind: word,
  quantity: Type.Integer(),
  currency: Nullable(Currency),
  amount: Nullable(Money),
  order_id: Nullable(IdSchema('order')),
  return_id: Nullable(IdSchema('return')),
  exchange_id: Nullable(IdSchema('exchange')),
  order_refund_id: Nullable(IdSchema('order_refund')),
  credit_account_id: Nullable(IdSchema('credit_account')),
  replacement_warranty_id: Nullable(
    Type.Unsafe<Static<typeof WarrantyId>>({
      ...IdSchema('warranty'),
      description: 'Covers what was sent instead, for the time that was left.',
    }),
  ),
  note: Nullable(Type.String()),
  created_at: Instant,
})
export type WarrantyRemedy = Static<typeof WarrantyRemedy>
const WarrantyId = IdSchema('warranty')

export const WarrantyClaim = Type.Object({
  id,
  claim_id: Type.Unsafe<Static<typeof id>>({ ...id, description: 'The same as `id`.' }),
  claim_number: Type.String({ examples: ['WC-1000001'] }),
  warranty_id: IdSchema('warranty'),
  product_id: IdSchema('product'),
  customer_id: IdSchema('customer'),
  quantity: Type.Integer(),
  status: warrantyClaimLifecycle.schema,
  description: Type.String(),
  evidence: Type.Array(Type.String()),
  contact_email: Nullable(Type.String()),
  contact_phone: Nullable(Type.String()),
  incident_at: Instant,
  preferred_remedy: Nullable(word),
  override_reason: Nullable(
    Type.String({ description: 'Why it passes although it is outside the coverage.' }),
  ),
  resolution: Nullable(Type.String({ description: 'What was decided.' })),
  notes: Nullable(Type.String({ description: 'For staff only; null for others.' })),
  remedy: Nullable(word),
  remedies: Type.Array(WarrantyRemedy),
  decided_at: Nullable(Instant),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type WarrantyClaim = Static<typeof WarrantyClaim>
export const WarrantyClaims = PageOf(WarrantyClaim)

const Evidence = Type.Array(Text(2000), {
  maxItems: EVIDENCE_MAX,
  description: 'Addresses or descriptions of pictures, receipts and the like.',
})
const Override = Type.Optional(
  Text(500, { description: 'Staff only: why it passes although it is outside the coverage.' }),
)

export const SubmitClaim = Type.Object({
  warranty_id: IdSchema('warranty'),
  customer_id: IdSchema('customer'),
  description: Type.Unsafe<string>({ ...LongText(5000), minLength: 1 }),
  evidence: Type.Optional(Evidence),
  contact_email: Type.Optional(Nullable(Email)),
  contact_phone: Type.Optional(Nullable(Text(40))),
  quantity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 })),
  incident_at: Type.Optional(
    Type.Unsafe<string>({ ...InstantInput, description: 'When it broke; now unless said.' }),
  ),
  preferred_remedy: Type.Optional(word),
  override_reason: Override,
})
export type SubmitClaim = Static<typeof SubmitClaim>

export const GetClaim = Type.Object({ id })
export type GetClaim = Static<typeof GetClaim>

export const ApproveClaim = Type.Object({
  id,
  approved_by: Type.Optional(
    Type.Unsafe<string>({
      ...IdSchema('user'),
      description: 'Taken, and not believed: who asks is who decides.',
    }),
  ),
  resolution: Type.Unsafe<string>({ ...LongText(2000), minLength: 1 }),
  notes: Type.Optional(Nullable(LongText(5000))),
  remedy: Type.Optional(word),
  override_reason: Override,
})
export type ApproveClaim = Static<typeof ApproveClaim>

export const RejectClaim = Type.Object({
  id,
  reason: Type.Unsafe<string>({
    ...LongText(2000),
    minLength: 1,
    description: 'The holder reads it.',
  }),
  notes: Type.Optional(Nullable(LongText(5000))),
})
export type RejectClaim = Static<typeof RejectClaim>

export const ReasonedClaim = Type.Object({ id, reason: Text(500) })
export type ReasonedClaim = Static<typeof ReasonedClaim>

export const WithdrawClaim = Type.Object({ id, reason: Type.Optional(Text(500)) })
export type WithdrawClaim = Static<typeof WithdrawClaim>

export const AddEvidence = Type.Object({
  id,
  evidence: Type.Unsafe<string[]>({ ...Evidence, minItems: 1 }),
})
export type AddEvidence = Static<typeof AddEvidence>

export const RemedyClaim = Type.Object({
  id,
  kind: word,
  amount: Type.Optional(
    Type.Unsafe<string | number>({
      ...MoneyInput,
      description: 'For `credit`, what is given; for others, what it was worth or cost.',
    }),
  ),
  currency: Type.Optional(CurrencyInput),
  order_id: Type.Optional(IdSchema('order')),
  return_id: Type.Optional(IdSchema('return')),
  exchange_id: Type.Optional(IdSchema('exchange')),
  order_refund_id: Type.Optional(IdSchema('order_refund')),
  serial_number: Type.Optional(Text(100, { description: 'For `replace`: of the new unit.' })),
  note: Type.Optional(Nullable(LongText(2000))),
})
export type RemedyClaim = Static<typeof RemedyClaim>

export const ListClaims = Type.Object({
  ...pageQuery,
  status: Type.Optional(warrantyClaimLifecycle.schema),
  warranty_id: Type.Optional(IdSchema('warranty')),
  customer_id: Type.Optional(IdSchema('customer')),
  product_id: Type.Optional(IdSchema('product')),
})
export type ListClaims = Static<typeof ListClaims>

/** A claim as it is answered; notes are for staff. */
export const printClaim = (
  row: ClaimRow,
  remedies: readonly RemedyRow[],
  forStaff: boolean,
): WarrantyClaim => ({
  id: row.id,
  claim_id: row.id,
  claim_number: printClaimNumber(row.number),
  warranty_id: row.warranty_id,
  product_id: row.product_id,
  customer_id: row.customer_id,
  quantity: row.quantity,
  status: row.status,
  description: row.description,
  evidence: row.evidence,
  contact_email: row.contact_email,
  contact_phone: row.contact_phone,
  incident_at: row.incident_at,
  preferred_remedy: row.preferred_remedy,
  override_reason: row.override_reason,
  resolution: row.resolution,
  notes: forStaff ? row.notes : null,
  remedy: row.remedy,
  remedies: remedies.map(printRemedy),
  decided_at: row.decided_at,
  version: row.version,
  created_at: row.created_at,
  updated_at: row.updated_at,
})

const printRemedy = (row: RemedyRow): WarrantyRemedy => ({
  id: row.id,
  kind: row.kind,
  quantity: row.quantity,
  currency: row.currency,
  amount: row.amount === null ? null : formatMoney(row.amount, row.currency as string),
  order_id: row.order_id,
  return_id: row.return_id,
  exchange_id: row.exchange_id,
  order_refund_id: row.order_refund_id,
  credit_account_id: row.credit_account_id,
  replacement_warranty_id: row.replacement_id,
  note: row.note,
  created_at: row.created_at,
})
