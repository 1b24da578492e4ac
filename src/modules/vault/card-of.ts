import type { App } from '#platform/app'
import { prepared } from '#platform/database/prepared'
import { transactAsSystem } from '#platform/execute'
import { unseal } from '#platform/sealed'
import type { Card } from './schemas.ts'
import { db } from './tables.ts'
import { hashToken } from './token.ts'

const openFor = prepared(db, (open, p: { token_hash: string; charge_key: string }) =>
  open
    .updateTable('vault_tokens')
    .set({ charge_key: p.charge_key })
    .where('token_hash', '=', p.token_hash)
    .where('used_at', 'is not', null)
    .where((is) => is.or([is('charge_key', 'is', null), is('charge_key', '=', p.charge_key)]))
    .returning('sealed_card'),
)

/** `charge_key`: the key that the charge has at the provider, the same for every try. */
export type OpenCard = { token: string; charge_key: string }

/**
 * The card behind a redeemed token, for the payment provider that charges it now; never to be
 * stored, logged or answered. It is opened for one charge, however often that is tried. Undefined
 * where there is none, where it was erased, and for any other charge.
 */
export async function cardOf(app: App, { token, charge_key }: OpenCard): Promise<Card | undefined> {
  const found = await transactAsSystem(
    app,
    (ctx) => openFor.first(ctx, { token_hash: hashToken(token), charge_key }),
    'read committed',
  )
  if (!found?.sealed_card) return undefined
  return JSON.parse(unseal(found.sealed_card, app.settings.vault_key)) as Card
}
