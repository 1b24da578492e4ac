import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { openScene } from './scene.ts'

const MUG = '/api/v1/things/mug'

describe('every answer', () => {
  it('carries the documented headers, whether it went well or not', async () => {
    await using scene = await openScene()
    for (const url of [MUG, '/nothing', '/api/v1/broken', '/%', '/api/v1/slow']) {
      const { headers } = await scene.http.inject(url)
      assert.equal(headers['x-content-type-options'], 'nosniff', url)
      assert.equal(headers['x-frame-options'], 'DENY', url)
      assert.match(String(headers['content-security-policy']), /default-src 'none'/, url)
      assert.match(String(headers['strict-transport-security']), /max-age=/, url)
      for (const name of ['referrer-policy', 'permissions-policy', 'x-xss-protection']) {
        assert.ok(headers[name], `${name} of ${url}`)
      }
      assert.equal(headers['x-permitted-cross-domain-policies'], 'none', url)
      assert.equal(headers.server, 'Tradepost', url)
      assert.equal(headers['cache-control'], 'no-store', url)
      assert.equal(headers.pragma, 'no-cache', url)
      assert.ok(headers['x-request-id'], url)
    }
  })

  it('takes the request id of the caller if it is fit, else makes one', async () => {
    await using scene = await openScene()
    const idFor = async (sent: string) => {
      const answer = await scene.http.inject({ url: MUG, headers: { 'x-request-id': sent } })
      assert.equal(answer.json().meta.request_id, answer.headers['x-request-id'])
      return answer.headers['x-request-id']
    }
    assert.equal(await idFor('trace-1'), 'trace-1')
    assert.equal(await idFor(' "a\\b" '), '"a\\b"')
    for (const unfit of ['', 'a'.repeat(129), 'a b', 'ä']) {
      assert.match(String(await idFor(unfit)), /^[\da-f-]{36}$/, unfit)
    }
  })

  it('to a bug is a 500 that tells nothing but its request id, which is in the log', async () => {
    await using scene = await openScene()
    const answer = await scene.http.inject('/api/v1/broken?session_id=swordfish')
    assert.deepEqual([answer.statusCode, answer.json().error.code], [500, 'INTERNAL_ERROR'])
    assert.doesNotMatch(answer.body, /hunter2/)
    assert.match(JSON.stringify(scene.logged), /"path":"\/api\/v1\/broken"/)
    assert.doesNotMatch(JSON.stringify(scene.logged), /swordfish/)
    const [line] = scene.logged as unknown as { request_id: string; err: { message: string } }[]
    assert.equal(line?.request_id, answer.headers['x-request-id'])
    assert.match(String(line?.err.message), /hunter2/)
  })

  it('to a wrong credential is 401 and says which kind is wanted', async () => {
    await using scene = await openScene()
    const answer = await scene.http.inject({ url: MUG, headers: { 'x-api-key': 'sk_bad' } })
    assert.equal(answer.statusCode, 401)
    assert.match(String(answer.headers['www-authenticate']), /^Bearer/)
  })

  it('that takes too long is 503, once', async () => {
    await using scene = await openScene({ request_timeout_ms: 200 })
    const answer = await scene.http.inject('/api/v1/slow?ms=600')
    assert.deepEqual([answer.statusCode, answer.json().error.code], [503, 'OPERATION_TIMEOUT'])
    await new Promise((done) => setTimeout(done, 600))
    const next = await scene.http.inject('/api/v1/slow?ms=1')
    assert.equal(next.statusCode, 200)
  })

  it('while the server stops is 503, and what runs is finished', async () => {
    await using scene = await openScene()
    const port = await scene.listen()
    const running = fetch(`http://127.0.0.1:${port}/api/v1/slow?ms=300`)
    await new Promise((done) => setTimeout(done, 100))
    const closing = scene.http.close()
    assert.equal((await running).status, 200)
    await closing
  })
})

describe('a resource with a version', () => {
  it('has a tag, and is not sent again to who knows it', async () => {
    await using scene = await openScene()
    const first = await scene.http.inject(MUG)
    const etag = String(first.headers.etag)
    assert.match(etag, /^"v3-[\da-f]+"$/)
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await scene.http.inject({ url: MUG, headers: { 'if-none-match': known } })
      assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, '', etag], known)
    }
    const other = await scene.http.inject({ url: MUG, headers: { 'if-none-match': '"v2-1"' } })
    assert.equal(other.statusCode, 200)
  })

  it('has another tag when anything it shows has changed, with or without a new version', async () => {
    await using scene = await openScene()
    const { headers } = await scene.http.inject(MUG)
    scene.thing.stock--
    const again = await scene.http.inject({
      url: MUG,
      headers: { 'if-none-match': String(headers.etag) },
    })
    assert.deepEqual([again.statusCode, again.json().data.stock], [200, 4])
  })

  it('is changed only at the version that If-Match names', async () => {
    await using scene = await openScene()
    const change = (etag: string) =>
      scene.http.inject({
        method: 'PUT',
        url: MUG,
        headers: { 'if-match': etag, 'x-api-key': 'sk_good' },
        payload: { note: 'hot' },
      })
    for (const stale of ['"v2"', '"2"', 'W/"v4-aa"', '"other"', 'v3', '"v3", "v9"']) {
      const { error } = (await change(stale)).json()
      assert.deepEqual([error.status, error.code], [412, 'PRECONDITION_FAILED'], stale)
    }
    let etag = String((await scene.http.inject(MUG)).headers.etag)
    for (const form of [
      (tag: string) => tag,
      (tag: string) => `W/${tag}`,
      (tag: string) => tag.replace(/-\w+/, ''),
      () => '*',
    ]) {
      const changed = await change(form(etag))
      assert.equal(changed.statusCode, 200)
      etag = String(changed.headers.etag)
      assert.equal(etag, (await scene.http.inject(MUG)).headers.etag)
    }
  })
})

describe('an Idempotency-Key', () => {
  const put = (note: string, headers: Record<string, string> = {}) =>
    ({
      method: 'PUT',
      url: MUG,
      headers: { 'x-api-key': 'sk_good', 'idempotency-key': 'k1', ...headers },
      payload: { note },
    }) as const

  it('answers the same bytes and tag again, marked as a replay, and changes nothing', async () => {
    await using scene = await openScene()
    const first = await scene.http.inject(put('a'))
    const again = await scene.http.inject(put('a', { 'x-request-id': 'second' }))
    assert.deepEqual([first.statusCode, again.statusCode], [200, 200])
    assert.equal(again.body, first.body)
    assert.equal(again.headers.etag, first.headers.etag)
    assert.equal(first.headers['idempotent-replayed'], undefined)
    assert.equal(again.headers['idempotent-replayed'], 'true')
    assert.equal(again.headers['x-request-id'], 'second')
    assert.equal(scene.thing.version, 4)
  })

  it('with another body is 422, and an unfit one 400', async () => {
    await using scene = await openScene()
    await scene.http.inject(put('a'))
    const other = await scene.http.inject(put('b'))
    assert.deepEqual([other.statusCode, other.json().error.code], [422, 'IDEMPOTENCY_KEY_REUSED'])
    for (const key of ['', 'a b', 'a'.repeat(256)]) {
      const { error } = (await scene.http.inject(put('a', { 'idempotency-key': key }))).json()
      assert.deepEqual([error.status, error.code], [400, 'IDEMPOTENCY_KEY_INVALID'], key)
    }
  })

  it('works on deletion: 204 without a body, twice', async () => {
    await using scene = await openScene()
    const headers = { 'idempotency-key': 'd1' }
    for (const _ of [1, 2]) {
      const answer = await scene.http.inject({ method: 'DELETE', url: MUG, headers })
      assert.deepEqual([answer.statusCode, answer.body], [204, ''])
      assert.equal(answer.headers['content-type'], undefined)
    }
  })
})

describe('compression', () => {
  const long = {
    method: 'POST',
    url: '/api/v1/things',
    payload: { name: 'a', more: 'x'.repeat(2000) },
  } as const

  it('is used where it was asked for and pays', async () => {
    await using scene = await openScene()
    for (const [accepted, encoding, unpack] of [
      ['gzip, deflate', 'gzip', gunzipSync],
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['br;q=0, *', 'gzip', gunzipSync],
    ] as const) {
      const answer = await scene.http.inject({ ...long, headers: { 'accept-encoding': accepted } })
      assert.equal(answer.headers['content-encoding'], encoding)
      assert.equal(answer.headers.vary, 'accept-encoding')
      assert.ok(answer.rawPayload.length < 500)
      assert.equal(JSON.parse(unpack(answer.rawPayload).toString()).data.more.length, 2000)
    }
    for (const accepted of [undefined, '', 'identity', 'gzip;q=0']) {
      const headers: Record<string, string> =
        accepted === undefined ? {} : { 'accept-encoding': accepted }
      const answer = await scene.http.inject({ ...long, headers })
      assert.equal(answer.headers['content-encoding'], undefined, String(accepted))
    }
    const short = await scene.http.inject({ url: MUG, headers: { 'accept-encoding': 'gzip' } })
    assert.equal(short.headers['content-encoding'], undefined)
  })

  it('weakens the tag, which still stands for its version and its content', async () => {
    await using scene = await openScene()
    scene.thing.note = 'x'.repeat(2000)
    const headers = { 'accept-encoding': 'gzip' }
    const packed = await scene.http.inject({ url: MUG, headers })
    const etag = String(packed.headers.etag)
    assert.match(etag, /^W\/"v3-/)
    const again = await scene.http.inject({
      url: MUG,
      headers: { ...headers, 'if-none-match': etag },
    })
    assert.equal(again.statusCode, 304)
  })
})

describe('pages of other origins', () => {
  const from = (origin: string, more: Record<string, string> = {}) => ({
    headers: { origin, ...more },
  })
  const preflight = (origin: string) =>
    ({
      method: 'OPTIONS',
      url: '/api/v1/things',
      ...from(origin, { 'access-control-request-method': 'POST' }),
    }) as const

  it('may call in development, and nowhere else unless the settings name them', async () => {
    await using open = await openScene({ environment: 'development' })
    const anyone = await open.http.inject({ url: MUG, ...from('https://a.example') })
    assert.equal(anyone.headers['access-control-allow-origin'], '*')
    assert.match(String(anyone.headers['access-control-expose-headers']), /X-Request-Id/)

    await using closed = await openScene({ environment: 'production' })
    const stranger = await closed.http.inject({ url: MUG, ...from('https://a.example') })
    assert.equal(stranger.headers['access-control-allow-origin'], undefined)
    const asked = await closed.http.inject(preflight('https://a.example'))
    assert.deepEqual(
      [asked.statusCode, asked.headers['access-control-allow-methods']],
      [204, undefined],
    )
  })

  it('are named back one by one, with credentials only where the settings say so', async () => {
    const settings = { cors_allowed_origins: ['https://a.example'], cors_allow_credentials: true }
    await using scene = await openScene(settings)
    const { headers } = await scene.http.inject(preflight('https://a.example'))
    assert.equal(headers['access-control-allow-origin'], 'https://a.example')
    assert.equal(headers['access-control-allow-credentials'], 'true')
    assert.match(String(headers['access-control-allow-headers']), /Idempotency-Key/)
    assert.equal(headers.vary, 'origin')
    const other = await scene.http.inject(preflight('https://b.example'))
    assert.equal(other.headers['access-control-allow-origin'], undefined)
  })
})
