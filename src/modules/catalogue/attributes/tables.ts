import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Json, Nullable } from '#kit/schemas'

export const ATTRIBUTE_TYPES = ['text', 'number', 'boolean', 'enum', 'date'] as const
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number]

export const attributeTables = {
  attributes: Type.Object({
    id: IdSchema('attribute'),
    /** What the search index calls it: stays when its label changes. */
    number: Type.Integer(),
    code: Type.String(),
    label: Type.String(),
    type: Type.Enum([...ATTRIBUTE_TYPES]),
    unit: Nullable(Type.String()),
    /** What an `enum` may be, in order; empty for other types. */
    choices: Json(Type.Array(Type.String())),
    filterable: Type.Boolean(),
    position: Type.Integer(),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  product_attributes: Type.Object({
    product_id: IdSchema('product'),
    attribute_id: IdSchema('attribute'),
    /** As it is told: "12.5", "true", "2026-03-29", "Blue". */
    value: Type.String(),
    /** Without regard to case: what is filtered by. */
    value_key: Type.String(),
    /** Millionths, for numbers; null for all others. */
    number_value: Nullable(Type.Integer()),
  }),
}
