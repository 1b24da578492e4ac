import { createHmac, timingSafeEqual } from 'node:crypto'
import { shipmentErrors, type WebhookHeaders } from '#modules/shipments'

type Signed = { headers: WebhookHeaders; body: Buffer }

/**
 * Refuses (401) a webhook that EasyPost has not signed with our secret: `X-Hmac-Signature` is
 * `hmac-sha256-hex=` and the digest of the raw body; a whole number as weight is signed with `.0`
 * (easypost-node #467). The same check as the package's `validateWebhook`, which the tests compare.
 */
export function checkSignature(secret: string, { headers, body }: Signed): void {
  if (secret === '') throw refused('no secret is set on this server')
  const given = headers['x-hmac-signature']
  if (typeof given !== 'string') throw refused('it has none')
  const expected = Buffer.from(signatureOf(secret, body))
  const sent = Buffer.from(given)
  const good = sent.length === expected.length && timingSafeEqual(sent, expected)
  if (!good) throw refused('it differs')
}

/** What EasyPost sends as `X-Hmac-Signature`. */
export function signatureOf(secret: string, body: Buffer | string): string {
  const text = body.toString('utf8').replace(/("weight":\s*)(\d+)(\s*)(?=,|\})/g, '$1$2.0')
  const digest = createHmac('sha256', secret.normalize('NFKD')).update(text, 'utf8').digest('hex')
  return `hmac-sha256-hex=${digest}`
}

const refused = (problem: string) => shipmentErrors.bad_signature({ problem })
