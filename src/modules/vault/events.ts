import { Type } from 'typebox'
import { IdSchema } from '#kit/ids'
import { Amount, Currency } from '#kit/money'
import { Instant } from '#kit/schemas'
import { defineEvents } from '#platform/events'

const use = Type.Object({
  vault_token_id: IdSchema('vault_token'),
  checkout_session_id: Type.String(),
  merchant_id: Type.String(),
  currency: Currency,
  amount: Amount,
})

/** What becomes of tokens. They carry neither the token nor anything of the card. */
export const vaultEvents = defineEvents('vault_token', {
  created: {
    description: 'A card was handed over for one purchase; `max_amount` in minor units.',
    entity: 'vault_token_id',
    payload: Type.Object({
      vault_token_id: IdSchema('vault_token'),
      checkout_session_id: Type.String(),
      merchant_id: Type.String(),
      currency: Currency,
      max_amount: Amount,
      expires_at: Instant,
    }),
  },
  redeemed: {
    description: 'A token was used up for a payment; `amount` in minor units.',
    entity: 'vault_token_id',
    payload: use,
  },
  given_back: {
    description: 'The payment was declined: the token may be used once more.',
    entity: 'vault_token_id',
    payload: use,
  },
})
