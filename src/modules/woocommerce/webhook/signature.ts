import { createHmac, timingSafeEqual } from 'node:crypto'
import { wooErrors } from '../errors.ts'

/** What WooCommerce sends as `X-WC-Webhook-Signature`: base64 HMAC-SHA256 of the raw body. */
export const signatureOf = (secret: string, body: Buffer | string): string =>
  createHmac('sha256', secret).update(body).digest('base64')

/** Refuses (401) a webhook that is not signed with our secret; without a secret, every one. */
export function checkSignature(secret: string, given: unknown, body: Buffer): void {
  if (secret === '') throw refused('no secret is set on this server')
  if (typeof given !== 'string' || given === '') throw refused('it has no signature')
  const expected = Buffer.from(signatureOf(secret, body))
  const sent = Buffer.from(given.trim())
  const isGood = sent.length === expected.length && timingSafeEqual(sent, expected)
  if (!isGood) throw refused('the signature differs')
}

const refused = (problem: string) => wooErrors.bad_signature({ problem })
