import { createECDH, hash, hkdfSync } from 'node:crypto'
import type { Settings } from '#platform/config/settings'

/** A key as JSON (RFC 7517); with `d` it signs, without it verifies. */
export type SigningKey = {
  kid: string
  kty: 'EC'
  crv: 'P-256'
  x: string
  y: string
  use: 'sig'
  alg: 'ES256'
}
export type PrivateKey = SigningKey & { d: string }

const CURVE = 'prime256v1'
const SIZE = 32
const made = new Map<string, PrivateKey>()

/** The keys of this shop, the one that signs first. */
export const keysOf = ({ ucp_signing_secrets }: Settings): PrivateKey[] =>
  ucp_signing_secrets.map(keyFrom)

/** The key that signs now; undefined where there is none. */
export const signingKeyOf = (settings: Settings): PrivateKey | undefined => keysOf(settings)[0]

/** What others verify with: keys without their secret part. */
export const publicKeysOf = (settings: Settings): SigningKey[] =>
  keysOf(settings).map(({ d: _, ...key }) => key)

/** A key pair that follows from a text: the same on every machine that knows the text. */
function keyFrom(secret: string): PrivateKey {
  const known = made.get(secret)
  if (known) return known
  const pair = createECDH(CURVE)
  const d = scalarFrom(secret, pair)
  const point = pair.getPublicKey()
  const x = base64(point.subarray(1, 1 + SIZE))
  const y = base64(point.subarray(1 + SIZE))
  // The thumbprint of RFC 7638: members in this order.
  const kid = hash('sha256', JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }), 'base64url')
  const key = { kid, kty: 'EC', crv: 'P-256', x, y, use: 'sig', alg: 'ES256', d } as const
  made.set(secret, key)
  return key
}

/** One text in four thousand million gives a number beyond the curve: then the next is taken. */
function scalarFrom(secret: string, pair: ReturnType<typeof createECDH>): string {
  for (let nth = 0; ; nth++) {
    const bytes = Buffer.from(hkdfSync('sha256', secret, 'ucp', `signing key ${nth}`, SIZE))
    try {
      pair.setPrivateKey(bytes)
      return base64(bytes)
    } catch {
      // Not a number of this curve.
    }
  }
}

const base64 = (bytes: Buffer): string => bytes.toString('base64url')
