import assert from 'node:assert/strict'
import type { House } from '#testing'

/** A card handed over for 50.00 USD, as an agent sends it; `more` replaces members. */
export const delegation = (more: Record<string, object> = {}) => ({
  payment_method: {
    type: 'card',
    card_number_type: 'fpan',
    number: '4242 4242 4242 4242',
    exp_month: '11',
    exp_year: '2041',
    name: 'Jane Doe',
    cvc: '223',
    display_card_funding_type: 'credit',
    display_brand: 'visa',
    display_last4: '4242',
    metadata: {},
    ...more.payment_method,
  },
  allowance: {
    reason: 'one_time',
    max_amount: 5000,
    currency: 'usd',
    checkout_session_id: 'session-1',
    merchant_id: 'shop',
    expires_at: '2041-02-13T12:00:00Z',
    ...more.allowance,
  },
  risk_signals: more.risk_signals ?? [{ type: 'card_testing', score: 5, action: 'authorized' }],
  metadata: { campaign: 'q4', ...more.metadata },
})

export const ROUTE = 'POST /api/v1/vault/tokens'

/** A token for `delegation(more)`. */
export async function newToken(house: House, more: Record<string, object> = {}): Promise<string> {
  const { status, data, body } = await house.ask(ROUTE, delegation(more))
  assert.equal(status, 201, JSON.stringify(body))
  return data.id
}

export const terms = {
  checkout_session_id: 'session-1',
  merchant_id: 'shop',
  amount: 4200,
  currency: 'USD',
}
