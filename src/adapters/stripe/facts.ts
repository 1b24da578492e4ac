import { CHARGE_PHASES, type Fact, type ProviderAnswer } from '#modules/payments'
import { fromStripe } from './amounts.ts'
import type { Stripe } from './client.ts'
import { OUR_CAPTURE, OUR_REQUEST } from './metadata.ts'

export const idOf = (object: string | { id: string } | null | undefined): string | null =>
  typeof object === 'string' ? object : (object?.id ?? null)

const instantOf = (seconds: number): string => new Date(seconds * 1000).toISOString()

/**
 * What an intent says has happened to its payment. Stripe counts nothing, and an answer has no
 * time; but an intent only goes forward, so the phase it is in stands for the count, and old news
 * that come late are seen to be old. `told_at` is when Stripe said so (Unix seconds).
 */
export function factsOf(intent: Stripe.PaymentIntent, told_at: number): Fact[] {
  const charge = chargeFact(intent, told_at)
  return charge ? [charge, ...capturesOf(intent, told_at)] : []
}

/** The answer that an intent is. */
export const answerOf = (intent: Stripe.PaymentIntent, told_at: number): ProviderAnswer => ({
  payment_ref: intent.id,
  facts: factsOf(intent, told_at),
})

function chargeFact(intent: Stripe.PaymentIntent, told_at: number): Fact | undefined {
  const { status, last_payment_error: error } = intent
  const held = intent.capture_method === 'manual'
  const fact = {
    ...about(intent, told_at),
    operation: held ? ('authorize' as const) : ('sale' as const),
    request_id: intent.metadata[OUR_REQUEST] ?? null,
  }
  const failed = { ...fact, outcome: 'failed' as const, sequence: CHARGE_PHASES.failed }
  switch (status) {
    case 'requires_action':
      return {
        ...fact,
        outcome: 'action_required',
        sequence: CHARGE_PHASES.action_required,
        action_url: intent.next_action?.redirect_to_url?.url ?? null,
      }
    case 'processing':
      return { ...fact, outcome: 'pending', sequence: CHARGE_PHASES.pending }
    case 'requires_capture':
    case 'succeeded':
      return { ...fact, outcome: 'succeeded', sequence: CHARGE_PHASES.succeeded }
    case 'canceled':
      if (wasHeld(intent)) {
        return { ...fact, outcome: 'succeeded', sequence: CHARGE_PHASES.succeeded }
      }
      return { ...failed, code: 'cancelled', message: 'The payment was cancelled.' }
    default:
      // Not tried yet, or tried in vain.
      if (!error) return undefined
      return {
        ...failed,
        code: error.decline_code ?? error.code ?? error.type,
        message: error.message ?? 'The payment failed.',
      }
  }
}

/** Whether money was held when it was cancelled: it had been charged, and nothing went wrong. */
const wasHeld = (intent: Stripe.PaymentIntent): boolean =>
  intent.capture_method === 'manual' &&
  intent.latest_charge !== null &&
  intent.last_payment_error === null

/**
 * What became of held money. However often an intent is captured, it tells one sum, which only
 * rises: so all its captures are one object whose news are counted by the sum itself. With the last
 * capture, or a cancellation, what was not taken is let go.
 */
function capturesOf(intent: Stripe.PaymentIntent, told_at: number): Fact[] {
  const { status, amount, amount_received, last_payment_error: error } = intent
  const done = { ...about(intent, told_at), outcome: 'succeeded' as const, sequence: 1 }
  const units = (value: number) => fromStripe(value, intent.currency)
  const isOver = status === 'canceled' || status === 'succeeded'
  if (status === 'canceled' && !wasHeld(intent)) {
    // One that had failed already let nothing go.
    return error ? [] : [{ ...done, operation: 'void', amount: 0 }]
  }
  if (intent.capture_method !== 'manual') return []
  const facts: Fact[] = []
  if (amount_received > 0) {
    facts.push({
      ...done,
      operation: 'capture',
      sequence: amount_received,
      amount: units(amount_received),
      request_id: intent.metadata[OUR_CAPTURE] ?? null,
    })
  }
  const rest = amount - amount_received
  if (isOver && rest > 0) facts.push({ ...done, operation: 'void', amount: units(rest) })
  return facts
}

const about = (intent: Stripe.PaymentIntent, told_at: number) => ({
  ref: intent.id,
  amount: fromStripe(intent.amount, intent.currency),
  currency: intent.currency.toUpperCase(),
  occurred_at: instantOf(told_at),
  request_id: null,
  code: null,
  message: null,
  action_url: null,
})

/** A refund goes forward too, and may bounce when it seemed done. */
const REFUND_PHASES = { pending: 1, succeeded: 2, failed: 3 } as const
const REFUND_OUTCOMES: Record<string, keyof typeof REFUND_PHASES> = {
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'failed',
}

/** What a refund says has happened to it. */
export function refundFact(refund: Stripe.Refund, told_at: number): Fact {
  const outcome = REFUND_OUTCOMES[refund.status ?? ''] ?? 'pending'
  const failed = outcome === 'failed'
  return {
    ref: refund.id,
    operation: 'refund',
    outcome,
    amount: fromStripe(refund.amount, refund.currency),
    currency: refund.currency.toUpperCase(),
    sequence: REFUND_PHASES[outcome],
    occurred_at: instantOf(told_at),
    request_id: refund.metadata?.[OUR_REQUEST] ?? null,
    code: failed ? (refund.failure_reason ?? 'refund_failed') : null,
    message: failed
      ? `Stripe could not give it back: ${refund.failure_reason ?? 'unknown'}.`
      : null,
    action_url: null,
  }
}
