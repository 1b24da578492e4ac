import { defineErrors } from '#kit/errors'

/** `field` is a JSONPath in the words of the newest ACP; faces translate it into theirs. */
export const agenticErrors = defineErrors({
  not_found: {
    code: 'AGENT_SESSION_NOT_FOUND',
    status: 404,
    message: 'There is no session {session_id}.',
  },
  cart_not_found: {
    code: 'AGENT_CART_NOT_FOUND',
    status: 404,
    message: 'There is no cart {cart_id}.',
  },
  nothing_available: {
    code: 'AGENT_CART_NOTHING_AVAILABLE',
    status: 422,
    message: 'None of these articles can be had now.',
  },
  ended: {
    code: 'AGENT_SESSION_ENDED',
    status: 409,
    message: 'Session {session_id} is {status} and does not change any more.',
  },
  busy: {
    code: 'AGENT_SESSION_BUSY',
    status: 409,
    message: 'Session {session_id} is {status}: its order is placed and its payment is under way.',
  },
  not_ready: {
    code: 'AGENT_SESSION_NOT_READY',
    status: 409,
    message: 'Session {session_id} cannot be paid yet: {problem}',
  },
  unknown_item: {
    code: 'AGENT_ITEM_UNKNOWN',
    status: 400,
    message: '{field}: there is no article {item} for sale.',
  },
  currency_not_sold: {
    code: 'AGENT_CURRENCY_NOT_SOLD',
    status: 400,
    message: '{field}: {item} is not sold in {currency}.',
  },
  invalid: { code: 'AGENT_INPUT_INVALID', status: 400, message: '{field}: {problem}.' },
  payment_missing: {
    code: 'AGENT_PAYMENT_MISSING',
    status: 400,
    message: '{field}: say how it is paid.',
  },
  token_refused: {
    code: 'AGENT_TOKEN_REFUSED',
    status: 400,
    message: '{field}: this payment token cannot be used: {problem}.',
  },
  requires_authentication: {
    code: 'AGENT_AUTHENTICATION_REQUIRED',
    status: 400,
    message: '{field}: the payer has to be authenticated (3-D Secure); send the result.',
  },
})
