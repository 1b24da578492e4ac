import type { Context } from '#platform/context'
import { prepared } from '#platform/database/prepared'
import { emit } from '#platform/events'
import { vaultErrors } from '../errors.ts'
import { vaultEvents } from '../events.ts'
import { db, type VaultTokenRow } from '../tables.ts'
import { hashToken } from '../token.ts'

/** What a token is to pay. `amount` in minor units. */
export type Redeem = {
  token: string
  checkout_session_id: string
  merchant_id: string
  amount: number
  currency: string
}
type Guard = Omit<Redeem, 'token'> & { token_hash: string; now: string }

const use = prepared(db, (open, p: Guard) =>
  open
    .updateTable('vault_tokens')
    .set({ used_at: p.now, used_amount: p.amount })
    .where('token_hash', '=', p.token_hash)
    .where('used_at', 'is', null)
    .where('sealed_card', 'is not', null)
    .where('checkout_session_id', '=', p.checkout_session_id)
    .where('merchant_id', '=', p.merchant_id)
    .where('currency', '=', p.currency)
    .where('max_amount', '>=', p.amount)
    .where('expires_at', '>', p.now)
    .returning('id'),
)

const byHash = prepared(db, (open, p: { token_hash: string }) =>
  open.selectFrom('vault_tokens').selectAll().where('token_hash', '=', p.token_hash),
)

/**
 * Uses a token up, in the caller's transaction. However many try at once, one succeeds: the whole
 * allowance stands in the one statement that marks it used. Throws a `vaultErrors` saying why not.
 */
export async function redeemToken(ctx: Context, { token, ...terms }: Redeem): Promise<void> {
  const currency = terms.currency.toUpperCase()
  const guard = { ...terms, currency, token_hash: hashToken(token), now: ctx.now }
  const used = await use.first(ctx, guard)
  if (!used) throw whyNot(await byHash.first(ctx, guard), guard)
  emit(ctx, vaultEvents.redeemed({ vault_token_id: used.id, ...terms, currency }))
}

/** A stranger to the session learns no more of a token than that it is not theirs. */
function whyNot(row: VaultTokenRow | undefined, asked: Guard) {
  if (!row) return vaultErrors.token_unknown()
  if (row.checkout_session_id !== asked.checkout_session_id) return vaultErrors.other_session()
  if (row.merchant_id !== asked.merchant_id) return vaultErrors.other_merchant()
  if (row.used_at !== null) return vaultErrors.token_used()
  if (row.currency !== asked.currency) return vaultErrors.other_currency()
  if (row.max_amount < asked.amount) return vaultErrors.amount_exceeded()
  return vaultErrors.token_expired({ expires_at: row.expires_at })
}

type GiveBack = { token: string; checkout_session_id: string }

const takeBack = prepared(db, (open, p: { id: VaultTokenRow['id'] }) =>
  open
    .updateTable('vault_tokens')
    .set({ used_at: null, used_amount: null, charge_key: null })
    .where('id', '=', p.id)
    .where('used_at', 'is not', null),
)

/**
 * Makes a token usable again after the payment was declined, for the session it was used by. Does
 * nothing where it was not used. The caller knows that no payment with it is still open.
 */
export async function giveBackToken(
  ctx: Context,
  { token, checkout_session_id }: GiveBack,
): Promise<void> {
  const row = await byHash.first(ctx, { token_hash: hashToken(token) })
  if (row?.checkout_session_id !== checkout_session_id || row.used_amount === null) return
  const { affected } = await takeBack.run(ctx, { id: row.id })
  if (affected === 0) return
  const { id, merchant_id, currency, used_amount: amount } = row
  const told = { vault_token_id: id, checkout_session_id, merchant_id, currency, amount }
  emit(ctx, vaultEvents.given_back(told))
}
