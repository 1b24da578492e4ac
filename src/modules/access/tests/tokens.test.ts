import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { it } from 'node:test'
import { DomainError } from '#kit/errors'
import { loadSettings } from '#platform/config/load'
import { type Claims, readToken, signToken } from '../tokens.ts'

const SECRET = 'k'.repeat(64)
const settings = { ...loadSettings({ env: { APP__ENVIRONMENT: 'test' } }), jwt_secret: SECRET }
const signer = { settings, process: new Map() }
const now_ms = 1_800_000_000_000
const claims: Claims = {
  token_type: 'access',
  sub: 'u',
  sid: 's',
  jti: 'j',
  iat: 1_800_000_000,
  nbf: 1_800_000_000,
  exp: 1_800_003_600,
  iss: settings.auth_issuer,
  aud: settings.auth_audience,
}
const wanted = { token_type: 'access' as const, now_ms }

const refusal = (token: string, more = {}) => {
  try {
    readToken(signer, token, { ...wanted, ...more })
    return 'taken'
  } catch (error) {
    assert.ok(error instanceof DomainError, String(error))
    return error.code
  }
}
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const signed = (header: object, payload: object, secret = SECRET) => {
  const body = `${encode(header)}.${encode(payload)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}
const HS256 = { alg: 'HS256', typ: 'JWT' }

it('reads what it signed, which any JWT library would read too', () => {
  const token = signToken(signer, claims)
  assert.deepEqual(readToken(signer, token, wanted), claims)
  assert.equal(token, signed(HS256, claims))
})

it('refuses every token that is not exactly one of ours', () => {
  const token = signToken(signer, claims)
  const [header, payload, signature] = token.split('.')
  const forged = {
    empty: '',
    'not a token': 'abc',
    'two parts': `${header}.${payload}`,
    'no signature': `${header}.${payload}.`,
    'alg none': `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.${signature}`,
    'alg none, properly signed': signed({ alg: 'none', typ: 'JWT' }, claims),
    'another alg': signed({ alg: 'HS512', typ: 'JWT' }, claims),
    'another secret': signed(HS256, claims, 'x'.repeat(64)),
    'another payload': `${header}.${encode({ ...claims, sub: 'admin' })}.${signature}`,
    'a shorter signature': token.slice(0, -1),
    'a refresh token': signed(HS256, { ...claims, token_type: 'refresh' }),
    'no token type': signed(HS256, { ...claims, token_type: undefined }),
    'another issuer': signed(HS256, { ...claims, iss: 'someone' }),
    'another audience': signed(HS256, { ...claims, aud: 'someone' }),
    'not valid yet': signed(HS256, { ...claims, nbf: claims.nbf + 60 }),
  }
  for (const [what, bad] of Object.entries(forged)) {
    assert.equal(refusal(bad), 'AUTH_INVALID_TOKEN', what)
  }
})

it('says so when a token has expired, to the second', () => {
  const token = signToken(signer, claims)
  assert.equal(refusal(token, { now_ms: claims.exp * 1000 - 1 }), 'taken')
  assert.equal(refusal(token, { now_ms: claims.exp * 1000 }), 'AUTH_TOKEN_EXPIRED')
})

it('never signs with an empty secret', () => {
  const bare = { settings: { ...settings, jwt_secret: '' }, process: new Map() }
  const token = signToken(bare, claims)
  assert.deepEqual(readToken(bare, token, wanted), claims)
  const other = { ...bare, process: new Map() }
  assert.throws(() => readToken(other, token, wanted), { code: 'AUTH_INVALID_TOKEN' })
})
