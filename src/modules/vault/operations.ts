import { command } from '#platform/operations'
import { delegatePayment } from './commands/delegate-payment.ts'
import { vaultErrors } from './errors.ts'
import { DelegatedToken, DelegatePayment } from './schemas.ts'

export const operations = [
  command('vault.delegate_payment', {
    rest: 'POST /api/v1/vault/tokens',
    permission: 'vault:write',
    summary: 'Hand over a card for one purchase',
    description:
      'Answers a token that pays once, for one checkout session of one merchant, up to an amount and a time. The card is kept encrypted until then and erased soon after.',
    status: 201,
    isolation: 'read committed',
    secret: true,
    input: DelegatePayment,
    output: DelegatedToken,
    errors: [vaultErrors.closed, vaultErrors.invalid_card, vaultErrors.risk_blocked],
    example: {
      payment_method: {
        type: 'card',
        card_number_type: 'fpan',
        number: '4242424242424242',
        exp_month: '11',
        exp_year: '2031',
        name: 'Jane Doe',
        cvc: '223',
        display_card_funding_type: 'credit',
        display_brand: 'visa',
        metadata: {},
      },
      allowance: {
        reason: 'one_time',
        max_amount: 5000,
        currency: 'usd',
        checkout_session_id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10',
        merchant_id: 'tradepost',
        expires_at: '2031-02-13T12:00:00Z',
      },
      risk_signals: [],
      metadata: { campaign: 'q4' },
    },
    run: delegatePayment,
  }),
]
