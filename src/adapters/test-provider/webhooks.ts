import { createHash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { checker } from '#kit/checker'
import { AMOUNT_MAX } from '#kit/money'
import { LongText, Text, toInstant } from '#kit/schemas'
import {
  type Fact,
  type FactOperation,
  type Outcome,
  paymentErrors,
  signatureOf,
  type WebhookNews,
} from '#modules/payments'
import { readHostedWebhook } from './hosted-webhooks.ts'
import type { Entry } from './ledger.ts'

const name = Text(255)
const Webhook = Type.Object({
  id: Type.Optional(name),
  type: name,
  /** RFC 3339 or Unix seconds. */
  created: Type.Union([
    Type.String({ format: 'date-time', maxLength: 40 }),
    Type.Integer({ minimum: 0, maximum: 99_999_999_999 }),
  ]),
  data: Type.Object({
    /** The object: a charge, capture, void or refund; the charge itself unless said. */
    id: Type.Optional(name),
    transaction_id: name,
    /** The key that we gave with the request. */
    reference: Type.Optional(name),
    /** `authorize` for news of a payment that is only to be held; `sale` unless said. */
    operation: Type.Optional(Type.Enum(['sale', 'authorize'])),
    amount: Type.Integer({ minimum: 0, maximum: AMOUNT_MAX }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    sequence: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    code: Type.Optional(name),
    message: Type.Optional(LongText(500)),
    url: Type.Optional(Text(2000)),
  }),
})
type Webhook = Static<typeof Webhook>
const validator = checker(Webhook)

type Meaning = [operation: FactOperation | 'charge', outcome: Outcome]

/** What each type of event means to payments. Every other type is kept and ignored. */
const MEANINGS: Record<string, Meaning> = {
  'payment.succeeded': ['charge', 'succeeded'],
  'payment.authorized': ['authorize', 'succeeded'],
  'payment.failed': ['charge', 'failed'],
  'payment.processing': ['charge', 'pending'],
  'payment.requires_action': ['charge', 'action_required'],
  'payment.captured': ['capture', 'succeeded'],
  'payment.capture_failed': ['capture', 'failed'],
  'payment.voided': ['void', 'succeeded'],
  'payment.refunded': ['refund', 'succeeded'],
  'payment.refund_failed': ['refund', 'failed'],
  'charge.succeeded': ['charge', 'succeeded'],
  'charge.failed': ['charge', 'failed'],
  'charge.pending': ['charge', 'pending'],
  'charge.captured': ['capture', 'succeeded'],
  'charge.refunded': ['refund', 'succeeded'],
}

/** Reads a webhook of the documented form; throws 400 on anything else. */
export function readWebhook(body: string): WebhookNews {
  const value = parseJson(body)
  const hosted = readHostedWebhook(value)
  if (hosted) return hosted
  const webhook = check(value)
  // An event without a name is the same event when it is the same in every byte.
  const event_id = webhook.id ?? createHash('sha256').update(body).digest('hex')
  const { type, data } = webhook
  const meaning = MEANINGS[type]
  if (!meaning) return { event_id, type, answer: undefined }
  return {
    event_id,
    type,
    answer: { payment_ref: data.transaction_id, facts: [factOf(webhook, meaning)] },
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw paymentErrors.bad_webhook({ problem: 'it is no JSON' })
  }
}

function check(value: unknown): Webhook {
  if (validator.Check(value)) return value
  const [first] = validator.Errors(value)
  const field = first?.instancePath.slice(1).replaceAll('/', '.') || 'the body'
  throw paymentErrors.bad_webhook({
    problem: `${field} ${first?.message ?? 'is not as documented'}`,
  })
}

function factOf({ created, data }: Webhook, [meant, outcome]: Meaning): Fact {
  return {
    ref: data.id ?? data.transaction_id,
    operation: meant === 'charge' ? (data.operation ?? 'sale') : meant,
    outcome,
    amount: data.amount,
    currency: data.currency,
    sequence: data.sequence ?? 0,
    occurred_at:
      typeof created === 'string' ? toInstant(created) : new Date(created * 1000).toISOString(),
    request_id: data.reference ?? null,
    code: data.code ?? null,
    message: data.message ?? null,
    action_url: data.url ?? null,
  }
}

const TYPES: Record<FactOperation, Record<Outcome, string>> = {
  sale: charged('payment.succeeded'),
  authorize: charged('payment.authorized'),
  capture: moved('payment.captured', 'payment.capture_failed'),
  void: moved('payment.voided', 'payment.void_failed'),
  refund: moved('payment.refunded', 'payment.refund_failed'),
}
function charged(succeeded: string): Record<Outcome, string> {
  return {
    succeeded,
    failed: 'payment.failed',
    pending: 'payment.processing',
    action_required: 'payment.requires_action',
  }
}
function moved(succeeded: string, failed: string): Record<Outcome, string> {
  return { succeeded, failed, pending: 'payment.updated', action_required: 'payment.updated' }
}

/** The signed webhook that tells how an object is now. */
export function webhookOf(entry: Entry, { secret, now }: { secret: string; now: Date }) {
  const { ref, sequence, operation } = entry
  const body = JSON.stringify({
    id: `evt_${ref}_${sequence}`,
    type: TYPES[operation][entry.outcome],
    created: entry.occurred_at,
    data: {
      id: ref,
      transaction_id: entry.charge_ref,
      reference: entry.key,
      ...((operation === 'sale' || operation === 'authorize') && { operation }),
      amount: entry.amount,
      currency: entry.currency,
      sequence,
      ...(entry.code !== null && { code: entry.code }),
      ...(entry.message !== null && { message: entry.message }),
    },
  })
  return signed(body, { secret, now })
}

/** A body with the headers that prove whose it is. */
export function signed(body: string, { secret, now }: { secret: string; now: Date }) {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const headers = {
    'content-type': 'application/json',
    'x-timestamp': timestamp,
    'x-signature': signatureOf(secret, timestamp, body),
  }
  return { headers, body }
}
