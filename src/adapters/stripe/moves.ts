import {
  CAPTURED_ONCE,
  type ChargeRequest,
  type Fact,
  type FactOperation,
  type ProviderAnswer,
  type ProviderRequest,
} from '#modules/payments'
import { toStripe, Unpayable } from './amounts.ts'
import type { Client, Stripe, StripeOptions } from './client.ts'
import { refusalOf } from './errors.ts'
import { answerOf, factsOf, refundFact } from './facts.ts'
import { type CardOf, meansOf } from './means.ts'
import { OUR_CAPTURE, OUR_REQUEST } from './metadata.ts'

/** What the calls need; `now` in Unix seconds. */
export type Tools = {
  client: Client
  options: StripeOptions
  cardOf: CardOf
  now: () => number
}

/** The version of the API in which Shared Payment Tokens can be charged. */
const PREVIEW = '2026-04-22.preview'
/** Asks that a held card can be captured in several steps, if its network has that. */
const OFTEN = {
  payment_method_options: { card: { request_multicapture: 'if_available' as const } },
}

/** Charges, or holds with `manual`, by an intent that is made and confirmed in one call. */
export function charge(
  request: ChargeRequest,
  capture_method: 'automatic' | 'manual',
  { client, options, cardOf, now }: Tools,
): Promise<ProviderAnswer> {
  const operation = capture_method === 'manual' ? 'authorize' : 'sale'
  return answered(request, { operation, now }, async () => {
    const stripe = await client()
    const amount = toStripe(request.amount, request.currency)
    const means = await meansOf(request, { client: stripe, cardOf })
    if ('code' in means) return refused(request, { operation, now, ...means })
    const intent = await stripe.paymentIntents.create(
      {
        amount,
        currency: request.currency.toLowerCase(),
        capture_method,
        confirm: true,
        ...means.params,
        automatic_payment_methods: { enabled: true },
        ...(capture_method === 'manual' && options.multicapture && OFTEN),
        return_url: options.return_url,
        metadata: { [OUR_REQUEST]: request.key, order_id: request.order_id },
      },
      {
        idempotencyKey: request.key,
        ...(means.preview && { apiVersion: PREVIEW as never }),
      },
    )
    return answerOf(intent, now())
  })
}

/** The payer is back: what became of it, and the last step where one is left. */
export function confirm(request: ProviderRequest, tools: Tools): Promise<ProviderAnswer> {
  const { client, options, now } = tools
  return answered(request, { operation: 'sale', now }, async () => {
    const stripe = await client()
    const found = await stripe.paymentIntents.retrieve(refOf(request))
    if (found.status !== 'requires_confirmation') return answerOf(found, now())
    const confirmed = await stripe.paymentIntents.confirm(
      found.id,
      { return_url: options.return_url },
      { idempotencyKey: request.key },
    )
    return answerOf(confirmed, now())
  })
}

/** Takes held money. Where Stripe captures only once it lets the rest go at once, and says so. */
export function capture(request: ProviderRequest, { client, now }: Tools) {
  return answered(request, { operation: 'capture', now }, async () => {
    const stripe = await client()
    const ref = refOf(request)
    const amount_to_capture = toStripe(request.amount, request.currency)
    const held = await stripe.paymentIntents.retrieve(ref, { expand: ['latest_charge'] })
    const leavesSome = amount_to_capture < held.amount_capturable
    const isLast = !leavesSome || !capturesOften(held)
    if (leavesSome && isLast && request.keep_rest) {
      const message = 'Stripe takes this payment only once.'
      return refused(request, { operation: 'capture', now, code: CAPTURED_ONCE, message })
    }
    const intent = await stripe.paymentIntents.capture(
      ref,
      {
        amount_to_capture,
        // Said only where it is allowed: elsewhere the word itself is refused.
        ...(!isLast && { final_capture: false }),
        metadata: { [OUR_CAPTURE]: request.key },
      },
      { idempotencyKey: request.key },
    )
    return answerOf(intent, now())
  })
}

/** Whether the card behind a held intent is taken in several steps; its charge is expanded. */
function capturesOften({ latest_charge }: Stripe.PaymentIntent): boolean {
  const charge = typeof latest_charge === 'object' ? latest_charge : null
  return charge?.payment_method_details?.card?.multicapture?.status === 'available'
}

/**
 * Lets held money go, or ends a payment that waits for its payer. What was captured in part may
 * refuse to be cancelled: then its last capture takes nothing.
 */
export function cancel(request: ProviderRequest, { client, now }: Tools): Promise<ProviderAnswer> {
  return answered(request, { operation: 'void', now }, async () => {
    const stripe = await client()
    const ref = refOf(request)
    const options = { idempotencyKey: request.key }
    try {
      return answerOf(await stripe.paymentIntents.cancel(ref, {}, options), now())
    } catch (error) {
      const intent = refusalOf(error)?.intent
      const isPart = intent?.status === 'requires_capture' && intent.amount_received > 0
      if (!isPart) throw error
      const nothing = { amount_to_capture: 0, final_capture: true }
      const rest = { idempotencyKey: `${request.key}:rest` }
      return answerOf(await stripe.paymentIntents.capture(ref, nothing, rest), now())
    }
  })
}

export function refund(request: ProviderRequest, { client, now }: Tools): Promise<ProviderAnswer> {
  return answered(request, { operation: 'refund', now }, async () => {
    const stripe = await client()
    const payment_ref = refOf(request)
    const made = await stripe.refunds.create(
      {
        payment_intent: payment_ref,
        amount: toStripe(request.amount, request.currency),
        metadata: { [OUR_REQUEST]: request.key },
      },
      { idempotencyKey: request.key },
    )
    return { payment_ref, facts: [refundFact(made, now())] }
  })
}

const refOf = ({ payment_ref }: ProviderRequest): string => {
  if (payment_ref === null) throw new Error('this payment has no name at Stripe yet')
  return payment_ref
}

type Asked = { operation: FactOperation; now: () => number }

/** Makes an answer of a refusal; what leaves open what happened is thrown on. */
async function answered(
  request: ProviderRequest,
  asked: Asked,
  call: () => Promise<ProviderAnswer>,
): Promise<ProviderAnswer> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Unpayable) {
      return refused(request, { ...asked, code: 'amount_not_payable', message: error.message })
    }
    const refusal = refusalOf(error)
    if (!refusal) throw error
    return refused(request, { ...asked, ...refusal })
  }
}

type Refused = Asked & { code: string; message: string; intent?: Stripe.PaymentIntent | undefined }

/**
 * A declined charge left an intent, which says it all. Of any other refusal nothing was made, so
 * the fact is named by our own key; what the intent is instead is told beside it.
 */
function refused(request: ProviderRequest, refusal: Refused): ProviderAnswer {
  const { operation, code, message, intent, now } = refusal
  const known = intent ? factsOf(intent, now()) : []
  const payment_ref = intent?.id ?? request.payment_ref
  const isCharge = operation === 'sale' || operation === 'authorize'
  if (isCharge && known.length > 0) return { payment_ref, facts: known }
  const fact: Fact = {
    ref: request.key,
    operation,
    outcome: 'failed',
    amount: request.amount,
    currency: request.currency,
    sequence: 0,
    occurred_at: new Date(now() * 1000).toISOString(),
    request_id: request.key,
    code,
    message,
    action_url: null,
  }
  return { payment_ref, facts: [fact, ...known] }
}
