import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { defineErrors } from '#kit/errors'
import type { App } from '#platform/app'

export const signatureErrors = defineErrors({
  refused: { code: 'ECOMMERCE_SIGNATURE_INVALID', status: 401, message: 'Invalid signature' },
})

/**
 * Refuses (401) an event that is not signed with `ecommerce_webhook_secret`: in its member
 * `signature` (hex HMAC-SHA256 of the body without that member, as compact JSON), or in the headers
 * `X-Timestamp` and `X-Signature` (of `{timestamp}.{body}`). Without a secret, unsigned events are
 * taken in development only (overlaps.md, section 5).
 */
export function checkSignature({ settings, clock }: App, request: FastifyRequest): void {
  const { ecommerce_webhook_secret: secret = '', environment } = settings
  if (secret === '') {
    if (environment === 'development') return
    throw signatureErrors.refused()
  }
  const { 'x-timestamp': timestamp, 'x-signature': header } = request.headers
  if (typeof header === 'string' && typeof timestamp === 'string') {
    const age_secs = Math.abs(clock().getTime() / 1000 - Number(timestamp))
    const isFresh = age_secs <= settings.payment_webhook_tolerance_secs
    const signed = `${timestamp}.${request.bodyText}`
    if (isFresh && same(header, hmac(secret, signed))) return
    throw signatureErrors.refused()
  }
  const { signature, ...event } = (request.body ?? {}) as Record<string, unknown>
  if (typeof signature === 'string' && same(signature, hmac(secret, JSON.stringify(event)))) return
  throw signatureErrors.refused()
}

const hmac = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex')

function same(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given.toLowerCase()), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
