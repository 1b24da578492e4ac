import { Type } from 'typebox'

/** An account at Stripe, and how it is asked. */
export const stripeSettings = {
  stripe_secret_key: Type.String({
    description:
      'The secret key of a Stripe account; without it Stripe is not offered. `payment_provider` says who takes payments.',
    default: '',
    secret: true,
  }),
  stripe_publishable_key: Type.String({
    description: 'The publishable key of that account, for Stripe’s script in a browser.',
    default: '',
  }),
  stripe_webhook_secret: Type.String({
    description: 'Checks the signature of Stripe’s webhooks; without it they are refused.',
    default: '',
    secret: true,
  }),
  stripe_api_host: Type.String({
    description: 'Where Stripe is asked.',
    default: 'https://api.stripe.com',
    pattern: '^https?://[^/]+$',
  }),
  stripe_return_url: Type.Optional(
    Type.String({
      description:
        'Where a payer comes back to after 3-D Secure; `public_url` where it is not given.',
      pattern: '^https?://',
      minLength: 1,
    }),
  ),
  stripe_multicapture: Type.Boolean({
    description:
      'Whether held cards may be captured in several steps. Only accounts to which Stripe gives multicapture may ask for it; Stripe refuses the payments of others.',
    default: false,
  }),
  stripe_timeout_ms: Type.Integer({
    description: 'How long a call to Stripe may take before it counts as lost, in milliseconds.',
    default: 20_000,
    minimum: 100,
    maximum: 80_000,
  }),
}
