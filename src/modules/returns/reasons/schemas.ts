import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, LongText, Nullable, Text } from '#kit/schemas'

const Code = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  description: 'Any case; one code means one reason.',
  examples: ['too_small'],
})

export const Reason = Type.Object({
  id: IdSchema('return_reason'),
  code: Type.String(),
  label: Type.String(),
  description: Nullable(Type.String()),
  is_active: Type.Boolean({ description: 'Whether new returns may name it.' }),
  created_at: Instant,
  updated_at: Instant,
})
export type Reason = Static<typeof Reason>

const ReasonRef = Text(60, { description: "The reason's id or its code." })
export const GetReason = Type.Object({ id: ReasonRef })
export type GetReason = Static<typeof GetReason>

export const CreateReason = Type.Object({
  code: Code,
  label: Text(120),
  description: Type.Optional(Nullable(LongText(500))),
  is_active: Type.Optional(Type.Boolean({ default: true })),
})
export type CreateReason = Static<typeof CreateReason>

export const UpdateReason = Type.Object({
  id: ReasonRef,
  code: Type.Optional(Code),
  label: Type.Optional(Text(120)),
  description: Type.Optional(Nullable(LongText(500))),
  is_active: Type.Optional(Type.Boolean()),
})
export type UpdateReason = Static<typeof UpdateReason>

export const ListReasons = Type.Object({
  ...pageQuery,
  is_active: Type.Optional(Type.Boolean()),
})
export type ListReasons = Static<typeof ListReasons>
export const Reasons = PageOf(Reason)

export const ReturnStatistics = Type.Object({
  by: Type.Enum(['reason', 'product', 'period'], { description: 'What the rows are of.' }),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
  interval: Type.Optional(
    Type.Enum(['day', 'month'], { description: 'How long a period is.', default: 'month' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
})
export type ReturnStatistics = Static<typeof ReturnStatistics>

export const ReturnFigures = Type.Object({
  from: Instant,
  to: Instant,
  returns: Type.Integer({ description: 'Asked for in this time.' }),
  returned_units: Type.Integer(),
  fulfilled_units: Nullable(
    Type.Integer({ description: 'Of orders placed in this time; null where nothing is a share.' }),
  ),
  rate: Nullable(
    Type.String({ examples: ['0.0731'], description: 'Returned of fulfilled units.' }),
  ),
  rows: Type.Array(
    Type.Object({
      key: Type.String({ description: 'A reason’s code, a SKU, or a day or month.' }),
      label: Type.String(),
      returns: Type.Integer(),
      units: Type.Integer({ description: 'Units asked to come back.' }),
      returned_units: Type.Integer({ description: 'Units that came back and stayed.' }),
      fulfilled_units: Nullable(Type.Integer()),
      rate: Nullable(Type.String()),
    }),
  ),
})
export type ReturnFigures = Static<typeof ReturnFigures>
