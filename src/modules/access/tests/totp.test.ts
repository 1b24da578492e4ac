import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  findTotpStep,
  hashRecoveryCode,
  newRecoveryCodes,
  newTotpSecret,
  totpCode,
  totpStep,
} from '../totp.ts'

it('makes the codes of RFC 6238, appendix B, cut to six digits', () => {
  // «12345678901234567890» in base32.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  const vectors: [seconds: number, code: string][] = [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ]
  for (const [seconds, code] of vectors) {
    assert.equal(totpCode(secret, totpStep(seconds * 1000)), code)
  }
})

it('takes a code one step early or late, and not two', () => {
  const secret = newTotpSecret()
  const now = Date.parse('2026-11-21T12:00:10.000Z')
  const step = totpStep(now)
  for (const [distance, taken] of [
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ] as const) {
    const found = findTotpStep(secret, totpCode(secret, step + distance), now)
    assert.equal(found, taken ? step + distance : undefined, `distance ${distance}`)
  }
})

it('recovery codes are ten different ones, however they are typed', () => {
  const codes = newRecoveryCodes()
  assert.equal(new Set(codes).size, 10)
  const [code = ''] = codes
  assert.match(code, /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)
  assert.equal(hashRecoveryCode(code), hashRecoveryCode(code.toUpperCase().replaceAll('-', ' ')))
})
