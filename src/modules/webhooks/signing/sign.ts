import { createHash, createHmac, createPrivateKey, sign as signBytes } from 'node:crypto'
import { keyOf } from '../secrets.ts'
import type { SignatureForm, Signing } from '../words.ts'

/** What is signed: one try of one delivery. */
export type Signable = {
  url: string
  /** Unix seconds of this try. */
  timestamp: number
  message_id: string
  delivery_id: string
  body: string
  secret: string
  form?: SignatureForm | null
  /** Signs too while receivers change over. */
  previous_secret?: string | undefined
}

type Headers = Record<string, string>
const SIGNERS: Record<Signing, (what: Signable) => Headers> = {
  standard: signStandard,
  acp: signAcp,
  ucp: signUcp,
}

/** The headers by which a receiver knows that it is us, and that nobody changed the body. */
export const signatureHeaders = (signing: Signing, what: Signable): Headers =>
  SIGNERS[signing](what)

const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text)

/**
 * Standard Webhooks 1.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature`), and the
 * documented `sha256=` over the body alone, which has room for one secret: the previous one stands
 * beside it.
 */
export function signStandard(what: Signable): Headers {
  const { message_id, timestamp, body, secret, previous_secret } = what
  const content = `${message_id}.${timestamp}.${body}`
  const secrets = previous_secret === undefined ? [secret] : [secret, previous_secret]
  const ofBody = (by: string) => `sha256=${hmac(by, body).digest('hex')}`
  return {
    'webhook-id': message_id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets
      .map((by) => `v1,${hmac(keyOf(by), content).digest('base64')}`)
      .join(' '),
    'x-webhook-signature': ofBody(secret),
    'x-stateset-signature': hmac(secret, body).digest('hex'),
    ...(previous_secret !== undefined && {
      'x-webhook-signature-previous': ofBody(previous_secret),
    }),
  }
}

/**
 * Agentic Commerce Protocol, order webhooks: `Merchant-Signature: t=…,v1=…` over time and body. The
 * structured dialect has the digest alone, over the text of its `Timestamp` and the body.
 */
function signAcp({ delivery_id, timestamp, body, secret, form }: Signable): Headers {
  if (form === 'hex') {
    const at = new Date(timestamp * 1000).toISOString()
    const digest = hmac(secret, `${at}.${body}`).digest('hex')
    return { 'merchant-signature': digest, timestamp: at, 'request-id': delivery_id }
  }
  const v1 = hmac(secret, `${timestamp}.${body}`).digest('hex')
  return {
    'merchant-signature': `t=${timestamp},v1=${v1}`,
    timestamp: new Date(timestamp * 1000).toISOString(),
    'request-id': delivery_id,
  }
}

const COMPONENTS = ['@method', '@authority', '@path', 'content-digest', 'content-type'] as const

/**
 * HTTP message signatures (RFC 9421) with ES256, as UCP asks of webhooks. The secret is a private
 * JWK with its `kid`.
 */
function signUcp({ url, message_id, timestamp, body, secret }: Signable): Headers {
  const jwk = JSON.parse(secret) as { kid?: string }
  const { host, pathname, search } = new URL(url)
  const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
  const values: Record<string, string> = {
    '@method': 'POST',
    '@authority': host,
    '@path': pathname,
    '@query': search,
    'content-digest': digest,
    'content-type': 'application/json',
    'webhook-id': message_id,
    'webhook-timestamp': String(timestamp),
  }
  const query = search === '' ? [] : ['@query']
  const covered = [...COMPONENTS, ...query, 'webhook-id', 'webhook-timestamp']
  const input = `(${covered.map((name) => `"${name}"`).join(' ')});created=${timestamp};keyid="${jwk.kid ?? ''}"`
  const lines = covered.map((name) => `"${name}": ${values[name]}`)
  const base = [...lines, `"@signature-params": ${input}`].join('\n')
  const key = createPrivateKey({ key: jwk as never, format: 'jwk' })
  const signature = signBytes('sha256', Buffer.from(base), { key, dsaEncoding: 'ieee-p1363' })
  return {
    'webhook-id': message_id,
    'webhook-timestamp': String(timestamp),
    'content-digest': digest,
    'signature-input': `sig1=${input}`,
    signature: `sig1=:${signature.toString('base64')}:`,
  }
}
