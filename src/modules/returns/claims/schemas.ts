import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, LongText, Nullable, Text } from '#kit/schemas'
import { claimLifecycle, GOODS, PROBLEMS, REMEDIES } from './lifecycle.ts'

const word = <T extends string>(words: readonly T[], more: object = {}) =>
  Type.Unsafe<T>({ ...Type.Enum([...words]), ...more })

const ClaimRef = Text(64, { description: "The claim's id or number (`CLM-1000001`)." })
export const GetClaim = Type.Object({ id: ClaimRef })
export type GetClaim = Static<typeof GetClaim>

const Url = Type.String({
  minLength: 10,
  maxLength: 2000,
  pattern: '^https?://[^\\s\\u0000-\\u001f\\u007f]+$',
})

export const Claim = Type.Object({
  id: IdSchema('claim'),
  claim_number: Type.String({ examples: ['CLM-1000001'] }),
  order_id: IdSchema('order'),
  customer_id: IdSchema('customer'),
  status: claimLifecycle.schema,
  status_reason: Nullable(Type.String()),
  description: Type.String(),
  items: Type.Array(
    Type.Object({
      id: IdSchema('claim_line'),
      order_item_id: IdSchema('order_line'),
      sku: Type.String(),
      product_name: Type.String(),
      quantity: Type.Integer(),
      problem: word(PROBLEMS),
      note: Nullable(Type.String()),
    }),
  ),
  evidence: Type.Array(Type.String()),
  remedy: Nullable(word(REMEDIES)),
  goods: Nullable(word(GOODS, { description: 'Whether the customer keeps what was claimed.' })),
  amount: Nullable(
    Type.Unsafe<string>({ ...Money, description: 'A part of the price; null: all of it.' }),
  ),
  currency: Currency,
  return_id: Nullable(IdSchema('return')),
  refund_id: Nullable(IdSchema('order_refund')),
  new_order_id: Nullable(IdSchema('order')),
  version: Type.Integer(),
  decided_at: Nullable(Instant),
  closed_at: Nullable(Instant),
  created_at: Instant,
  updated_at: Instant,
})
export type Claim = Static<typeof Claim>

export const CreateClaim = Type.Object({
  order_id: Text(64, { description: "The order's id or its number." }),
  description: Type.String({
    minLength: 1,
    maxLength: 2000,
    pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$',
  }),
  items: Type.Array(
    Type.Object({
      order_item_id: Type.Optional(IdSchema('order_line')),
      sku: Type.Optional(Text(100)),
      quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      problem: word(PROBLEMS),
      note: Type.Optional(Nullable(LongText(500))),
    }),
    { minItems: 1, maxItems: 100 },
  ),
  evidence: Type.Optional(
    Type.Array(Url, { maxItems: 20, description: 'Addresses of pictures and papers.' }),
  ),
})
export type CreateClaim = Static<typeof CreateClaim>

export const AddEvidence = Type.Object({
  id: ClaimRef,
  evidence: Type.Array(Url, { minItems: 1, maxItems: 20 }),
})
export type AddEvidence = Static<typeof AddEvidence>

export const ApproveClaim = Type.Object({
  id: ClaimRef,
  remedy: word(REMEDIES),
  goods: Type.Optional(word(GOODS, { default: 'stay' })),
  amount: Type.Optional(
    Type.Unsafe<string | number>({
      ...MoneyInput,
      description: 'A part of the price, for a refund or credit; without it, all of it.',
    }),
  ),
  reason: Type.Optional(Nullable(LongText(500))),
})
export type ApproveClaim = Static<typeof ApproveClaim>

export const MoveClaim = Type.Object({
  id: ClaimRef,
  reason: Type.Optional(Nullable(LongText(500))),
})
export type MoveClaim = Static<typeof MoveClaim>

export const ListClaims = Type.Object({
  ...pageQuery,
  status: Type.Optional(claimLifecycle.schema),
  order_id: Type.Optional(Text(64)),
  customer_id: Type.Optional(IdSchema('customer')),
})
export type ListClaims = Static<typeof ListClaims>
export const Claims = PageOf(Claim)
