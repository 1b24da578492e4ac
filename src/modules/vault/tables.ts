import { type Static, Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant, Nullable } from '#kit/schemas'
import { defineTables } from '#platform/tables'

export const db = defineTables({
  /** Cards that were handed over for one purchase each, and what each may be used for. */
  vault_tokens: Type.Object({
    id: IdSchema('vault_token'),
    /** The token itself is told once and kept by nobody: who reads this table can use none. */
    token_hash: Type.String(),
    /** The card, sealed; null once it was erased. */
    sealed_card: Nullable(Type.String()),
    /** Who handed it over. */
    created_by: Type.String(),
    merchant_id: Type.String(),
    checkout_session_id: Type.String(),
    currency: Currency,
    max_amount: Amount,
    expires_at: Instant,
    used_at: Nullable(Instant),
    used_amount: Nullable(Amount),
    /** The charge that the card was opened for, by its key at the provider: no other is. */
    charge_key: Nullable(Type.String()),
    created_at: Instant,
  }),
})
export type VaultTokenRow = Static<typeof db.tables.vault_tokens>
