import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

const Whole = Type.Integer({ minimum: 0 })

export const db = defineTables({
  shipping_zones: Type.Object({
    id: IdSchema('shipping_zone'),
    name: Type.String(),
    /** The name without regard to case: what is unique. */
    name_key: Type.String(),
    archived_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What a zone is made of. Region and prefix are empty where they do not matter. */
  shipping_zone_areas: Type.Object({
    zone_id: IdSchema('shipping_zone'),
    country: Type.String(),
    region: Type.String(),
    postal_prefix: Type.String(),
  }),
  shipping_methods: Type.Object({
    id: IdSchema('shipping_method'),
    /** Methods of one code and currency stand for each other, each in its zone. */
    code: Type.String(),
    name: Type.String(),
    description: Nullable(Type.String()),
    /** Null goes everywhere. */
    zone_id: Nullable(IdSchema('shipping_zone')),
    currency: Currency,
    tax_class: Type.String(),
    estimated_days_min: Whole,
    estimated_days_max: Whole,
    /** Lower is shown first among methods of the same price. */
    position: Type.Integer(),
    is_active: Type.Boolean(),
    archived_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** The bands of a method: each from its lower bounds on, below its upper ones; null is open. */
  shipping_rates: Type.Object({
    method_id: IdSchema('shipping_method'),
    position: Type.Integer(),
    min_weight_grams: Whole,
    max_weight_grams: Nullable(Whole),
    min_subtotal_amount: Amount,
    max_subtotal_amount: Nullable(Amount),
    amount: Amount,
  }),
})
