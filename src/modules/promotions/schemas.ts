import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, CurrencyInput, Money, MoneyInput } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, Nullable, Text } from '#kit/schemas'
import { KINDS, promotionLifecycle } from './lifecycle.ts'

const Kind = Type.Unsafe<(typeof KINDS)[number]>(Type.Enum([...KINDS]))
const Percent = Type.String({ pattern: '^\\d+(\\.\\d+)?$', examples: ['12.5'] })
const AmountIn = Type.Object({ currency: Currency, amount: Money })
/** How many products, variants, categories or customers one promotion may list. */
const LISTED_MAX = 200
const USES_MAX = 1_000_000_000

const targets = {
  product_ids: Type.Array(IdSchema('product'), { description: 'Only these, if any is listed.' }),
  variant_ids: Type.Array(IdSchema('variant')),
  category_ids: Type.Array(IdSchema('category'), { description: 'With all that is below them.' }),
  customer_ids: Type.Array(IdSchema('customer'), { description: 'Empty: everybody.' }),
}

export const Promotion = Type.Object({
  id: IdSchema('promotion'),
  name: Type.String(),
  label: Type.String({ description: 'What buyers read.' }),
  code: Nullable(Type.String()),
  automatic: Type.Boolean({ description: 'Applies by itself, without a code.' }),
  kind: Kind,
  percent: Nullable(Percent),
  amounts: Type.Array(AmountIn, { description: 'What a fixed one takes off, in each currency.' }),
  minimum_subtotals: Type.Array(AmountIn),
  status: promotionLifecycle.schema,
  starts_at: Nullable(Instant),
  ends_at: Nullable(Instant),
  usage_limit: Nullable(Type.Integer()),
  usage_limit_per_customer: Nullable(Type.Integer()),
  exclusive: Type.Boolean({ description: 'Never together with another promotion.' }),
  priority: Type.Integer({ description: 'Lower comes first.' }),
  ...targets,
  version: Type.Integer(),
  archived_at: Nullable(Instant),
  created_at: Instant,
  updated_at: Instant,
})
export type Promotion = Static<typeof Promotion>

export const PromotionWithUsage = Type.Object({
  ...Promotion.properties,
  usage: Type.Object({
    times_redeemed: Type.Integer({ description: 'Without what was given back.' }),
    given: Type.Array(AmountIn, { description: 'What it took off in all, in each currency.' }),
  }),
})
export type PromotionWithUsage = Static<typeof PromotionWithUsage>

/** No spaces within: they get lost in mails and on paper. */
const Code = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: '^[^\\s\\u0000-\\u001f\\u007f]+$',
  description: 'Any case; one code means one promotion.',
  examples: ['SPRING10'],
})
const AmountsInput = Type.Array(Type.Object({ currency: CurrencyInput, amount: MoneyInput }), {
  maxItems: 50,
})
const PercentInput = Type.Union(
  [Type.String({ minLength: 1, maxLength: 20, examples: ['12.5'] }), Type.Number()],
  { description: 'Above 0, at most 100, with at most four decimals.' },
)
const Uses = Nullable(Type.Integer({ minimum: 1, maximum: USES_MAX }))
const listed = <K extends string>(kind: K) =>
  Type.Array(IdSchema(kind), { maxItems: LISTED_MAX, uniqueItems: true })

const terms = {
  label: Type.Optional(Text(120, { description: 'What buyers read; else the name.' })),
  code: Type.Optional(Nullable(Code)),
  percent: Type.Optional(PercentInput),
  amounts: Type.Optional(AmountsInput),
  minimum_subtotals: Type.Optional(AmountsInput),
  starts_at: Type.Optional(Nullable(InstantInput)),
  ends_at: Type.Optional(Nullable(InstantInput)),
  usage_limit: Type.Optional(Uses),
  usage_limit_per_customer: Type.Optional(Uses),
  exclusive: Type.Optional(Type.Boolean()),
  priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  product_ids: Type.Optional(listed('product')),
  variant_ids: Type.Optional(listed('variant')),
  category_ids: Type.Optional(listed('category')),
  customer_ids: Type.Optional(listed('customer')),
}

export const CreatePromotion = Type.Object({
  name: Text(120),
  kind: Kind,
  ...terms,
  automatic: Type.Optional(
    Type.Boolean({ description: 'True unless there is a code; false waits for codes to come.' }),
  ),
  status: Type.Optional(Type.Enum(['draft', 'active'], { default: 'draft' })),
})
export type CreatePromotion = Static<typeof CreatePromotion>

export const GetPromotion = Type.Object({ id: IdSchema('promotion') })
export type GetPromotion = Static<typeof GetPromotion>
export const UpdatePromotion = Type.Object({
  ...GetPromotion.properties,
  name: Type.Optional(Text(120)),
  ...terms,
})
export type UpdatePromotion = Static<typeof UpdatePromotion>

export const ListPromotions = Type.Object({
  ...pageQuery,
  status: Type.Optional(promotionLifecycle.schema),
  kind: Type.Optional(Kind),
  code: Type.Optional(Text(60, { description: 'Whose code this is or was, in any case.' })),
  search: Type.Optional(Text(100, { description: 'Words in the name or the label.' })),
})
export type ListPromotions = Static<typeof ListPromotions>
export const Promotions = PageOf(Promotion)

export const Redemption = Type.Object({
  id: IdSchema('redemption'),
  promotion_id: IdSchema('promotion'),
  code: Nullable(Type.String()),
  order_id: IdSchema('order'),
  customer_id: IdSchema('customer'),
  currency: Currency,
  amount: Money,
  redeemed_at: Instant,
  given_back_at: Nullable(Instant),
})
export type Redemption = Static<typeof Redemption>
export const ListRedemptions = Type.Object({
  ...GetPromotion.properties,
  ...pageQuery,
  customer_id: Type.Optional(IdSchema('customer')),
  given_back: Type.Optional(Type.Boolean({ description: 'Only those that were, or were not.' })),
})
export type ListRedemptions = Static<typeof ListRedemptions>
export const Redemptions = PageOf(Redemption)

export const PromotionCode = Type.Object({
  id: IdSchema('promotion_code'),
  code: Type.String(),
  is_main: Type.Boolean({ description: 'The promotion’s own code rather than one of many.' }),
  usage_limit: Nullable(Type.Integer()),
  times_redeemed: Type.Integer(),
  archived_at: Nullable(Instant),
  created_at: Instant,
})
export type PromotionCode = Static<typeof PromotionCode>
export const ListCodes = Type.Object({ ...GetPromotion.properties, ...pageQuery })
export type ListCodes = Static<typeof ListCodes>
export const PromotionCodes = PageOf(PromotionCode)

export const CreateCodes = Type.Object({
  ...GetPromotion.properties,
  count: Type.Integer({ minimum: 1, maximum: 1000 }),
  prefix: Type.Optional(
    Type.String({ maxLength: 20, pattern: '^[A-Za-z0-9_-]*$', examples: ['SPRING-'] }),
  ),
  usage_limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: USES_MAX, default: 1, description: 'Of each code.' }),
  ),
})
export type CreateCodes = Static<typeof CreateCodes>
export const NewCodes = Type.Object({ items: Type.Array(PromotionCode) })
export type NewCodes = Static<typeof NewCodes>

/** Why a code cannot be had. */
export const REFUSAL_REASONS = [
  'unknown',
  'not_started',
  'ended',
  'paused',
  'used_up',
  'used_up_by_customer',
  'not_for_customer',
  'wrong_currency',
  'already_applied',
  'nothing_eligible',
] as const
export type RefusalReason = (typeof REFUSAL_REASONS)[number]

export const CheckCode = Type.Object({
  code: Text(60),
  currency: Type.Optional(CurrencyInput),
  customer_id: Type.Optional(
    Type.Unsafe<Redemption['customer_id']>({
      ...IdSchema('customer'),
      description: 'Whom staff asks for; customers ask for themselves.',
    }),
  ),
})
export type CheckCode = Static<typeof CheckCode>
export const CheckedCode = Type.Object({
  code: Type.String(),
  valid: Type.Boolean(),
  reason: Nullable(Type.Unsafe<RefusalReason>(Type.Enum([...REFUSAL_REASONS]))),
  explanation: Nullable(Type.String()),
  promotion: Nullable(
    Type.Object({
      label: Type.String(),
      kind: Kind,
      percent: Nullable(Percent),
      amount: Nullable(Money),
      minimum_subtotal: Nullable(Money),
      currency: Currency,
      exclusive: Type.Boolean(),
    }),
  ),
})
export type CheckedCode = Static<typeof CheckedCode>
