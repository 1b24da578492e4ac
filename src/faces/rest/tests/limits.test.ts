import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { openScene, someone } from './scene.ts'

const MUG = '/api/v1/things/mug'
const THREE = {
  rate_limit_enabled: true,
  rate_limit_requests_per_window: 3,
  rate_limit_window_seconds: 60,
}
type Scene = Awaited<ReturnType<typeof openScene>>
type Ask = { key?: string; url?: string; method?: 'GET' | 'POST'; from?: string }

const ask = (scene: Scene, { key, url = MUG, method = 'GET', from = '10.0.0.1' }: Ask = {}) =>
  scene.http.inject({ method, url, remoteAddress: from, headers: key ? { 'x-api-key': key } : {} })

async function statuses(scene: Scene, times: number, what: Ask = {}): Promise<number[]> {
  const found: number[] = []
  for (let nth = 0; nth < times; nth++) found.push((await ask(scene, what)).statusCode)
  return found
}

describe('a rate limit', () => {
  it('lets so many through, then answers 429 until its window is over', async () => {
    await using scene = await openScene(THREE)
    let now = Date.parse('2026-01-01T00:00:00Z')
    Object.assign(scene.app, { clock: () => new Date(now) })

    const first = await ask(scene)
    assert.equal(first.headers['x-ratelimit-limit'], '3')
    assert.equal(first.headers['x-ratelimit-remaining'], '2')
    assert.equal(first.headers['x-ratelimit-reset'], '60')
    assert.equal(first.headers['ratelimit-limit'], '3')
    assert.equal(first.headers['ratelimit-remaining'], '2')
    assert.equal(first.headers['ratelimit-reset'], '60')
    now += 20_500
    assert.deepEqual(await statuses(scene, 3), [200, 200, 429])

    const refused = await ask(scene)
    const { error } = refused.json()
    assert.deepEqual([error.code, error.status], ['RATE_LIMIT_EXCEEDED', 429])
    assert.deepEqual(error.details, { limit: 3, window_seconds: 60, retry_after: 40 })
    assert.equal(refused.headers['retry-after'], '40')
    assert.equal(refused.headers['x-ratelimit-remaining'], '0')
    assert.equal(refused.headers['x-frame-options'], 'DENY')

    now += 39_400
    assert.equal((await ask(scene)).statusCode, 429)
    now += 100
    assert.equal((await ask(scene)).headers['x-ratelimit-remaining'], '2')
  })

  it('is counted for each caller: key before user before address', async () => {
    await using scene = await openScene(THREE)
    scene.callers.set('sk_key', someone('anna', { kind: 'api_key', id: 'api_key:k1' }))
    assert.deepEqual(await statuses(scene, 4, { key: 'sk_good' }), [200, 200, 200, 429])
    assert.deepEqual(
      await statuses(scene, 4, { key: 'sk_good', from: '10.0.0.2' }),
      Array(4).fill(429),
    )
    assert.deepEqual(await statuses(scene, 4, { key: 'sk_key' }), [200, 200, 200, 429])
    assert.deepEqual(await statuses(scene, 4), [200, 200, 200, 429])
    assert.equal((await ask(scene, { from: '10.0.0.2' })).statusCode, 200)
  })

  it('is not escaped by inventing keys: what fails authentication counts for its address', async () => {
    await using scene = await openScene(THREE)
    const found: number[] = []
    for (const nth of [1, 2, 3, 4])
      found.push((await ask(scene, { key: `sk_guess${nth}` })).statusCode)
    assert.deepEqual(found, [401, 401, 401, 429])
    assert.equal((await ask(scene)).statusCode, 429)
    assert.equal((await ask(scene, { key: 'sk_good' })).statusCode, 200)
  })

  it('takes the 64 bits that an IPv6 line has for one caller', async () => {
    await using scene = await openScene(THREE)
    const from = (address: string) =>
      ask(scene, { from: address }).then((answer) => answer.statusCode)
    assert.deepEqual(
      await Promise.all(['2001:db8::1', '2001:db8:0:0:ffff::2', '2001:0DB8::3'].map(from)),
      [200, 200, 200],
    )
    assert.equal(await from('2001:db8::4'), 429)
    assert.equal(await from('2001:db8:0:1::4'), 200)
    await ask(scene, { from: '::ffff:10.0.0.1' })
    assert.deepEqual(await statuses(scene, 3), [200, 200, 429])
  })

  it('believes X-Forwarded-For only where the settings say that a proxy writes it', async () => {
    const forwarded = (scene: Scene, ip: string) =>
      scene.http.inject({ url: MUG, headers: { 'x-forwarded-for': ip } })
    await using direct = await openScene(THREE)
    for (const nth of [1, 2, 3]) await forwarded(direct, `10.1.0.${nth}`)
    assert.equal((await forwarded(direct, '10.1.0.4')).statusCode, 429)
    await using proxied = await openScene({ ...THREE, trust_proxy: true })
    for (const nth of [1, 2, 3]) await forwarded(proxied, `10.1.0.${nth}`)
    assert.equal((await forwarded(proxied, '10.1.0.4')).statusCode, 200)
    // What the caller wrote stands first, what the proxy wrote last.
    for (const nth of [1, 2]) await forwarded(proxied, `1.2.3.${nth}, 10.1.0.4`)
    assert.equal((await forwarded(proxied, '1.2.3.9, 10.1.0.4')).statusCode, 429)
  })

  it('counts what is missing, and leaves out what watches the server', async () => {
    await using scene = await openScene(THREE, (http) => {
      http.get('/hooks/in', async () => 'ok')
    })
    assert.deepEqual(await statuses(scene, 5, { url: '/health/ready' }), Array(5).fill(200))
    assert.deepEqual(await statuses(scene, 5, { url: '/metrics' }), Array(5).fill(200))
    assert.equal((await ask(scene, { url: '/metrics' })).headers['x-ratelimit-limit'], undefined)
    assert.deepEqual(await statuses(scene, 2, { url: '/nothing' }), [404, 404])
    assert.deepEqual(await statuses(scene, 2, { url: '/hooks/in' }), [200, 429])
    assert.deepEqual(await statuses(scene, 1, { url: '/nothing' }), [429])
  })

  it('leaves signed webhooks alone, but for a policy of their path', async () => {
    const webhook = (http: FastifyInstance) => void http.get('/pay/webhook', async () => 'ok')
    await using free = await openScene(THREE, webhook)
    assert.deepEqual(await statuses(free, 5, { url: '/pay/webhook' }), Array(5).fill(200))
    await using bound = await openScene(
      { ...THREE, rate_limit_path_policies: ['/pay:4:60'] },
      webhook,
    )
    assert.deepEqual(await statuses(bound, 5, { url: '/pay/webhook' }), [200, 200, 200, 200, 429])
  })

  it('prints no headers where the settings say so, but Retry-After', async () => {
    await using scene = await openScene({ ...THREE, rate_limit_enable_headers: false })
    assert.equal((await ask(scene)).headers['x-ratelimit-limit'], undefined)
    await statuses(scene, 2)
    const refused = await ask(scene)
    assert.equal(refused.headers['ratelimit-limit'], undefined)
    assert.ok(refused.headers['retry-after'])
  })

  it('of zero seconds or less never happens: nothing is limited when limits are off', async () => {
    await using scene = await openScene({ ...THREE, rate_limit_enabled: false })
    assert.deepEqual(await statuses(scene, 5), Array(5).fill(200))
  })
})

describe('a policy', () => {
  it('for a path is a further bucket: every bucket must have room', async () => {
    await using scene = await openScene({
      ...THREE,
      rate_limit_path_policies: ['/api/v1/things:2:10', '/api/v1/thing:1:10'],
    })
    const first = await ask(scene)
    assert.equal(first.headers['x-ratelimit-limit'], '2')
    assert.equal(first.headers['x-ratelimit-reset'], '10')
    assert.deepEqual(await statuses(scene, 2), [200, 429])
    const elsewhere = await ask(scene, { url: '/api/v1/slow?ms=1' })
    assert.equal(elsewhere.statusCode, 429, 'the general bucket is full by now')
  })

  it('for a path holds for every other way to write it', async () => {
    await using scene = await openScene({
      ...THREE,
      rate_limit_requests_per_window: 100,
      rate_limit_path_policies: ['/api/v1/things:2:10'],
    })
    const ways = ['/things/mug', '/api/v1/%74hings/mug', '/api/v1/things/mug/']
    const found: number[] = []
    for (const url of ways) found.push((await ask(scene, { url })).statusCode)
    assert.deepEqual(found, [200, 200, 429])
  })

  it('for an API key or a user stands in place of the general limit', async () => {
    await using scene = await openScene({
      ...THREE,
      rate_limit_api_key_policies: ['sk_live_:5:60', 'k2:1:60'],
      rate_limit_user_policies: ['boss:4:60'],
    })
    scene.callers.set('sk_live_1', someone('a', { kind: 'api_key', id: 'api_key:k1' }))
    scene.callers.set('sk_other', someone('a', { kind: 'api_key', id: 'api_key:k2' }))
    scene.callers.set('sk_boss', someone('boss'))
    assert.deepEqual(await statuses(scene, 6, { key: 'sk_live_1' }), [200, 200, 200, 200, 200, 429])
    assert.deepEqual(await statuses(scene, 2, { key: 'sk_other' }), [200, 429])
    assert.deepEqual(await statuses(scene, 5, { key: 'sk_boss' }), [200, 200, 200, 200, 429])
    assert.deepEqual(await statuses(scene, 4, { key: 'sk_good' }), [200, 200, 200, 429])
  })
})
