import type { PaymentProvider } from '#modules/payments'
import { lazyClient, type StripeOptions } from './client.ts'
import { submitEvidence } from './disputes.ts'
import { hostedBy } from './hosted.ts'
import { list, look, lookUp } from './look-up.ts'
import type { CardOf } from './means.ts'
import { cancel, capture, charge, confirm, refund, type Tools } from './moves.ts'
import { readEvent } from './webhooks.ts'

type Around = { cardOf: CardOf; clock: () => Date }

/**
 * Stripe as a payment provider, through its official package. Each request's stored key is the
 * idempotency key of its call, and stands in the metadata of what the call makes, where webhooks
 * and look-ups find it again.
 */
export function createStripe(options: StripeOptions, { cardOf, clock }: Around): PaymentProvider {
  const now = () => Math.floor(clock().getTime() / 1000)
  const tools: Tools = { client: lazyClient(options), options, cardOf, now }
  return {
    name: 'stripe',
    // A call may hang for its time limit and then still be on its way inside Stripe.
    untraced_after_ms: 5 * 60_000,
    // No request takes more than two calls, one to ask and one to do.
    timeout_ms: 2 * options.timeout_ms + 1_000,
    webhook_secret: options.webhook_secret,
    sale: (request) => charge(request, 'automatic', tools),
    authorize: (request) => charge(request, 'manual', tools),
    confirm: (request) => confirm(request, tools),
    capture: (request) => capture(request, tools),
    void: (request) => cancel(request, tools),
    refund: (request) => refund(request, tools),
    lookUp: (key, about) => lookUp(key, about, tools),
    look: (payment_ref) => look(payment_ref, tools),
    list: (window) => list(window, tools),
    submitEvidence: (request) => submitEvidence(request, tools),
    readWebhook: readEvent,
    hosted: hostedBy(tools),
  }
}
