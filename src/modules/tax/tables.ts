import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

/** Why a configured rate is what it is; pricing knows more reasons, which nobody configures. */
export const RATE_REASONS = ['standard', 'reduced', 'zero_rated', 'exempt'] as const

export const db = defineTables({
  tax_classes: Type.Object({
    id: IdSchema('tax_class'),
    /** What products and shipping methods name; never given twice. */
    code: Type.String(),
    name: Type.String(),
    description: Nullable(Type.String()),
    archived_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  tax_rates: Type.Object({
    id: IdSchema('tax_rate'),
    /** ISO 3166-1, two capital letters. */
    country: Type.String(),
    /** As `places.ts` writes it; empty for the whole country. */
    region: Type.String(),
    /** As `places.ts` writes it; empty for all postal codes. */
    postal_prefix: Type.String(),
    /** Code of a tax class. */
    tax_class: Type.String(),
    name: Type.String(),
    /** Whose tax it is, such as `US-CA`. */
    jurisdiction: Type.String(),
    /** Parts per million: 80,000 is 8 %. */
    rate_ppm: Type.Integer(),
    reason: Type.Enum([...RATE_REASONS]),
    valid_from: Instant,
    /** The first instant at which it is no longer in force; null is without end. */
    valid_until: Nullable(Instant),
    archived_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
})
