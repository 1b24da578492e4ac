import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { PAYERS } from '../lifecycle.ts'

export const db = defineTables({
  /** An exception from the terms that the settings say; what is null is as they say. */
  return_policies: Type.Object({
    id: IdSchema('return_policy'),
    name: Type.String(),
    /** What it is for; neither named: everything. */
    reason_id: Nullable(IdSchema('return_reason')),
    category_id: Nullable(IdSchema('category')),
    /** Of two that fit as closely, the higher one counts. */
    priority: Type.Integer(),
    is_returnable: Type.Boolean(),
    /** Days from the delivery; 0 is without end. */
    window_days: Nullable(Type.Integer()),
    label_paid_by: Nullable(Type.Unsafe<(typeof PAYERS)[number]>(Type.Enum([...PAYERS]))),
    /** Of what was paid, in parts per million. */
    fee_ppm: Nullable(Type.Integer()),
    /** Of each unit, for orders in this currency. */
    fee_unit_amount: Nullable(Amount),
    fee_currency: Nullable(Currency),
    archived_at: Nullable(Instant),
    created_at: Instant,
    updated_at: Instant,
  }),
})
export type PolicyRow = Static<typeof db.tables.return_policies>
