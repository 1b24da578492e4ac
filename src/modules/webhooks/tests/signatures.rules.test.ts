import assert from 'node:assert/strict'
import { createHash, createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { describe, it } from 'node:test'
import { signatureHeaders } from '../signing/sign.ts'

const what = {
  url: 'https://partner.example.com/hooks?shop=1',
  timestamp: 1614265330,
  message_id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  delivery_id: '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10',
  body: '{"test": 2432232314}',
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
}

describe('a signature', () => {
  it('is that of the published vector of Standard Webhooks', () => {
    const headers = signatureHeaders('standard', what)
    assert.equal(headers['webhook-id'], what.message_id)
    assert.equal(headers['webhook-timestamp'], '1614265330')
    assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('is made with both secrets while one replaces the other', () => {
    const secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
    const headers = signatureHeaders('standard', { ...what, secret, previous_secret: what.secret })
    const [now, before] = (headers['webhook-signature'] ?? '').split(' ')
    assert.equal(before, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    assert.equal(now, signatureHeaders('standard', { ...what, secret })['webhook-signature'])
    const old = createHmac('sha256', what.secret).update(what.body).digest('hex')
    assert.equal(headers['x-webhook-signature-previous'], `sha256=${old}`)
  })

  it('of the Agentic Commerce Protocol names its time and covers time and body', () => {
    const headers = signatureHeaders('acp', what)
    const v1 = createHmac('sha256', what.secret).update(`1614265330.${what.body}`).digest('hex')
    assert.equal(headers['merchant-signature'], `t=1614265330,v1=${v1}`)
    assert.equal(headers.timestamp, '2021-02-25T15:02:10.000Z')
  })

  it('of its structured dialect is the digest alone, over the time as it is told', () => {
    const headers = signatureHeaders('acp', { ...what, form: 'hex' })
    const { timestamp } = headers
    assert.equal(timestamp, '2021-02-25T15:02:10.000Z')
    const digest = createHmac('sha256', what.secret).update(`${timestamp}.${what.body}`)
    assert.equal(headers['merchant-signature'], digest.digest('hex'))
  })

  it('of UCP can be checked with the public key, as RFC 9421 says', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'key-1' }
    const headers = signatureHeaders('ucp', { ...what, secret: JSON.stringify(jwk) })
    const digest = createHash('sha256').update(what.body).digest('base64')
    assert.equal(headers['content-digest'], `sha-256=:${digest}:`)
    const input = (headers['signature-input'] ?? '').replace('sig1=', '')
    assert.match(input, /created=1614265330;keyid="key-1"$/)
    const base = [
      '"@method": POST',
      '"@authority": partner.example.com',
      '"@path": /hooks',
      `"content-digest": sha-256=:${digest}:`,
      '"content-type": application/json',
      '"@query": ?shop=1',
      `"webhook-id": ${what.message_id}`,
      '"webhook-timestamp": 1614265330',
      `"@signature-params": ${input}`,
    ].join('\n')
    const signature = Buffer.from((headers.signature ?? '').slice('sig1=:'.length, -1), 'base64')
    const key = createPublicKey(privateKey)
    assert.ok(verify('sha256', Buffer.from(base), { key, dsaEncoding: 'ieee-p1363' }, signature))
  })
})
