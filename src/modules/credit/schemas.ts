import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Currency, formatMoney, Money } from '#kit/money'
import { PageOf, pageQuery } from '#kit/pages'
import { Instant, InstantInput, Nullable } from '#kit/schemas'
import { CREDIT_KINDS, ENTRY_KINDS } from './lifecycle.ts'
import type { EntryRow } from './tables.ts'

/** A row of the ledger as it is answered. */
export const CreditEntry = Type.Object({
  id: IdSchema('credit_entry'),
  sequence: Type.Integer(),
  kind: Type.Enum([...ENTRY_KINDS]),
  amount: Type.Unsafe<string>({ ...Money, description: 'Below zero what went.' }),
  balance: Type.Unsafe<string>({ ...Money, description: 'The balance after it.' }),
  currency: Currency,
  order_id: Nullable(IdSchema('order')),
  reason: Nullable(Type.String()),
  reference_type: Nullable(Type.String()),
  reference_id: Nullable(Type.String()),
  created_by: Nullable(Type.String({ description: 'For staff only; null for others.' })),
  created_at: Instant,
})
export type CreditEntry = Static<typeof CreditEntry>
export const CreditEntries = PageOf(CreditEntry)

export const ListEntries = Type.Object({ id: IdSchema('credit_account'), ...pageQuery })
export type ListEntries = Static<typeof ListEntries>

export const printEntry = (row: EntryRow, currency: string, forStaff: boolean): CreditEntry => ({
  id: row.id,
  sequence: row.sequence,
  kind: row.kind,
  amount: formatMoney(row.amount, currency),
  balance: formatMoney(row.balance_amount, currency),
  currency,
  order_id: row.order_id,
  reason: row.reason,
  reference_type: row.reference_type,
  reference_id: row.reference_id,
  created_by: forStaff ? row.created_by : null,
  created_at: row.created_at,
})

export const GetLiability = Type.Object({
  at: Type.Optional(
    Type.Unsafe<string>({ ...InstantInput, description: 'A past instant; now unless given.' }),
  ),
})
export type GetLiability = Static<typeof GetLiability>

export const Liability = Type.Object({
  at: Instant,
  outstanding: Type.Array(
    Type.Object({
      kind: Type.Enum([...CREDIT_KINDS]),
      currency: Currency,
      amount: Type.Unsafe<string>({ ...Money, description: 'What buyers could still spend.' }),
    }),
  ),
})
export type Liability = Static<typeof Liability>
