import type Stripe from 'stripe'
import type { Books, Token } from './books.ts'
import { cardDetails } from './card-details.ts'
import { type CardBehaviour, cardNamed, cardNumbered } from './cards.ts'
import { disputeCharge } from './disputes.ts'
import { newMethod } from './objects.ts'
import { invalid, missing, Refusal } from './refusal.ts'

type Params = Record<string, any>
/** What a call knows beside its parameters. */
export type Call = { address: string; version: string }

/** Makes an intent, and tries it at once where it says `confirm`. */
export function createIntent(books: Books, params: Params, call: Call): Stripe.PaymentIntent {
  const amount = wholeUnits(params.amount, 'amount')
  if (amount < 1) throw invalid('Amount must be at least 1.', { code: 'amount_too_small' })
  if (!/^[a-z]{3}$/.test(params.currency ?? '')) throw invalid('Invalid currency.')
  const means = params.confirm === 'true' || hasMeans(params) ? meansOf(books, params, call) : null
  const manual = params.capture_method === 'manual'
  const often = params.payment_method_options?.card?.request_multicapture === 'if_available'
  if (often && !books.multicapture) {
    throw invalid('This account is not eligible for the requested card features.')
  }
  const intent = books.addIntent({
    amount,
    currency: params.currency,
    capture_method: manual ? 'manual' : (params.capture_method ?? 'automatic_async'),
    metadata: params.metadata ?? {},
    receipt_email: params.receipt_email ?? null,
    description: params.description ?? null,
    customer: params.customer ?? null,
    payment_method: means?.id ?? null,
    payment_method_types: params.payment_method_types ?? ['card'],
    automatic_payment_methods:
      params.automatic_payment_methods?.enabled === 'true'
        ? { allow_redirects: 'always', enabled: true }
        : null,
    payment_method_options: often ? { card: CARD_OPTIONS } : null,
    status: means ? 'requires_confirmation' : 'requires_payment_method',
  })
  if (params.confirm === 'true') attempt(books, intent, { ...call, return_url: params.return_url })
  return intent
}

const CARD_OPTIONS: Stripe.PaymentIntent.PaymentMethodOptions.Card = {
  installments: null,
  mandate_options: null,
  network: null,
  request_multicapture: 'if_available',
  request_three_d_secure: null,
}

const hasMeans = (params: Params) => Boolean(params.payment_method ?? params.payment_method_data)

export function wholeUnits(text: unknown, param: string): number {
  if (!/^\d{1,12}$/.test(String(text ?? ''))) throw invalid(`Invalid integer: ${text}`, { param })
  return Number(text)
}

/** The payment method that is named, made of a card or token where it must be. */
function meansOf(books: Books, params: Params, call: Call): Stripe.PaymentMethod {
  const { payment_method: id, payment_method_data: data, customer } = params
  if (data?.shared_payment_granted_token) return grantedMethod(books, params, call)
  if (data?.card?.number) return addMethod(books, cardNumbered(data.card.number))
  const named = data?.card?.token ?? id
  if (named === undefined) throw invalid('You must provide a payment method.')
  const known = books.methods.get(named)
  if (known) {
    if (known.customer && known.customer !== customer) {
      throw invalid(
        'The payment method you provided is attached to a customer so for security purposes you must provide the customer in the request.',
      )
    }
    return known
  }
  const behaviour = cardNamed(named)
  if (!behaviour) throw missing('PaymentMethod', named)
  return addMethod(books, behaviour)
}

export function addMethod(
  books: Books,
  behaviour: CardBehaviour,
  own: Partial<Stripe.PaymentMethod> = {},
): Stripe.PaymentMethod {
  const method = newMethod({ id: books.id('pm'), created: books.now, ...own })
  books.methods.set(method.id, method)
  books.behaviours.set(method.id, behaviour)
  return method
}

function grantedMethod(books: Books, params: Params, { version }: Call): Stripe.PaymentMethod {
  if (!version.endsWith('.preview')) {
    throw invalid('Received unknown parameter: payment_method_data[shared_payment_granted_token]', {
      code: 'parameter_unknown',
    })
  }
  const id: string = params.payment_method_data.shared_payment_granted_token
  const token = books.find('shared_payment_granted_token', books.tokens, id)
  refuseToken(token, params, books.now)
  token.used = true
  return addMethod(books, cardNamed(token.method) ?? {})
}

function refuseToken(token: Token, params: Params, now: number): void {
  if (token.used) throw invalid('The shared payment token was used already.')
  if (token.expires_at <= now) throw invalid('The shared payment token has expired.')
  if (token.currency !== params.currency || token.max_amount < Number(params.amount)) {
    throw invalid('The payment exceeds the usage limits of the shared payment token.')
  }
}

type Way = { address: string; return_url?: string | undefined }

/** Tries to take (or hold) the money of an intent. Throws the decline, as an answer would. */
export function attempt(books: Books, intent: Stripe.PaymentIntent, way: Way): void {
  const behaviour = books.behaviours.get(String(intent.payment_method)) ?? {}
  if (behaviour.challenge) {
    intent.status = 'requires_action'
    intent.next_action = {
      type: 'redirect_to_url',
      redirect_to_url: {
        url: `${way.address}/3ds/${intent.id}`,
        return_url: way.return_url ?? null,
      },
    }
    books.tell('payment_intent.requires_action', intent)
    return
  }
  if (behaviour.slow) {
    intent.status = 'processing'
    books.tell('payment_intent.processing', intent)
    return
  }
  if (behaviour.decline) throw decline(books, intent, behaviour.decline)
  charge(books, intent)
}

/** The payer tries with one of the test cards; answers whether it worked, or goes on. */
export function payIntent(books: Books, intent: Stripe.PaymentIntent, card: string): boolean {
  if (intent.status === 'canceled' || intent.status === 'succeeded') return false
  intent.payment_method = addMethod(books, cardNamed(card) ?? {}).id
  try {
    attempt(books, intent, { address: '' })
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** The payer is back from the challenge, or a slow method has come to its end. */
export function conclude(books: Books, intent: Stripe.PaymentIntent, passed: boolean): void {
  if (intent.status !== 'requires_action' && intent.status !== 'processing') return
  const { decline: refused } = books.behaviours.get(String(intent.payment_method)) ?? {}
  const unproven = {
    code: 'payment_intent_authentication_failure',
    message: 'We are unable to authenticate your payment method.',
  }
  const why = passed ? refused : unproven
  if (why) decline(books, intent, why)
  else charge(books, intent)
}

function decline(
  books: Books,
  intent: Stripe.PaymentIntent,
  why: NonNullable<CardBehaviour['decline']>,
): Refusal {
  const failed = books.addCharge(intent, {
    status: 'failed',
    failure_code: why.code,
    failure_message: why.message,
  })
  intent.status = 'requires_payment_method'
  intent.next_action = null
  intent.payment_method = null
  intent.last_payment_error = {
    type: 'card_error',
    charge: failed.id,
    ...why,
  } as Stripe.PaymentIntent.LastPaymentError
  books.tell('charge.failed', failed)
  books.tell('payment_intent.payment_failed', intent)
  const { code, decline_code, message } = why
  return new Refusal(402, 'card_error', message, {
    code,
    ...(decline_code && { decline_code }),
    payment_intent: structuredClone(intent),
  })
}

function charge(books: Books, intent: Stripe.PaymentIntent): void {
  intent.next_action = null
  intent.last_payment_error = null
  const often = intent.payment_method_options?.card?.request_multicapture === 'if_available'
  const { once } = books.behaviours.get(String(intent.payment_method)) ?? {}
  const made = books.addCharge(intent, {
    status: 'succeeded',
    payment_method_details: cardDetails(often && !once ? 'available' : 'unavailable'),
  })
  if (intent.capture_method === 'manual') {
    intent.status = 'requires_capture'
    intent.amount_capturable = intent.amount
    books.tell('charge.succeeded', made)
    books.tell('payment_intent.amount_capturable_updated', intent)
    return
  }
  receive(books, intent, intent.amount)
  books.tell('charge.succeeded', made)
  books.tell('payment_intent.succeeded', intent)
  const { dispute } = books.behaviours.get(String(intent.payment_method)) ?? {}
  if (dispute) disputeCharge(books, made, 'fraudulent')
}

function receive(books: Books, intent: Stripe.PaymentIntent, amount: number, isLast = true): void {
  const made = books.chargeOf(intent) as Stripe.Charge
  intent.amount_received += amount
  intent.amount_capturable = isLast ? 0 : intent.amount_capturable - amount
  if (isLast) intent.status = 'succeeded'
  made.captured = true
  made.amount_captured += amount
  made.balance_transaction = books.id('txn')
}

const unexpected = (intent: Stripe.PaymentIntent, doing: string) =>
  invalid(`This PaymentIntent could not be ${doing} because it has a status of ${intent.status}.`, {
    code: 'payment_intent_unexpected_state',
    payment_intent: structuredClone(intent),
  })

export function captureIntent(books: Books, intent: Stripe.PaymentIntent, params: Params) {
  if (intent.status !== 'requires_capture') throw unexpected(intent, 'captured')
  const amount = wholeUnits(params.amount_to_capture ?? intent.amount_capturable, 'amount')
  if (amount > intent.amount_capturable) {
    throw invalid(
      `The payment could not be captured because the requested capture amount is greater than the authorized amount.`,
      { code: 'amount_too_large', param: 'amount_to_capture' },
    )
  }
  const charge = books.chargeOf(intent) as Stripe.Charge
  const often = charge.payment_method_details?.card?.multicapture?.status === 'available'
  if (params.final_capture !== undefined && !often) {
    throw invalid('You can only use final_capture where multicapture is available.', {
      param: 'final_capture',
    })
  }
  if (amount === 0 && intent.amount_received === 0) throw invalid('Invalid positive integer')
  const isLast = params.final_capture !== 'false' || amount === intent.amount_capturable
  Object.assign(intent.metadata, params.metadata)
  receive(books, intent, amount, isLast)
  books.tell(isLast ? 'charge.captured' : 'charge.updated', charge)
  if (isLast) books.tell('payment_intent.succeeded', intent)
  return intent
}

export function cancelIntent(books: Books, intent: Stripe.PaymentIntent, params: Params) {
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw unexpected(intent, 'canceled')
  }
  if (intent.amount_received > 0 && !books.cancelsParts) throw unexpected(intent, 'canceled')
  intent.status = 'canceled'
  intent.canceled_at = books.now
  intent.cancellation_reason = params.cancellation_reason ?? null
  intent.amount_capturable = 0
  intent.next_action = null
  books.tell('payment_intent.canceled', intent)
  return intent
}

export function confirmIntent(
  books: Books,
  intent: Stripe.PaymentIntent,
  params: Params,
  call: Call,
): Stripe.PaymentIntent {
  if (hasMeans(params)) intent.payment_method = meansOf(books, params, call).id
  const ready = intent.payment_method !== null
  const open =
    intent.status === 'requires_confirmation' || intent.status === 'requires_payment_method'
  if (!open || !ready) throw unexpected(intent, 'confirmed')
  attempt(books, intent, { ...call, return_url: params.return_url })
  return intent
}
