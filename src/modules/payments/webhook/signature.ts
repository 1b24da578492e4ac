import { createHmac, timingSafeEqual } from 'node:crypto'
import { paymentErrors } from '../errors.ts'

export type SignedWebhook = {
  body: Buffer
  headers: Record<string, string | string[] | undefined>
}
type Terms = { secret: string; tolerance_secs: number; now: Date }

/**
 * Refuses (401) a webhook that is not signed with our secret or is too old. Two forms are taken,
 * both hex HMAC-SHA256 of `{timestamp}.{body}`: `X-Timestamp` (Unix seconds) with `X-Signature`, or
 * `Stripe-Signature: t=…,v1=…` (several v1 while a secret is rolled).
 */
export function checkSignature({ body, headers }: SignedWebhook, terms: Terms): void {
  const { secret, tolerance_secs, now } = terms
  if (secret === '') throw refused('no secret is set on this server')
  const { timestamp, signatures } = readHeaders(headers)
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) throw refused('it has no timestamp')
  const age_secs = Math.abs(now.getTime() / 1000 - Number(timestamp))
  const expected = signatureOf(secret, timestamp, body)
  // The signature first: who cannot sign learns nothing about clocks.
  if (!signatures.some((signature) => same(signature, expected)))
    throw refused('the signature differs')
  if (age_secs > tolerance_secs) throw refused(`it is more than ${tolerance_secs} s old or early`)
}

/** Hex HMAC-SHA256 of `{timestamp}.{body}`. */
export const signatureOf = (secret: string, timestamp: string, body: Buffer | string): string =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')

function readHeaders(headers: SignedWebhook['headers']) {
  const stripe = text(headers['stripe-signature'])
  if (stripe === undefined) {
    const signature = text(headers['x-signature'])
    return { timestamp: text(headers['x-timestamp']), signatures: signature ? [signature] : [] }
  }
  const parts = stripe.split(',').map((part) => part.trim().split('=', 2))
  return {
    timestamp: parts.find(([name]) => name === 't')?.[1],
    signatures: parts.filter(([name]) => name === 'v1').map(([, value]) => value ?? ''),
  }
}

const text = (header: string | string[] | undefined) =>
  typeof header === 'string' ? header.trim() : undefined

function same(signature: string, expected: string): boolean {
  const given = Buffer.from(signature.toLowerCase())
  const wanted = Buffer.from(expected)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

const refused = (problem: string) => paymentErrors.bad_signature({ problem })
