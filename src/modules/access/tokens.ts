import {
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { Settings } from '#platform/config/settings'
import { perProcess } from '#platform/context'
import { accessErrors } from './errors.ts'

/** What every token says. `token_type` keeps a refresh token from ever being an access token. */
export type Claims = {
  token_type: 'access' | 'refresh'
  /** The user. */
  sub: string
  /** The session, the same through all its rotations. */
  sid: string
  jti: string
  /** Unix seconds. */
  iat: number
  nbf: number
  exp: number
  iss: string
  aud: string
  /** Refresh tokens: the session's rotation that this token may make next. */
  rotation?: number
  [claim: string]: unknown
}

type Signer = { settings: Settings; process: Map<symbol, unknown> }

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')
const SHAPE = /^([\w-]{1,200})\.([\w-]{1,8000})\.([\w-]{43})$/
/** How far the clocks of two processes may be apart, in seconds. */
const CLOCK_SKEW_S = 5

/** A signed JWT (RFC 7519, HS256). */
export function signToken(signer: Signer, claims: Claims): string {
  const body = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return `${body}.${signatureOf(signer, body).toString('base64url')}`
}

/**
 * The claims of a token of ours. The header must be the very one we write, so there is no
 * algorithm to choose; the signature is compared in constant time before anything is parsed.
 * Throws AUTH_INVALID_TOKEN or AUTH_TOKEN_EXPIRED.
 */
export function readToken(
  signer: Signer,
  token: string,
  wanted: { token_type: Claims['token_type']; now_ms: number },
): Claims {
  const [, header, payload = '', signature = ''] = SHAPE.exec(token) ?? []
  if (header !== HEADER) throw accessErrors.invalid_token()
  const given = Buffer.from(signature, 'base64url')
  const expected = signatureOf(signer, `${header}.${payload}`)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw accessErrors.invalid_token()
  }
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
  const { auth_issuer, auth_audience } = signer.settings
  const now = wanted.now_ms / 1000
  const ours =
    claims.token_type === wanted.token_type &&
    claims.iss === auth_issuer &&
    claims.aud === auth_audience &&
    claims.nbf <= now + CLOCK_SKEW_S
  if (!ours) throw accessErrors.invalid_token()
  if (claims.exp <= now) throw accessErrors.token_expired()
  return claims
}

const signatureOf = (signer: Signer, body: string): Buffer =>
  createHmac('sha256', signingKey(signer)).update(body).digest()

const keys = perProcess(() => new Map<string, KeyObject>())

/** Without a secret (an in-memory database, a test) one is made for the life of the process. */
function signingKey({ settings, process }: Signer): KeyObject {
  const kept = keys({ process })
  const known = kept.get(settings.jwt_secret)
  if (known) return known
  const { jwt_secret } = settings
  const fresh = createSecretKey(jwt_secret === '' ? randomBytes(48) : Buffer.from(jwt_secret))
  kept.set(jwt_secret, fresh)
  return fresh
}
