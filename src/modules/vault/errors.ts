import { defineErrors } from '#kit/errors'

/** Why a card is not taken, or a token does not pay. No message and no detail repeats card data. */
export const vaultErrors = defineErrors({
  closed: {
    code: 'VAULT_CLOSED',
    status: 404,
    message: 'This server takes no card data: the setting vault_enabled is off.',
  },
  invalid_card: {
    code: 'VAULT_INVALID_CARD',
    status: 400,
    message: '{field}: {problem}.',
  },
  risk_blocked: {
    code: 'VAULT_RISK_BLOCKED',
    status: 400,
    message: 'A risk signal says that this card must not be taken.',
  },
  token_unknown: {
    code: 'VAULT_TOKEN_UNKNOWN',
    status: 404,
    message: 'There is no such payment token.',
  },
  token_used: {
    code: 'VAULT_TOKEN_USED',
    status: 422,
    message: 'The payment token was used already.',
  },
  token_expired: {
    code: 'VAULT_TOKEN_EXPIRED',
    status: 422,
    message: 'The payment token expired at {expires_at}.',
  },
  other_session: {
    code: 'VAULT_TOKEN_OTHER_SESSION',
    status: 422,
    message: 'The payment token is for another checkout session.',
  },
  other_merchant: {
    code: 'VAULT_TOKEN_OTHER_MERCHANT',
    status: 422,
    message: 'The payment token is for another merchant.',
  },
  other_currency: {
    code: 'VAULT_TOKEN_OTHER_CURRENCY',
    status: 422,
    message: 'The payment token is for another currency.',
  },
  amount_exceeded: {
    code: 'VAULT_TOKEN_AMOUNT_EXCEEDED',
    status: 422,
    message: 'The payment token pays less than what is asked for.',
  },
})
