import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, hash, sign, verify } from 'node:crypto'
import { describe, it } from 'node:test'
import { onEveryEngine } from '#testing'
import {
  faultOfSignature,
  signAnswer,
  signatureBase,
  signaturesIn,
} from '../../src/faces/ucp/signatures.ts'
import { keysOf, publicKeysOf } from '../../src/modules/ucp/keys.ts'
import { ALL, BUYER, openUcp, pay, profileOf, SIGNING_SECRET, VERSION, way } from './platform.ts'

const BODY = '{"line_items":[]}'
const digest = (body: string) => `sha-256=:${hash('sha256', body, 'base64')}:`

/** A platform's key pair, as it publishes it and as it signs by it. */
function newKey(curve: 'P-256' | 'P-384' | 'Ed25519' = 'P-256', kid = 'key-1') {
  const pair =
    curve === 'Ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: curve })
  const algorithm = curve === 'Ed25519' ? null : curve === 'P-256' ? 'sha256' : 'sha384'
  return {
    kid,
    jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid },
    sign: (base: string) =>
      sign(algorithm, Buffer.from(base), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }),
  }
}
type Key = ReturnType<typeof newKey>

type Request = {
  method: string
  path: string
  headers: Record<string, string>
  body: string
  authority?: string
}
const COVERED = ['@method', '@authority', '@path', 'ucp-agent', 'idempotency-key']

/** Signs a request as a platform does; `covered` and `more` are for those who do it wrong. */
function signed(request: Request, key: Key, { covered, more = '' }: Signing = {}) {
  const { method, path, body, authority = 'localhost:80', headers } = request
  const told: Record<string, string> = {
    ...headers,
    ...(body !== '' && { 'content-digest': digest(body), 'content-type': 'application/json' }),
  }
  const own = COVERED.filter((name) => name.startsWith('@') || name in headers)
  const names = covered ?? [...own, ...(body === '' ? [] : ['content-digest', 'content-type'])]
  const params = `(${names.map((name) => `"${name}"`).join(' ')});keyid="${key.kid}"${more}`
  const values: Record<string, string> = {
    ...told,
    '@method': method,
    '@path': path,
    '@authority': authority.replace(/:80$/, ''),
  }
  const lines = names.map((name) => `"${name}": ${values[name]}`)
  const base = [...lines, `"@signature-params": ${params}`].join('\n')
  const value = key.sign(base).toString('base64')
  return { ...told, 'signature-input': `sig1=${params}`, signature: `sig1=:${value}:` }
}
type Signing = { covered?: string[]; more?: string }

describe('a signature of a message', () => {
  const request: Request = { method: 'POST', path: '/x', headers: {}, body: BODY }
  const now_s = 1_800_000_000
  const required = ['@method', '@authority', '@path', 'content-digest', 'content-type']
  const derived = { '@method': 'POST', '@path': '/x', '@authority': 'localhost' }
  const faultOf = (headers: object, keys: object[], body = BODY) =>
    faultOfSignature(
      { derived, headers: headers as Record<string, string>, body },
      { keys: keys as never, required, now_s },
    )

  it('is that of the example of RFC 9421 (B.2.6)', () => {
    const input =
      'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
    const [found] = signaturesIn(input)
    assert.ok(found)
    const base = signatureBase(
      {
        derived: { '@method': 'POST', '@path': '/foo', '@authority': 'example.com' },
        headers: {
          date: 'Tue, 20 Apr 2021 02:07:55 GMT',
          'content-type': 'application/json',
          'content-length': '18',
        },
        body: '',
      },
      found,
    )
    const x = 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs'
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const value =
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=='
    assert.ok(verify(null, Buffer.from(base ?? ''), key, Buffer.from(value, 'base64')))
  })

  for (const curve of ['P-256', 'P-384', 'Ed25519'] as const) {
    it(`counts by ${curve}`, () => {
      const key = newKey(curve)
      assert.equal(
        faultOf(signed(request, key), [newKey('P-256', 'other').jwk, key.jwk]),
        undefined,
      )
    })
  }

  it('does not count for another message, another key, or for less than all of it', () => {
    const key = newKey()
    const good = signed(request, key)
    const cases: [object, object[], string, string][] = [
      [good, [key.jwk], '{"line_items":[1]}', 'digest_mismatch'],
      [{ ...good, 'content-type': 'text/plain' }, [key.jwk], BODY, 'signature_invalid'],
      [good, [newKey().jwk], BODY, 'signature_invalid'],
      [good, [newKey('P-256', 'other').jwk], BODY, 'key_not_found'],
      [good, [], BODY, 'key_not_found'],
      [good, [{ kid: 'key-1', kty: 'RSA', n: 'x', e: 'AQAB' }], BODY, 'algorithm_unsupported'],
      [good, [{ kid: 'key-1', kty: 'EC', crv: 'P-256', x: '!' }], BODY, 'algorithm_unsupported'],
      [{}, [key.jwk], BODY, 'signature_missing'],
      [{ ...good, 'signature-input': 'sig1=garbage' }, [key.jwk], BODY, 'signature_invalid'],
      [{ ...good, signature: 'sig2=:AAAA:' }, [key.jwk], BODY, 'signature_invalid'],
      [signed(request, key, { covered: ['@authority'] }), [key.jwk], BODY, 'signature_invalid'],
      [
        signed(request, key, { covered: required.filter((name) => name !== 'content-digest') }),
        [key.jwk],
        BODY,
        'signature_invalid',
      ],
      [signed(request, key, { more: ';expires=1799999999' }), [key.jwk], BODY, 'signature_invalid'],
    ]
    for (const [headers, keys, body, fault] of cases) {
      assert.equal(faultOf(headers, keys, body), fault, JSON.stringify(headers))
    }
    assert.equal(
      faultOf(signed(request, key, { more: ';expires=1800000060' }), [key.jwk]),
      undefined,
    )
  })

  it('is enough if one of several is good', () => {
    const [one, other] = [newKey('P-256', 'one'), newKey('Ed25519', 'other')]
    const [first, second] = [signed(request, one), signed(request, other)]
    const both = {
      ...first,
      'signature-input': `${first['signature-input']}, ${second['signature-input'].replace('sig1', 'sig2')}`,
      signature: `${first.signature}, ${second.signature.replace('sig1', 'sig2')}`,
    }
    assert.equal(faultOf(both, [other.jwk]), undefined)
    assert.equal(faultOf(both, [newKey('P-256', 'third').jwk]), 'key_not_found')
  })

  it('of an answer is verified by what the shop publishes', () => {
    const settings = { ucp_signing_secrets: [SIGNING_SECRET] } as never
    const [key] = keysOf(settings)
    assert.ok(key)
    const told = signAnswer(
      { status: 201, content_type: 'application/json', body: BODY, created_s: now_s },
      key,
    )
    const headers = { ...told, 'content-type': 'application/json' }
    const required = ['@status', 'content-digest', 'content-type']
    const keys = publicKeysOf(settings)
    const faultAt = (status: string) =>
      faultOfSignature(
        { derived: { '@status': status }, headers, body: BODY },
        { keys, required, now_s },
      )
    assert.equal(faultAt('201'), undefined)
    assert.equal(faultAt('200'), 'signature_invalid')
  })
})

const ITEMS = [{ item: { id: 'MUG' }, quantity: 1 }]

onEveryEngine('requests that platforms sign', (engine) => {
  it('are taken with a good signature, refused with a bad one, by HTTP and as tools', async () => {
    await using ucp = await openUcp(engine)
    const key = newKey()
    const profile = { ...profileOf({ capabilities: ALL }), signing_keys: [key.jwk] }
    const url = ucp.platform.publish('/signing', profile)
    const authorized = await ucp.agentHeaders()
    const send = async (path: string, body: string, { by = key, more = {} as object } = {}) => {
      const agent = { 'ucp-agent': `profile="${url}"`, 'idempotency-key': crypto.randomUUID() }
      const request = { method: 'POST', path, headers: agent, body }
      const sent = Object.entries({ ...authorized, ...signed(request, by), ...more })
      const headers = Object.fromEntries(sent.filter(([, value]) => value !== undefined))
      const answer = await ucp.http.inject({ method: 'POST', url: path, headers, payload: body })
      const isJson = String(answer.headers['content-type']).includes('json')
      const told = isJson ? answer.json() : undefined
      return { status: answer.statusCode, body: told, headers: answer.headers }
    }
    const line_items = JSON.stringify({ line_items: ITEMS, buyer: BUYER, fulfillment: way([]) })
    const made = await send('/ucp/checkout-sessions', line_items)
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const bad = await send('/ucp/checkout-sessions', line_items, { by: newKey() })
    assert.deepEqual([bad.status, bad.body.code], [401, 'signature_invalid'])
    const changed = { more: { 'idempotency-key': 'another' } }
    assert.equal((await send('/ucp/checkout-sessions', line_items, changed)).status, 401)
    const half = { more: { 'signature-input': undefined } }
    const missing = await send('/ucp/checkout-sessions', line_items, half)
    assert.deepEqual([missing.status, missing.body.code], [401, 'signature_missing'])
    assert.match(String(missing.headers['www-authenticate']), /resource_metadata="[^"]+\/ucp"/)

    const path = `/ucp/checkout-sessions/${made.body.id}/complete`
    const done = await send(path, JSON.stringify(pay()))
    assert.equal(done.body.status, 'completed', JSON.stringify(done.body))
    const fault = faultOfSignature(
      {
        derived: { '@status': '200' },
        headers: done.headers as Record<string, string>,
        body: JSON.stringify(done.body),
      },
      {
        keys: (await ucp.http.inject('/.well-known/ucp')).json().signing_keys,
        required: ['@status', 'content-digest', 'content-type'],
        now_s: 0,
      },
    )
    assert.equal(fault, undefined, 'what was paid is answered with a signature')

    const rpc = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
    const accept = { accept: 'application/json, text/event-stream' }
    assert.equal((await send('/ucp/mcp', rpc, { more: accept })).status, 200)
    const tool = await send('/ucp/mcp', rpc, { by: newKey(), more: accept })
    assert.deepEqual([tool.status, tool.body.error.data.code], [401, 'signature_invalid'])
  })

  it('can be demanded, and a new key of the platform is looked for', async () => {
    let now = Date.now()
    const clock = () => new Date(now)
    await using ucp = await openUcp(engine, { ucp_signatures_required: true }, { clock })
    const plain = await ucp.send('POST /catalog/search', {})
    assert.deepEqual([plain.status, plain.body.code], [401, 'signature_missing'])

    const [old, fresh] = [newKey('P-256', 'old'), newKey('P-256', 'fresh')]
    const publish = (key: Key) =>
      ucp.platform.publish('/signing', { ...profileOf({}), keys: [key.jwk] })
    const url = publish(old)
    const search = async (by: Key) => {
      const headers = { 'ucp-agent': `profile="${url}"` }
      const request = { method: 'POST', path: '/ucp/catalog/search', headers, body: '{}' }
      const sent = signed(request, by)
      const answer = await ucp.http.inject({
        method: 'POST',
        url: request.path,
        headers: sent,
        payload: '{}',
      })
      return [answer.statusCode, answer.json().code ?? answer.json().ucp.version]
    }
    assert.deepEqual(await search(old), [200, VERSION])
    publish(fresh)
    assert.deepEqual(await search(fresh), [401, 'key_not_found'])
    const asked = ucp.platform.asked()
    await search(fresh)
    assert.equal(ucp.platform.asked(), asked, 'nobody can have profiles read again and again')
    now += 61_000
    assert.deepEqual(await search(fresh), [200, VERSION])
  })
})
