import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

/** What a routing rule prefers. */
export const RULE_KINDS = [
  'preferred_location',
  'nearest_region',
  'fewest_splits',
  'availability',
] as const
export type RuleKind = (typeof RULE_KINDS)[number]

export const db = defineTables({
  /** How locations are chosen: rules in order, the first that tells two choices apart decides. */
  routing_rules: Type.Object({
    id: IdSchema('routing_rule'),
    position: Type.Integer({ minimum: 0 }),
    kind: Type.Unsafe<RuleKind>(Type.Enum([...RULE_KINDS])),
    /** Of a preferred location, and only of that. */
    location_id: Nullable(IdSchema('location')),
    /** Where it counts: destinations in this country and region, or everywhere. */
    country: Nullable(Type.String()),
    region: Nullable(Type.String()),
    paused_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
})
