import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { evidenceLifecycle } from '../lifecycle.ts'

/** What can be told in words; the names are those that the trade uses. */
export const EVIDENCE_TEXTS = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_tracking_number',
  'uncategorized_text',
] as const
export type EvidenceText = (typeof EVIDENCE_TEXTS)[number]

/** What can be shown by a file. */
export const EVIDENCE_FILES = [
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge_documentation',
  'receipt',
  'refund_policy',
  'service_documentation',
  'shipping_documentation',
  'uncategorized_file',
] as const
export type EvidenceFileKind = (typeof EVIDENCE_FILES)[number]

/** What banks take. */
export const EVIDENCE_TYPES = ['application/pdf', 'image/jpeg', 'image/png'] as const
/** All texts of one hand-in together, in characters. */
export const TEXTS_MAX = 150_000
/** All files of one hand-in together, in bytes. */
export const FILES_MAX_BYTES = 4_500_000

export const EvidenceFile = Type.Object({
  kind: Type.Enum([...EVIDENCE_FILES]),
  name: Text(200),
  content_type: Type.Enum([...EVIDENCE_TYPES]),
  size_bytes: Type.Integer(),
  sha256: Type.String(),
})
export type EvidenceFile = Static<typeof EvidenceFile>

export const Texts = Type.Partial(
  Type.Object(
    Object.fromEntries(EVIDENCE_TEXTS.map((name) => [name, LongText(20_000)])) as Record<
      EvidenceText,
      ReturnType<typeof LongText>
    >,
  ),
)
export type Texts = Static<typeof Texts>

export const SubmitEvidence = Type.Object({
  id: IdSchema('payment_dispute'),
  texts: Type.Optional(Texts),
  files: Type.Optional(
    Type.Array(
      Type.Object({
        kind: Type.Enum([...EVIDENCE_FILES]),
        name: Text(200, { description: 'Such as `receipt.pdf`.' }),
        content_type: Type.Enum([...EVIDENCE_TYPES]),
        content: Type.String({
          description: 'The file, in Base64.',
          minLength: 4,
          maxLength: 6_000_004,
          pattern: '^[A-Za-z0-9+/]+={0,2}$',
        }),
      }),
      { maxItems: EVIDENCE_FILES.length },
    ),
  ),
  is_final: Type.Optional(
    Type.Boolean({
      default: true,
      description:
        'Whether the bank is given it now; it looks at evidence once. Otherwise the provider keeps it until more comes.',
    }),
  ),
})
export type SubmitEvidence = Static<typeof SubmitEvidence>

export const Evidence = Type.Object({
  id: IdSchema('payment_evidence'),
  dispute_id: IdSchema('payment_dispute'),
  state: evidenceLifecycle.schema,
  texts: Texts,
  files: Type.Array(EvidenceFile),
  is_final: Type.Boolean(),
  failure_code: Nullable(Type.String()),
  failure_message: Nullable(Type.String()),
  created_at: Instant,
  resolved_at: Nullable(Instant),
})
export type Evidence = Static<typeof Evidence>
