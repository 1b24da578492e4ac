import { Type } from 'typebox'
import { checker } from '#kit/checker'
import { Text } from '#kit/schemas'
import { type HostedNews, paymentErrors, type WebhookNews } from '#modules/payments'
import { Unpayable } from './amounts.ts'
import type { Stripe } from './client.ts'
import { disputeNews } from './disputes.ts'
import { answerOf, idOf, refundFact } from './facts.ts'
import { hostedIntent, hostedSession } from './hosted.ts'
import { OUR_HOSTED, OUR_REQUEST } from './metadata.ts'

/** What every object that is read must have; the rest of it is as Stripe's types say. */
const name = Text(255)
const seconds = Type.Integer({ minimum: 0, maximum: 99_999_999_999 })
const units = Type.Integer({ minimum: 0, maximum: 99_999_999_999 })
const currency = Type.String({ pattern: '^[a-zA-Z]{3}$' })
const metadata = Type.Record(Type.String(), Type.String({ maxLength: 500 }))
const money = { id: name, amount: units, currency }
const named = Type.Union([name, Type.Object({ id: name }), Type.Null()])

const Event = checker(
  Type.Object({
    id: name,
    type: name,
    created: seconds,
    data: Type.Object({ object: Type.Object({}) }),
  }),
)
const Intent = checker(
  Type.Object({ ...money, amount_received: units, status: name, capture_method: name, metadata }),
)
const Refund = checker(Type.Object({ ...money, payment_intent: Type.Optional(named) }))
const Dispute = checker(
  Type.Object({ ...money, status: name, created: seconds, payment_intent: named }),
)
const Session = checker(
  Type.Object({
    id: name,
    status: name,
    payment_status: name,
    amount_total: units,
    currency,
    expires_at: seconds,
  }),
)
const Charge = checker(Type.Object({ ...money, payment_intent: named }))

type News = Omit<WebhookNews, 'event_id' | 'type'>
type Reader = (object: object, told_at: number, type: string) => News
const NOTHING: News = { answer: undefined }

const READERS: Record<string, Reader> = {
  'payment_intent.succeeded': readIntent,
  'payment_intent.payment_failed': readIntent,
  'payment_intent.requires_action': readIntent,
  'payment_intent.processing': readIntent,
  'payment_intent.canceled': readIntent,
  'payment_intent.amount_capturable_updated': readIntent,
  'charge.refunded': readRefundedCharge,
  'charge.updated': readCapturedCharge,
  'charge.refund.updated': readRefund,
  'refund.created': readRefund,
  'refund.updated': readRefund,
  'refund.failed': readRefund,
  'charge.dispute.created': readDispute,
  'charge.dispute.updated': readDispute,
  'charge.dispute.closed': readDispute,
  'charge.dispute.funds_withdrawn': readDispute,
  'charge.dispute.funds_reinstated': readDispute,
  'checkout.session.completed': readSession,
  'checkout.session.async_payment_succeeded': readSession,
  'checkout.session.async_payment_failed': readSession,
  'checkout.session.expired': readSession,
}

/** The events of Stripe that mean something here: what a webhook endpoint should be sent. */
export const EVENT_TYPES: readonly string[] = Object.keys(READERS)

/** Reads an event of Stripe; every type that is not listed is nobody's business here. */
export function readEvent(body: string): WebhookNews {
  const event = checked<Stripe.Event>(Event, parse(body))
  const { id: event_id, type, created } = event
  const reader = READERS[type]
  try {
    const news = reader?.(event.data.object, created, type) ?? NOTHING
    return { event_id, type, ...news }
  } catch (error) {
    if (error instanceof Unpayable) throw paymentErrors.bad_webhook({ problem: error.message })
    throw error
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw paymentErrors.bad_webhook({ problem: 'it is no JSON' })
  }
}

type Check = { Check(value: unknown): boolean; Errors(value: unknown): Iterable<Fault> }
type Fault = { instancePath: string; message?: string }

function checked<T>(schema: Check, value: unknown): T {
  if (schema.Check(value)) return value as T
  const [first] = schema.Errors(value)
  const field = first?.instancePath.slice(1).replaceAll('/', '.') || 'it'
  throw paymentErrors.bad_webhook({
    problem: `${field} ${first?.message ?? 'is not as documented'}`,
  })
}

function readIntent(object: object, told_at: number, type: string): News {
  const intent = checked<Stripe.PaymentIntent>(Intent, object)
  if (OUR_REQUEST in intent.metadata) return { answer: answerOf(intent, told_at) }
  // What another program of the same account does is not told here; reconciliation lists it.
  if (!(OUR_HOSTED in intent.metadata)) return NOTHING
  const ended = type.endsWith('.succeeded') || type.endsWith('.canceled')
  if (!ended && !type.endsWith('.payment_failed')) return NOTHING
  const hosted = newsOf(hostedIntent(intent), told_at)
  if (ended) return { answer: undefined, hosted }
  const error = intent.last_payment_error
  const failure = {
    code: error?.decline_code ?? error?.code ?? 'payment_failed',
    message: error?.message ?? 'The payment failed.',
  }
  return { answer: undefined, hosted: { ...hosted, failure } }
}

function readSession(object: object, told_at: number, type: string): News {
  const session = checked<Stripe.Checkout.Session>(Session, object)
  if (!(OUR_HOSTED in (session.metadata ?? {}))) return NOTHING
  const hosted = newsOf(hostedSession(session), told_at)
  if (!type.endsWith('async_payment_failed')) return { answer: undefined, hosted }
  const failure = { code: 'payment_failed', message: 'The payment did not come through.' }
  return { answer: undefined, hosted: { ...hosted, failure } }
}

const newsOf = (hosted: ReturnType<typeof hostedIntent>, told_at: number): HostedNews => ({
  ref: hosted.ref,
  payment_ref: hosted.payment_ref,
  status: hosted.status,
  payment_status: hosted.payment_status,
  amount: hosted.amount,
  currency: hosted.currency,
  customer_email: hosted.customer_email,
  metadata: hosted.metadata,
  occurred_at: new Date(told_at * 1000).toISOString(),
})

function readRefund(object: object, told_at: number): News {
  const refund = checked<Stripe.Refund>(Refund, object)
  const payment_ref = idOf(refund.payment_intent)
  return payment_ref ? { answer: { payment_ref, facts: [refundFact(refund, told_at)] } } : NOTHING
}

/** The charge tells a sum and no refunds, so Stripe must be asked which ones there are. */
function readRefundedCharge(object: object): News {
  const charge = checked<Stripe.Charge>(Charge, object)
  const look_at = idOf(charge.payment_intent)
  return look_at ? { answer: undefined, look_at } : NOTHING
}

/** A charge of which only a part was taken: how much, and by whom, the intent says. */
function readCapturedCharge(object: object): News {
  const { amount, amount_captured, payment_intent } = checked<Stripe.Charge>(Charge, object)
  const isPart = amount_captured > 0 && amount_captured < amount
  const look_at = isPart ? idOf(payment_intent) : null
  return look_at ? { answer: undefined, look_at } : NOTHING
}

function readDispute(object: object, told_at: number): News {
  const dispute = disputeNews(checked<Stripe.Dispute>(Dispute, object), told_at)
  return dispute ? { answer: undefined, dispute } : NOTHING
}
