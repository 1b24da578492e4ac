import type Stripe from 'stripe'

type Multicapture = 'available' | 'unavailable'

/** What a charge tells of the card behind it, and whether that is taken in several steps. */
export const cardDetails = (multicapture: Multicapture): Stripe.Charge.PaymentMethodDetails => ({
  type: 'card',
  card: {
    amount_authorized: null,
    authorization_code: null,
    brand: 'visa',
    checks: null,
    country: 'US',
    electronic_commerce_indicator: null,
    exp_month: 12,
    exp_year: 2040,
    funding: 'credit',
    installments: null,
    last4: '4242',
    mandate: null,
    multicapture: { status: multicapture },
    network: 'visa',
    network_transaction_id: null,
    regulated_status: null,
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  },
})
