/** What a card does; the names and numbers are those that Stripe publishes for its test mode. */
export type CardBehaviour = {
  decline?: { code: string; decline_code?: string; message: string }
  /** The payer must prove themselves first. */
  challenge?: true
  /** Takes days: `processing` until `finishProcessing`. */
  slow?: true
  dispute?: true
  refund?: 'pending' | 'failing'
  /** Its network takes a payment only once, whatever was asked for. */
  once?: true
}

const declined = (decline_code: string, message = 'Your card was declined.'): CardBehaviour => ({
  decline: { code: 'card_declined', decline_code, message },
})
const expired: CardBehaviour = {
  decline: { code: 'expired_card', message: 'Your card has expired.' },
}

const BY_NAME: Record<string, CardBehaviour> = {
  pm_card_visa: {},
  pm_card_mastercard: {},
  pm_card_visa_chargeDeclined: declined('generic_decline'),
  pm_card_chargeDeclined: declined('generic_decline'),
  pm_card_chargeDeclinedInsufficientFunds: declined(
    'insufficient_funds',
    'Your card has insufficient funds.',
  ),
  pm_card_visa_chargeDeclinedInsufficientFunds: declined(
    'insufficient_funds',
    'Your card has insufficient funds.',
  ),
  pm_card_chargeDeclinedExpiredCard: expired,
  pm_card_authenticationRequired: { challenge: true },
  pm_card_threeDSecure2Required: { challenge: true },
  pm_card_threeDSecureRequiredChargeDeclined: {
    challenge: true,
    ...declined('generic_decline'),
  },
  pm_card_createDispute: { dispute: true },
  pm_card_pendingRefund: { refund: 'pending' },
  pm_card_unionpay: { once: true },
  pm_card_refundFail: { refund: 'failing' },
  pm_usBankAccount_success: { slow: true },
  tok_visa: {},
  tok_chargeDeclined: declined('generic_decline'),
}

const BY_NUMBER: Record<string, CardBehaviour> = {
  '4242424242424242': {},
  '5555555555554444': {},
  '4000000000000002': declined('generic_decline'),
  '4000000000009995': declined('insufficient_funds', 'Your card has insufficient funds.'),
  '4000000000000069': expired,
  '4000000000003220': { challenge: true },
  '4000000000000259': { dispute: true },
}

/** What a named card does; undefined if there is none of that name. */
export const cardNamed = (name: string): CardBehaviour | undefined => BY_NAME[name]
export const cardNumbered = (number: string): CardBehaviour => BY_NUMBER[number] ?? {}
