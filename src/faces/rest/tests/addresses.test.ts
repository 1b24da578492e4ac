import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openScene, speak } from './scene.ts'

describe('an address', () => {
  it('that nothing answers is a JSON 404 with the settled members', async () => {
    await using scene = await openScene()
    const answer = await scene.http.inject('/api/v1/nothing')
    assert.equal(answer.statusCode, 404)
    assert.match(String(answer.headers['content-type']), /^application\/json/)
    const { success, error, meta, ...rest } = answer.json()
    assert.deepEqual([success, error.code, error.status, rest], [false, 'ROUTE_NOT_FOUND', 404, {}])
    assert.equal(meta.request_id, answer.headers['x-request-id'])
    assert.match(meta.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  it('under another method is 405 and says which methods there are', async () => {
    await using scene = await openScene()
    for (const method of ['POST', 'PATCH', 'PROPFIND'] as const) {
      const answer = await scene.http.inject({
        method: method as 'POST',
        url: '/api/v1/things/mug/',
      })
      assert.equal(answer.statusCode, 405, method)
      assert.equal(answer.json().error.code, 'METHOD_NOT_ALLOWED')
      assert.equal(answer.headers.allow, 'DELETE, GET, HEAD, OPTIONS, PUT')
    }
  })

  it('answers OPTIONS with its methods, and 404 where there is nothing', async () => {
    await using scene = await openScene()
    const known = await scene.http.inject({ method: 'OPTIONS', url: '/api/v1/things' })
    assert.deepEqual(
      [known.statusCode, known.body, known.headers.allow],
      [204, '', 'OPTIONS, POST'],
    )
    const unknown = await scene.http.inject({ method: 'OPTIONS', url: '/nothing' })
    assert.equal(unknown.statusCode, 404)
  })

  it('answers HEAD like GET, without the body', async () => {
    await using scene = await openScene()
    const get = await scene.http.inject('/api/v1/things/mug')
    const head = await scene.http.inject({ method: 'HEAD', url: '/api/v1/things/mug' })
    assert.deepEqual([head.statusCode, head.body], [200, ''])
    assert.equal(head.headers.etag, get.headers.etag)
  })

  it('takes a trailing slash or none, and its aliases', async () => {
    await using scene = await openScene()
    for (const url of ['/api/v1/things/mug', '/api/v1/things/mug/', '/things/mug']) {
      assert.equal((await scene.http.inject(url)).statusCode, 200, url)
    }
  })

  it('with a broken percent-encoding, broken UTF-8 or U+0000 anywhere is 400', async () => {
    await using scene = await openScene()
    const port = await scene.listen()
    const broken = [
      '/api/v1/things/%zz',
      '/api/v1/things/%ff',
      '/api/v1/things/a%00b',
      '/%',
      '/api/v1/things/mug?a=%ff',
      '/api/v1/things/mug?a=%00',
      '/api/v1/things/mug?a=%',
    ]
    for (const url of broken) {
      const answer = await fetch(`http://127.0.0.1:${port}${url}`)
      const { error } = (await answer.json()) as { error: { code: string } }
      assert.deepEqual([answer.status, error.code], [400, 'URL_MALFORMED'], url)
      assert.equal(answer.headers.get('x-frame-options'), 'DENY', url)
    }
  })

  it('reads query members by the type that the operation names', async () => {
    await using scene = await openScene()
    const refused = async (query: string) => {
      const answer = await scene.http.inject(`/api/v1/things/mug?${query}`)
      return [answer.statusCode, answer.json().error?.details.field]
    }
    assert.deepEqual(await refused('limit=2'), [200, undefined])
    for (const text of ['two', '', '1e3', '0x10', '1.5', '99999999999999999999', '-1', 'NaN']) {
      assert.deepEqual(await refused(`limit=${text}`), [400, 'limit'], text)
    }
    assert.deepEqual(await refused('limit=1&limit=2'), [400, 'limit'])
    assert.deepEqual(await refused('tags=a,b&tags=c'), [200, undefined])
  })

  it('longer than any id is refused as such', async () => {
    await using scene = await openScene()
    const long = await scene.http.inject(`/api/v1/things/${'a'.repeat(100)}`)
    assert.deepEqual([long.statusCode, long.json().error.details.field], [400, 'id'])
    const absurd = await scene.http.inject(`/api/v1/things/${'a'.repeat(2000)}`)
    assert.deepEqual([absurd.statusCode, absurd.json().error.code], [414, 'URL_TOO_LONG'])
  })
})

describe('what is hardly HTTP', () => {
  it('is answered in the settled form and hung up on', async () => {
    await using scene = await openScene()
    const port = await scene.listen()
    const answer = await speak(port, 'HELLO\r\n\r\n')
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/)
    assert.match(answer, /x-content-type-options: nosniff/)
    assert.match(answer, /"code":"REQUEST_MALFORMED"/)
  })

  it('with too large headers is 431', async () => {
    await using scene = await openScene()
    const port = await scene.listen()
    const answer = await speak(
      port,
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`,
    )
    assert.match(answer, /^HTTP\/1\.1 431 /)
    assert.match(answer, /"code":"HEADERS_TOO_LARGE"/)
  })

  it('that arrives too slowly is 408', async () => {
    await using scene = await openScene({ request_timeout_ms: 300 })
    const port = await scene.listen()
    const head =
      'POST /api/v1/things HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{'
    const answer = await speak(port, head)
    assert.match(answer, /^HTTP\/1\.1 408 /)
    assert.match(answer, /"code":"REQUEST_TIMEOUT"/)
  })
})
