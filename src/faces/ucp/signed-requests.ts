import type { FastifyRequest } from 'fastify'
import type { App } from '#platform/app'
import { UcpFault } from './fault.ts'
import { platformOf, profileIn } from './platform.ts'
import { faultOfSignature, type SignatureFault, type SignedMessage } from './signatures.ts'

const STATUSES: Record<SignatureFault, number> = {
  signature_missing: 401,
  signature_invalid: 401,
  key_not_found: 401,
  digest_mismatch: 400,
  algorithm_unsupported: 400,
}
const CONTENTS: Record<SignatureFault, string> = {
  signature_missing: 'Sign your requests (RFC 9421) by a key of your profile.',
  signature_invalid: 'The signature is not of this request, is over, or covers too little of it.',
  key_not_found: 'Your profile has no key of this keyid.',
  digest_mismatch: 'The Content-Digest is not that of the body.',
  algorithm_unsupported: 'Keys here are ES256, ES384 or Ed25519.',
}

/**
 * Looks at the signature of a platform's request: by the keys of the profile that it names. Where
 * none is asked for (`ucp_signatures_required`), a request may come without one; but a signature
 * that is there must be good. Throws a fault.
 */
export async function checkSignature(app: App, request: FastifyRequest): Promise<void> {
  const { headers } = request
  const isSigned = headers['signature-input'] !== undefined || headers.signature !== undefined
  if (!isSigned && !app.settings.ucp_signatures_required) return
  const profile_url = profileIn(headers['ucp-agent'] as string | undefined)
  const message = messageOf(request)
  const required = requiredOf(message)
  const now_s = Math.floor(app.clock().getTime() / 1000)
  const faultBy = async (fresh: boolean) => {
    const { keys } = await platformOf(app, profile_url, { fresh })
    return faultOfSignature(message, { keys, required, now_s })
  }
  let fault = await faultBy(false)
  // The platform may have changed its keys since its profile was read.
  if (fault === 'key_not_found') fault = await faultBy(true)
  if (fault !== undefined) throw new UcpFault(STATUSES[fault], fault, CONTENTS[fault])
}

function messageOf({ method, host, protocol, url, headers, bodyText }: FastifyRequest) {
  const [path = '', query] = url.split(/\?(.*)/s)
  const derived: Record<string, string> = {
    '@method': method,
    '@authority': host.toLowerCase().replace(protocol === 'https' ? /:443$/ : /:80$/, ''),
    '@scheme': protocol,
    '@path': path,
    '@target-uri': `${protocol}://${host}${url}`,
    '@request-target': url,
    ...(query !== undefined && { '@query': `?${query}` }),
  }
  const told = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])
  return { derived, headers: Object.fromEntries(told), body: bodyText } as SignedMessage
}

/** All that a request says must be covered, or it could be changed on its way. */
function requiredOf({ derived, headers, body }: SignedMessage): string[] {
  const carried = ['ucp-agent', 'idempotency-key', 'signature-agent']
  return [
    '@method',
    '@authority',
    '@path',
    ...('@query' in derived ? ['@query'] : []),
    ...(body === '' ? [] : ['content-digest', 'content-type']),
    ...carried.filter((name) => headers[name] !== undefined),
  ]
}
