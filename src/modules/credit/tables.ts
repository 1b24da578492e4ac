import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency, SignedAmount } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'
import { CREDIT_KINDS, creditAccountLifecycle, ENTRY_KINDS } from './lifecycle.ts'

export const db = defineTables({
  /** A balance that orders can be paid from: of a gift card, or of a customer in one currency. */
  credit_accounts: Type.Object({
    id: IdSchema('credit_account'),
    kind: Type.Enum([...CREDIT_KINDS]),
    /** Whose store credit it is; of a gift card, who was given it, if that is known. */
    customer_id: Nullable(IdSchema('customer')),
    currency: Currency,
    /** The sum of its entries; written only by the statement that writes the entry. */
    balance_amount: Amount,
    /** How many entries it has; the next one gets the next number. */
    entries_count: Type.Integer(),
    status: creditAccountLifecycle.schema,
    expires_at: Nullable(Instant),
    version: Type.Integer(),
    created_at: Instant,
    updated_at: Instant,
  }),
  /** What a gift card has beside its account, whose id is its id. */
  gift_cards: Type.Object({
    account_id: IdSchema('credit_account'),
    /** SHA-256 of the code; the code itself is told once and kept nowhere. */
    code_hash: Type.String(),
    last_four: Type.String(),
    initial_amount: Amount,
    recipient_name: Nullable(Type.String()),
    recipient_email: Nullable(Type.String()),
    message: Nullable(Type.String()),
    /** What staff wrote down for themselves. */
    note: Nullable(Type.String()),
    created_by: Type.String(),
  }),
  /** The ledger: one row for each change of a balance; append-only. */
  credit_entries: Type.Object({
    id: IdSchema('credit_entry'),
    account_id: IdSchema('credit_account'),
    /** Counts the entries of one account from 1, without a hole. */
    sequence: Type.Integer(),
    kind: Type.Enum([...ENTRY_KINDS]),
    /** Above zero what came, below zero what went. */
    amount: SignedAmount,
    /** The balance after it. */
    balance_amount: Amount,
    /** What it was for, in the words of whoever asked; once for ever. */
    reference_type: Nullable(Type.String()),
    reference_id: Nullable(Type.String()),
    /** The entry that is given back. */
    origin_id: Nullable(IdSchema('credit_entry')),
    /** No foreign key: orders stand above. */
    order_id: Nullable(IdSchema('order')),
    reason: Nullable(Type.String()),
    created_by: Type.String(),
    created_at: Instant,
  }),
  /** Wrong codes that somebody has asked the balance of, in one window of time. */
  gift_card_guesses: Type.Object({
    caller: Type.String(),
    wrong_count: Type.Integer(),
    window_started_at: Instant,
  }),
})

export type AccountRow = Static<typeof db.tables.credit_accounts>
export type GiftCardRow = Static<typeof db.tables.gift_cards>
export type EntryRow = Static<typeof db.tables.credit_entries>
