import { defineErrors } from '#kit/errors'

export const creditErrors = defineErrors({
  gift_card_not_found: {
    code: 'GIFT_CARD_NOT_FOUND',
    status: 404,
    message: 'There is no gift card {gift_card_id}.',
  },
  code_unknown: {
    code: 'GIFT_CARD_CODE_UNKNOWN',
    status: 404,
    message: 'No gift card has this code.',
  },
  too_many_guesses: {
    code: 'GIFT_CARD_TOO_MANY_GUESSES',
    status: 429,
    message: 'Too many wrong codes; try again in {retry_after} seconds.',
  },
  disabled: {
    code: 'GIFT_CARD_DISABLED',
    status: 422,
    message: 'The gift card that ends in {last_four} cannot be used at the moment.',
  },
  expired: {
    code: 'GIFT_CARD_EXPIRED',
    status: 422,
    message: 'The gift card that ends in {last_four} has expired.',
  },
  account_not_found: {
    code: 'STORE_CREDIT_NOT_FOUND',
    status: 404,
    message: 'There is no store credit account {account_id}.',
  },
  none: {
    code: 'STORE_CREDIT_NONE',
    status: 422,
    message: 'There is no store credit in {currency}.',
  },
  currency_differs: {
    code: 'CREDIT_CURRENCY_MISMATCH',
    status: 422,
    message: 'This can only be used for {currency}.',
  },
  insufficient: {
    code: 'CREDIT_INSUFFICIENT',
    status: 422,
    message: 'Only {available} {currency} is left.',
  },
  too_much: {
    code: 'CREDIT_TOO_MUCH',
    status: 422,
    message: 'No balance may exceed {most} {currency}.',
  },
  reference_taken: {
    code: 'CREDIT_REFERENCE_TAKEN',
    status: 409,
    message: 'Something else was booked for {reference_type} {reference_id} already.',
  },
})
