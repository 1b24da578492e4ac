import { Type } from 'typebox'
import { IdSchema, UUID_PATTERN } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { KINDS, promotionLifecycle, REACHES, TARGETS } from './lifecycle.ts'

const word = <T extends string>(words: readonly T[]) => Type.Unsafe<T>(Type.Enum([...words]))

export const db = defineTables({
  promotions: Type.Object({
    id: IdSchema('promotion'),
    name: Type.String(),
    /** What buyers read. */
    label: Type.String(),
    /** Name and label in lower case, for the search. */
    search_text: Type.String(),
    /** The code it was given; bulk codes stand in `promotion_codes` only. */
    code: Nullable(Type.String()),
    /** Applies by itself; no code is asked for, and none can be had. */
    automatic: Type.Boolean(),
    kind: word(KINDS),
    /** Parts per million of what is left of the items; percent only. */
    rate_ppm: Nullable(Type.Integer()),
    status: promotionLifecycle.schema,
    starts_at: Nullable(Instant),
    ends_at: Nullable(Instant),
    usage_limit: Nullable(Type.Integer()),
    usage_limit_per_customer: Nullable(Type.Integer()),
    exclusive: Type.Boolean(),
    /** Lower comes first. */
    priority: Type.Integer(),
    for_items: word(REACHES),
    for_customers: word(REACHES),
    version: Type.Integer(),
    archived_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** A promotion that has rows here is for these currencies only. */
  promotion_amounts: Type.Object({
    promotion_id: IdSchema('promotion'),
    currency: Currency,
    /** What it takes off; fixed only. */
    fixed_amount: Nullable(Amount),
    /** The least that the eligible items must come to. */
    minimum_amount: Nullable(Amount),
  }),
  promotion_targets: Type.Object({
    promotion_id: IdSchema('promotion'),
    kind: word(TARGETS),
    target_id: Type.String({ format: 'uuid', pattern: UUID_PATTERN }),
  }),
  promotion_codes: Type.Object({
    id: IdSchema('promotion_code'),
    promotion_id: IdSchema('promotion'),
    code: Type.String(),
    /** The code as it is compared; see `codeKey`. */
    code_key: Type.String(),
    /** The promotion's own code rather than one of many. */
    is_main: Type.Boolean(),
    usage_limit: Nullable(Type.Integer()),
    /** When the code ceased to mean anything, and another promotion could take it. */
    archived_at: Nullable(Instant),
    created_at: Instant,
  }),
  /** One row a promotion and order. Those not given back are the uses; nothing else counts them. */
  promotion_redemptions: Type.Object({
    id: IdSchema('redemption'),
    promotion_id: IdSchema('promotion'),
    code_id: Nullable(IdSchema('promotion_code')),
    code: Nullable(Type.String()),
    order_id: IdSchema('order'),
    customer_id: IdSchema('customer'),
    currency: Currency,
    amount: Amount,
    redeemed_at: Instant,
    given_back_at: Nullable(Instant),
    /** The order that has it since its own became part of that one. */
    merged_into_id: Nullable(IdSchema('order')),
  }),
})
