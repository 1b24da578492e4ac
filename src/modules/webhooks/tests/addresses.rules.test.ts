import assert from 'node:assert/strict'
import { it } from 'node:test'
import { checkUrl, isPublicAddress } from '../addresses.ts'

const strict = { webhook_private_addresses: false }

const PRIVATE = [
  'https://127.0.0.1/hook',
  'https://127.1/hook',
  'https://2130706433/hook',
  'https://0x7f000001/hook',
  'https://0/hook',
  'https://10.1.2.3/hook',
  'https://172.16.0.1/hook',
  'https://192.168.1.1/hook',
  'https://100.64.0.1/hook',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/hook',
  'https://[::]/hook',
  'https://[::ffff:10.0.0.1]/hook',
  'https://[64:ff9b::a00:1]/hook',
  'https://[fd00::1]/hook',
  'https://[fe80::1]/hook',
  'https://[2002:7f00:1::]/hook',
  'https://[fec0::1]/hook',
  'https://[::10.0.0.1]/hook',
  'https://[64:ff9b:1::a00:1]/hook',
  'https://[2001:0:7f00:1::]/hook',
  'https://[2001:db8::1]/hook',
  'https://[ff02::1]/hook',
  'https://198.18.0.1/hook',
  'https://192.0.2.1/hook',
  'https://0177.0.0.1/hook',
  'https://１２７.0.0.1/hook',
  'https://localhost/hook',
  'https://api.localhost./hook',
  'https://db.internal/hook',
]
const WRONG = ['http://example.com', 'ftp://example.com', 'hooks', 'https://me:pw@example.com/']

for (const url of [...PRIVATE, ...WRONG]) {
  it(`no webhook may go to ${url}`, () => {
    assert.throws(() => checkUrl(url, strict), { code: 'WEBHOOK_URL_REFUSED' })
  })
}

it('a webhook may go to the open internet', () => {
  assert.equal(
    checkUrl('https://hooks.example.com/a?b=c#d', strict),
    'https://hooks.example.com/a?b=c',
  )
  assert.equal(checkUrl('https://93.184.215.14/a', strict), 'https://93.184.215.14/a')
  assert.ok(isPublicAddress('2606:2800:21f:cb07:6820:80da:af6b:8b2c'))
  assert.ok(!isPublicAddress('not an address'))
})
