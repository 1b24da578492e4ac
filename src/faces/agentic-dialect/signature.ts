import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Settings } from '#platform/config/settings'
import { dialectErrors } from './errors.ts'

const refused = (code: string, problem: string) => dialectErrors.signature({ code, problem })

/**
 * Refuses a request that is not signed, where a signing secret is configured: `Signature` is the
 * hex HMAC-SHA256 of `{Timestamp}.{body}`, `Timestamp` RFC 3339 or Unix seconds and not old.
 */
export function checkSignature(request: FastifyRequest, settings: Settings, now: Date): void {
  const secret = settings.agentic_commerce_signing_secret
  if (secret === '') return
  const { signature, timestamp } = request.headers as Record<string, string | undefined>
  if (signature === undefined) throw refused('missing_signature', 'Send the header Signature.')
  if (timestamp === undefined) throw refused('missing_timestamp', 'Send the header Timestamp.')
  if (!/^[0-9a-f]{64}$/.test(signature)) {
    throw refused('invalid_format', 'A Signature is 64 lower-case hex digits.')
  }
  const sent_ms = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 : Date.parse(timestamp)
  if (Number.isNaN(sent_ms)) throw refused('invalid_timestamp', 'The Timestamp is no instant.')
  const text = `${timestamp}.${request.bodyText}`
  const expected = createHmac('sha256', secret).update(text).digest()
  // The signature first: who cannot sign learns nothing about clocks.
  if (!timingSafeEqual(Buffer.from(signature, 'hex'), expected)) {
    throw refused('invalid_signature', 'The Signature is not of this request.')
  }
  const tolerance_ms = settings.agentic_commerce_signature_tolerance_secs * 1000
  if (Math.abs(now.getTime() - sent_ms) > tolerance_ms) {
    throw refused('timestamp_expired', 'The Timestamp is too old, or early.')
  }
}
