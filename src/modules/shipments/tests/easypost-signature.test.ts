import assert from 'node:assert/strict'
import { it } from 'node:test'
import EasyPostClient from '@easypost/api'
import { checkSignature, signatureOf } from '../../../adapters/easypost/signature.ts'

// What we check is what the official package checks: whatever one takes the other takes too.
it('a webhook of EasyPost is good exactly where the official package says so', () => {
  const client = new (EasyPostClient as unknown as new (key: string) => any)('EZTKtest')
  const secrets = ['secret', 'sécret', 'ünïcödé']
  const bodies = ['{"id":"evt_1","weight":17}', '{"weight": 17, "a": 1}', '{"weight":1.5}', '{}']
  for (const secret of secrets) {
    for (const body of bodies) {
      const raw = Buffer.from(body)
      for (const [signedBy, good] of [
        [secret, true],
        ['other', false],
      ] as const) {
        const headers = { 'x-hmac-signature': signatureOf(signedBy, raw) }
        const theirs = () => client.Utils.validateWebhook(raw, headers, secret)
        const ours = () => checkSignature(secret, { headers, body: raw })
        for (const check of [theirs, ours]) {
          if (good) assert.doesNotThrow(check)
          else assert.throws(check)
        }
      }
      assert.throws(() => checkSignature(secret, { headers: {}, body: raw }))
      assert.throws(() => checkSignature('', { headers: {}, body: raw }), /no secret/)
    }
  }
})
