import type {
  ChargeRequest,
  Fact,
  FactOperation,
  ProviderAnswer,
  ProviderRequest,
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

/** Takes held money; Stripe lets the rest go at once, and says so. */
export function capture(request: ProviderRequest, { client, now }: Tools) {
  return answered(request, { operation: 'capture', now }, async () => {
    const stripe = await client()
    const intent = await stripe.paymentIntents.capture(
      refOf(request),
      {
        amount_to_capture: toStripe(request.amount, request.currency),
        metadata: { [OUR_CAPTURE]: request.key },
      },
      { idempotencyKey: request.key },
    )
    return answerOf(intent, now())
  })
}

/** Lets held money go, or ends a payment that waits for its payer. */
export function cancel(request: ProviderRequest, { client, now }: Tools): Promise<ProviderAnswer> {
  return answered(request, { operation: 'void', now }, async () => {
    const stripe = await client()
    const options = { idempotencyKey: request.key }
    const intent = await stripe.paymentIntents.cancel(refOf(request), {}, options)
    return answerOf(intent, now())
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
