import type { Stripe } from './client.ts'

/** Stripe has said no, or it is certain that it did nothing. */
export type Refusal = {
  code: string
  message: string
  /** The intent as the error shows it. */
  intent: Stripe.PaymentIntent | undefined
}

type Thrown = {
  type?: string
  code?: string
  decline_code?: string
  message?: string
  statusCode?: number
  payment_intent?: Stripe.PaymentIntent
}

/**
 * What Stripe said no with; undefined if it is not known what happened: no connection, a time
 * limit, a server in trouble, too many requests, the same key still at work, or the same key with
 * another body (then the first one may have been done).
 */
export function refusalOf(error: unknown): Refusal | undefined {
  const { type, code, decline_code, message, payment_intent: intent } = (error ?? {}) as Thrown
  // They are checked before anything is done. What it says of the key is no business of a payer.
  if (type === 'StripeAuthenticationError' || type === 'StripePermissionError') {
    return {
      code: 'provider_not_set_up',
      message: 'Stripe does not accept the key of this shop.',
      intent,
    }
  }
  if (type === 'StripeCardError') {
    return {
      code: decline_code ?? code ?? 'card_declined',
      message: message ?? 'The card was declined.',
      intent,
    }
  }
  if (type !== 'StripeInvalidRequestError' || UNDECIDED.has(code ?? '')) return undefined
  const said = message?.trim() || 'Stripe refused the request.'
  return { code: code ?? 'invalid_request', message: said, intent }
}

const UNDECIDED = new Set(['idempotency_key_in_use', 'lock_timeout', 'rate_limit'])

/** Whether it says that there is no such object. */
export const isMissing = (error: unknown): boolean =>
  (error as Thrown | undefined)?.code === 'resource_missing'
