import { toInstant } from '#kit/schemas'
import type { Context } from '#platform/context'
import { emit } from '#platform/events'
import { seal } from '#platform/sealed'
import { insertRows } from '#platform/tables'
import { readCard } from '../card.ts'
import { vaultErrors } from '../errors.ts'
import { vaultEvents } from '../events.ts'
import type { DelegatedToken, DelegatePayment } from '../schemas.ts'
import { db } from '../tables.ts'
import { hashToken, newToken } from '../token.ts'

/** No card is kept for longer than this, whatever its allowance says. */
const KEPT_MAX_MS = 30 * 24 * 3_600_000

const insertTokens = insertRows(db, 'vault_tokens')

/**
 * Takes a card for one purchase and answers a token in its place. The card is sealed before it is
 * stored; it is in no log, event or answer. Throws `closed`, `invalid_card`, `risk_blocked`.
 */
export async function delegatePayment(
  ctx: Context,
  input: DelegatePayment,
): Promise<DelegatedToken> {
  if (!ctx.settings.vault_enabled) throw vaultErrors.closed()
  const card = readCard(input, ctx.now)
  const { allowance, risk_signals, metadata } = input
  if (risk_signals.some(({ action }) => action === 'blocked')) throw vaultErrors.risk_blocked()
  const given = toInstant(allowance.expires_at)
  if (given <= ctx.now) {
    throw vaultErrors.invalid_card({ field: 'allowance.expires_at', problem: 'is past' })
  }
  const end_ms = Math.min(Date.parse(given), Date.parse(ctx.now) + KEPT_MAX_MS)
  const token = newToken()
  const { merchant_id, checkout_session_id, max_amount } = allowance
  const terms = {
    merchant_id,
    checkout_session_id,
    currency: allowance.currency.toUpperCase(),
    max_amount,
    expires_at: new Date(end_ms).toISOString(),
  }
  const id = ctx.newId('vault_token')
  const row = {
    id,
    token_hash: hashToken(token),
    sealed_card: seal(JSON.stringify(card), ctx.settings.vault_key),
    created_by: ctx.actor.id,
    ...terms,
    created_at: ctx.now,
  }
  await insertTokens(ctx, { rows: [row] })
  emit(ctx, vaultEvents.created({ vault_token_id: id, ...terms }))
  return { id: token, created: ctx.now, metadata: { ...metadata, merchant_id } }
}
