import { randomUUID } from 'node:crypto'

/** On every answer (operations API, «Conventions», section 6). A route may say otherwise. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-xss-protection': '0',
  'x-permitted-cross-domain-policies': 'none',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  server: 'Tradepost',
  'cache-control': 'no-store',
  pragma: 'no-cache',
})

export const JSON_TYPE = 'application/json; charset=utf-8'

/** Where a guest may send the secret of their cart. */
export const CART_SESSION = 'x-cart-session'

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/

/** The caller's request id if it is fit to be printed and logged, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  if (header === undefined || typeof header !== 'string') return randomUUID()
  const sent = header.trim()
  return REQUEST_ID.test(sent) ? sent : randomUUID()
}
