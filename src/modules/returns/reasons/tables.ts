import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

export const db = defineTables({
  /** Why goods come back, as the shop counts it. */
  return_reasons: Type.Object({
    id: IdSchema('return_reason'),
    code: Type.String(),
    /** The code without regard to case: what is unique. */
    code_key: Type.String(),
    label: Type.String(),
    description: Nullable(Type.String()),
    /** When it ceased to be offered; what has it keeps it. */
    archived_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
})
export type ReasonRow = Static<typeof db.tables.return_reasons>
