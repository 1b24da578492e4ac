import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, Nullable, Text } from '#kit/schemas'
import { ATTRIBUTE_TYPES } from './tables.ts'

const { Optional } = Type
const AttributeRef = Text(100, { description: "The attribute's id or code." })
const Code = Type.String({
  pattern: '^[a-z][a-z0-9_]{0,49}$',
  description: 'What requests call it; never changes.',
  examples: ['colour'],
})
const Choices = Type.Array(Text(100), {
  maxItems: 500,
  description: 'What an `enum` may be, in order; for no other type.',
})
const Position = Type.Integer({ minimum: 0, maximum: 1_000_000 })

export const Attribute = Type.Object({
  id: IdSchema('attribute'),
  code: Type.String(),
  label: Type.String(),
  type: Type.Enum([...ATTRIBUTE_TYPES]),
  unit: Nullable(Type.String({ description: 'What its numbers count, such as `ml`.' })),
  choices: Type.Array(Type.String()),
  filterable: Type.Boolean({ description: 'Whether lists are filtered and counted by it.' }),
  position: Type.Integer(),
  version: Type.Integer(),
  created_at: Instant,
  updated_at: Instant,
})
export type Attribute = Static<typeof Attribute>
export const Attributes = PageOf(Attribute)

export const ListAttributes = Type.Object({ ...pageQuery })
export type ListAttributes = Static<typeof ListAttributes>
export const GetAttribute = Type.Object({ id: AttributeRef })
export type GetAttribute = Static<typeof GetAttribute>
export const CreateAttribute = Type.Object({
  code: Code,
  label: Text(100),
  type: Type.Enum([...ATTRIBUTE_TYPES]),
  unit: Optional(Nullable(Text(20))),
  choices: Optional(Choices),
  filterable: Optional(Type.Boolean({ default: true })),
  position: Optional(Position),
})
export type CreateAttribute = Static<typeof CreateAttribute>
export const UpdateAttribute = Type.Object({
  id: AttributeRef,
  label: Optional(Text(100)),
  unit: Optional(Nullable(Text(20))),
  choices: Optional(Choices),
  filterable: Optional(Type.Boolean()),
  position: Optional(Position),
})
export type UpdateAttribute = Static<typeof UpdateAttribute>

/** Values of a product, by the code of the attribute. */
export const AttributeValues = Type.Record(
  Type.String({ pattern: '^[a-z][a-z0-9_]{0,49}$' }),
  Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
  { additionalProperties: false, examples: [{ colour: 'blue', volume: 350 }] },
)
export const AttributeValuesInput = Type.Record(
  Type.String({ pattern: '^[a-z][a-z0-9_]{0,49}$' }),
  Type.Union([Text(500), Type.Number(), Type.Boolean(), Type.Null()]),
  {
    additionalProperties: false,
    maxProperties: 100,
    description: 'By the code of the attribute; null takes a value away, others stay.',
    examples: [{ colour: 'blue', volume: 350 }],
  },
)
export type AttributeValuesInput = Record<string, string | number | boolean | null>
