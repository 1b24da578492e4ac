import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'

// HTTP message signatures (RFC 9421) over the digest of the body (RFC 9530), as the protocol
// profiles them: which components must be covered, which algorithms there are, and how the numbers
// of a signature are written.

/** A message as its signature sees it; names of headers are lower-case. */
export type SignedMessage = {
  /** `@method`, `@authority`, `@path`, `@query`, `@status` … of this message. */
  derived: Readonly<Record<string, string>>
  headers: Readonly<Record<string, string | undefined>>
  body: string
}

/** A public key as a profile publishes it (RFC 7517). */
export type PublishedKey = {
  kid?: unknown
  kty?: unknown
  crv?: unknown
  [member: string]: unknown
}

/** Why a signature does not count, by the protocol's codes. */
export type SignatureFault =
  | 'signature_missing'
  | 'signature_invalid'
  | 'key_not_found'
  | 'digest_mismatch'
  | 'algorithm_unsupported'

type Signature = {
  label: string
  /** As written, because that text is signed too. */
  params: string
  components: Component[]
  keyid: string
  /** Unix seconds. */
  expires: number | undefined
}
type Component = { name: string; key: string | undefined; printed: string }

const INPUT_MAX = 8_000
const ONE_INPUT = /(?:^|,)\s*([a-z*][\w*.-]*)=(\(([^()]*)\)((?:;[a-z*][\w*.-]*(?:=[^;,]*)?)*))/g
const ONE_COMPONENT = /"([^"\\]{1,200})"(?:;key="([^"\\]{1,100})")?(?=\s|$)/g
const PARAMETER = /;(keyid|expires|alg|tag)=(?:"([^"\\]*)"|(\d{1,12}))/g

/**
 * Node's name of the hash, by the curve of a key: who signed by another cannot be verified here.
 */
const HASHES: Record<string, string | null> = {
  'P-256': 'sha256',
  'P-384': 'sha384',
  Ed25519: null,
}

type Verifying = { keys: readonly PublishedKey[]; required: readonly string[]; now_s: number }

/**
 * Looks whether one of a message's signatures is of one of these keys and covers what is required.
 * Answers undefined if so, else why not (of several signatures, why the last one does not count).
 */
export function faultOfSignature(
  message: SignedMessage,
  verifying: Verifying,
): SignatureFault | undefined {
  const { headers } = message
  const input = headers['signature-input']
  if (input === undefined || headers.signature === undefined) return 'signature_missing'
  let fault: SignatureFault = 'signature_invalid'
  for (const signature of signaturesIn(input)) {
    const found = faultOfOne(message, signature, verifying)
    if (found === undefined) return undefined
    fault = found
  }
  return fault
}

function faultOfOne(
  message: SignedMessage,
  signature: Signature,
  { keys, required, now_s }: Verifying,
): SignatureFault | undefined {
  const jwk = keys.find(({ kid }) => kid === signature.keyid)
  if (!jwk) return 'key_not_found'
  const algorithm = HASHES[String(jwk.crv)]
  if (algorithm === undefined) return 'algorithm_unsupported'
  const covered = new Set(signature.components.map(({ name }) => name))
  if (required.some((name) => !covered.has(name))) return 'signature_invalid'
  if (signature.expires !== undefined && signature.expires <= now_s) return 'signature_invalid'
  const { headers, body } = message
  if (covered.has('content-digest') && headers['content-digest'] !== digestOf(body)) {
    return 'digest_mismatch'
  }
  const base = signatureBase(message, signature)
  const value = valueIn(headers.signature ?? '', signature.label)
  if (base === undefined || value === undefined) return 'signature_invalid'
  const key = keyFrom(jwk)
  if (!key) return 'algorithm_unsupported'
  const isGood = verify(algorithm, Buffer.from(base), { key, dsaEncoding: 'ieee-p1363' }, value)
  return isGood ? undefined : 'signature_invalid'
}

/** What a body is known by: `sha-256=:…:` over its bytes. */
const digestOf = (body: string): string => `sha-256=:${hash('sha256', body, 'base64')}:`

/** Every signature that a `Signature-Input` announces; what cannot be read is none. */
export function signaturesIn(input: string): Signature[] {
  if (input.length > INPUT_MAX) return []
  return [...input.matchAll(ONE_INPUT)].flatMap(
    ([, label = '', params = '', list = '', parameters = '']) => {
      const components = componentsIn(list)
      const said = new Map(
        [...parameters.matchAll(PARAMETER)].map(([, name, text, number]) => [name, text ?? number]),
      )
      const keyid = said.get('keyid')
      if (!components || keyid === undefined) return []
      const expires = said.get('expires')
      const ends = expires === undefined ? undefined : Number(expires)
      return [{ label, params, components, keyid, expires: ends }]
    },
  )
}

/** Undefined if there is something among them that is not understood. */
function componentsIn(list: string): Component[] | undefined {
  const found = [...list.matchAll(ONE_COMPONENT)].map(([printed, name = '', key]) => {
    return { name: name.toLowerCase(), key, printed }
  })
  const isAll = found.map(({ printed }) => printed).join(' ') === list.trim().replace(/ +/g, ' ')
  const isOnce = new Set(found.map(({ printed }) => printed)).size === found.length
  return isAll && isOnce ? found : undefined
}

/** The text that is signed (RFC 9421, 2.5); undefined where a component is not in the message. */
export function signatureBase(
  { derived, headers }: SignedMessage,
  { components, params }: Pick<Signature, 'components' | 'params'>,
): string | undefined {
  const lines: string[] = []
  for (const { name, key, printed } of components) {
    const whole = name.startsWith('@') ? derived[name] : headers[name]?.trim()
    const value = whole !== undefined && key !== undefined ? memberOf(whole, key) : whole
    if (value === undefined) return undefined
    lines.push(`${printed}: ${value}`)
  }
  return [...lines, `"@signature-params": ${params}`].join('\n')
}

/** A member of a header that is a dictionary (RFC 8941), as written. */
const memberOf = (dictionary: string, key: string): string | undefined =>
  dictionary
    .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((member) => member.trim())
    .find((member) => member.startsWith(`${key}=`))
    ?.slice(key.length + 1)

function valueIn(header: string, label: string): Buffer | undefined {
  const text = memberOf(header, label)
  const encoded = text === undefined ? undefined : /^:([A-Za-z0-9+/]+={0,2}):$/.exec(text)?.[1]
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64')
}

/** What the world publishes may be anything: what is no key verifies nothing. */
function keyFrom(jwk: PublishedKey): KeyObject | undefined {
  try {
    // Only what is public of it, whatever else somebody published by mistake.
    const { d: _, ...open } = jwk
    return createPublicKey({ key: open as never, format: 'jwk' })
  } catch {
    return undefined
  }
}

type Answering = { status: number; content_type: string; body: string; created_s: number }
type Signer = { kid: string }

/** The headers that make an answer ours: its digest, and the signature over it and the status. */
export function signAnswer(
  { status, content_type, body, created_s }: Answering,
  jwk: Signer,
): Record<string, string> {
  const content_digest = digestOf(body)
  const covered = ['@status', 'content-digest', 'content-type']
  const names = covered.map((name) => `"${name}"`)
  const params = `(${names.join(' ')});created=${created_s};keyid="${jwk.kid}"`
  const message = {
    derived: { '@status': String(status) },
    headers: { 'content-digest': content_digest, 'content-type': content_type },
    body,
  }
  const components = covered.map((name) => ({ name, key: undefined, printed: `"${name}"` }))
  const base = signatureBase(message, { components, params }) as string
  const key = createPrivateKey({ key: jwk as never, format: 'jwk' })
  const value = sign('sha256', Buffer.from(base), { key, dsaEncoding: 'ieee-p1363' })
  return {
    'content-digest': content_digest,
    'signature-input': `sig1=${params}`,
    signature: `sig1=:${value.toString('base64')}:`,
  }
}
