import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openScene } from './scene.ts'

const post = (payload: string | Buffer, type = 'application/json') =>
  ({
    method: 'POST',
    url: '/api/v1/things',
    payload,
    headers: { 'content-type': type },
  }) as const

describe('a body', () => {
  const INVALID: [text: string, position: number, problem: RegExp][] = [
    ['{"name":"a"', 11, /"," or "}" was expected, but the text ends/],
    ['{"name":}', 8, /a value was expected, not }/],
    ['{name:"a"}', 1, /a name in double quotes/],
    ['{"name" "a"}', 8, /":" was expected/],
    ['{"name":"a",}', 12, /a name in double quotes/],
    ['[1,2,]', 5, /a value was expected, not ]/],
    ['[1 2]', 3, /"," or "]"/],
    ['{"name":"a"} x', 13, /nothing more/],
    ['{"name":01}', 9, /"," or "}"/],
    ['{"name":NaN}', 8, /a value was expected, not N/],
    ['{"name":"a\u0000b"}', 8, /a value/],
    ['{"name":"a\\x"}', 8, /a value/],
    [' ', 1, /a value was expected, but the text ends/],
    ['\ufeff{}', 0, /a value/],
  ]
  for (const [text, position, problem] of INVALID) {
    it(`that is ${JSON.stringify(text)} is refused with the position of the fault`, async () => {
      await using scene = await openScene()
      const answer = await scene.http.inject(post(text))
      const { error } = answer.json()
      assert.equal(answer.statusCode, 400)
      assert.equal(error.code, 'JSON_INVALID')
      assert.equal(error.details.position, position)
      assert.match(error.details.problem, problem)
    })
  }

  it('that is huge and broken at its end is still told where', async () => {
    await using scene = await openScene()
    const answer = await scene.http.inject(post(`{"name":"${'a'.repeat(5_000_000)}"`))
    assert.equal(answer.json().error.details.position, 5_000_010)
  })

  it('that is not UTF-8 is refused', async () => {
    await using scene = await openScene()
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
      const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from(bytes), Buffer.from('"}')])
      const answer = await scene.http.inject(post(body))
      assert.deepEqual([answer.statusCode, answer.json().error.code], [400, 'BODY_NOT_UTF8'])
    }
  })

  it('with U+0000 or half a surrogate pair anywhere is refused, naming the member', async () => {
    await using scene = await openScene()
    const cases = {
      name: '{"name":"a\\u0000b"}',
      'more.0.text': '{"name":"a","more":[{"text":"\\u0000"}]}',
      'more.x': '{"name":"a","more":{"x":"\\ud800"}}',
    }
    for (const [field, body] of Object.entries(cases)) {
      const { error } = (await scene.http.inject(post(body))).json()
      assert.deepEqual(
        [error.status, error.code, error.details.field],
        [400, 'VALIDATION_FAILED', field],
      )
    }
    const emoji = await scene.http.inject(post('{"name":"\\ud83d\\ude00"}'))
    assert.equal(emoji.json().data.name, '😀')
    const backslash = await scene.http.inject(post('{"name":"\\\\u0000"}'))
    assert.equal(backslash.json().data.name, '\\u0000')
  })

  it('that nests too deep is refused, however long it is', async () => {
    await using scene = await openScene()
    const nested = (levels: number) =>
      `{"name":"a","more":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
    assert.equal((await scene.http.inject(post(nested(32)))).statusCode, 201)
    for (const levels of [33, 100, 1_000_000]) {
      const { error } = (await scene.http.inject(post(nested(levels)))).json()
      assert.deepEqual([error.status, error.code], [400, 'JSON_TOO_DEEP'])
    }
    const wide = `{"name":"a","more":[${Array(100).fill('{"a":[1]}').join()}]}`
    assert.equal((await scene.http.inject(post(wide))).statusCode, 201)
  })

  it('cannot reach a prototype through its members', async () => {
    await using scene = await openScene()
    const answer = await scene.http.inject(
      post('{"__proto__":{"polluted":1},"name":"a","more":{"__proto__":{"polluted":1},"b":2}}'),
    )
    assert.equal(answer.statusCode, 201)
    assert.deepEqual(answer.json().data, { name: 'a', more: { b: 2 } })
    assert.equal(({} as { polluted?: number }).polluted, undefined)
    const byQuery = await scene.http.inject('/api/v1/things/mug?__proto__=a&__proto__=b')
    assert.equal(byQuery.statusCode, 200)
  })

  it('that is JSON but no object is refused', async () => {
    await using scene = await openScene()
    for (const text of ['[]', '"text"', '1', 'null', 'true']) {
      const { error } = (await scene.http.inject(post(text))).json()
      assert.deepEqual([error.status, error.code], [400, 'VALIDATION_FAILED'], text)
    }
  })

  it('of another content type is 415, and so is another character set', async () => {
    await using scene = await openScene()
    const types = [
      'text/plain',
      'application/xml',
      'multipart/form-data',
      'nonsense',
      'application/json; charset=utf-16',
    ]
    for (const type of types) {
      const answer = await scene.http.inject(post('{"name":"a"}', type))
      assert.deepEqual(
        [answer.statusCode, answer.json().error.code],
        [415, 'UNSUPPORTED_MEDIA_TYPE'],
        type,
      )
    }
    const same = await scene.http.inject(post('{"name":"a"}', 'Application/JSON; charset="UTF-8"'))
    assert.equal(same.statusCode, 201)
  })

  it('without a content type is 415; no body at all is read as no members', async () => {
    await using scene = await openScene()
    const port = await scene.listen()
    const untyped = await fetch(`http://127.0.0.1:${port}/api/v1/things`, {
      method: 'POST',
      body: new Uint8Array([123, 125]),
    })
    assert.equal(untyped.status, 415)
    await untyped.arrayBuffer()
    const none = await scene.http.inject({ method: 'POST', url: '/api/v1/things' })
    assert.deepEqual([none.statusCode, none.json().error.details.field], [400, 'name'])
    const empty = await scene.http.inject(post(''))
    assert.deepEqual([empty.statusCode, empty.json().error.details.field], [400, 'name'])
  })

  it('larger than the limit is 413, told in advance or not', async () => {
    await using scene = await openScene({ max_body_size: 2048 })
    const port = await scene.listen()
    const url = `http://127.0.0.1:${port}/api/v1/things`
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ name: 'a', more: 'x'.repeat(3000) })
    const told = await fetch(url, { method: 'POST', headers, body })
    const { error } = (await told.json()) as { error: { code: string; details: object } }
    assert.deepEqual(
      [told.status, error.code, error.details],
      [413, 'PAYLOAD_TOO_LARGE', { limit: 2048 }],
    )
    const chunked = await fetch(url, {
      method: 'POST',
      headers,
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit)
    assert.equal(chunked.status, 413)
    await chunked.arrayBuffer()
  })

  it('keeps members that the operation does not know out of it', async () => {
    await using scene = await openScene()
    const answer = await scene.http.inject(post('{"name":"a","role":"admin"}'))
    assert.deepEqual(answer.json().data, { name: 'a' })
    const deep = await scene.http.inject(
      post('{"name":"a","known":[{"a":1,"b":2,"open":{"c":3}}],"more":{"d":4}}'),
    )
    assert.deepEqual(deep.json().data, {
      name: 'a',
      known: [{ a: 1, open: { c: 3 } }],
      more: { d: 4 },
    })
  })

  it('may be a form where published clients send one, and only there', async () => {
    await using scene = await openScene()
    const form = (url: string, payload: string | Buffer) =>
      scene.http.inject({
        method: 'POST',
        url,
        payload,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
    const taken = await form('/api/v1/users/login', 'username=ada%40example.com&password=a+b')
    assert.deepEqual(taken.json().data, { username: 'ada@example.com', password: 'a b' })
    assert.equal((await form('/api/v1/things', 'name=a')).statusCode, 415)
    for (const broken of ['username=%00', 'username=%ff', Buffer.from([0x61, 0x3d, 0xff])]) {
      assert.equal((await form('/api/v1/users/login', broken)).statusCode, 400)
    }
  })
})
