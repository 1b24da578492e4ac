import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { startFakeRedis } from './fake-redis.ts'
import { openScene } from './scene.ts'

const REDIS = new URL(process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379')
const found = await answers(REDIS.hostname, Number(REDIS.port))

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => socket.write('PING\r\n'))
    socket.on('data', (bytes) => {
      resolve(bytes.toString().startsWith('+PONG'))
      socket.destroy()
    })
    socket.on('error', () => resolve(false))
    socket.setTimeout(1000, () => socket.destroy())
    socket.on('close', () => resolve(false))
  })
}

/** A Redis behind a line that can be cut, or be silent, and mended. */
async function openLine() {
  const fake = found ? undefined : await startFakeRedis()
  const target = fake
    ? { host: '127.0.0.1', port: fake.port }
    : { host: REDIS.hostname, port: Number(REDIS.port) }
  const open = new Set<Socket>()
  let silent = false
  const server = createServer((near) => {
    const far = connect(target)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (bytes) => silent || far.write(bytes))
    far.on('data', (bytes) => silent || near.write(bytes))
  })
  const listen = (port: number) =>
    new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const cut = async () => {
    const closed = new Promise((done) => server.close(done))
    for (const socket of open) socket.destroy()
    await closed
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    cut,
    mend: () => listen(port),
    silence: (on: boolean) => {
      silent = on
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await cut()
      fake?.stop()
    },
  }
}

const settingsFor = (redis_url: string) => ({
  rate_limit_enabled: true,
  rate_limit_requests_per_window: 3,
  rate_limit_window_seconds: 60,
  rate_limit_namespace: `test:${randomUUID()}`,
  redis_url,
})
type Scene = Awaited<ReturnType<typeof openScene>>
const ask = (scene: Scene) => scene.http.inject('/api/v1/things/mug')
const remaining = async (scene: Scene) =>
  Number((await ask(scene)).headers['x-ratelimit-remaining'])

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let nth = 0; nth < 100; nth++) {
    if (await condition()) return
    await new Promise((done) => setTimeout(done, 50))
  }
  assert.fail('it never came true')
}
const warnings = (scene: Scene) => scene.logged.filter(({ level }) => level === 40)
const isBack = (scene: Scene) => scene.logged.some(({ msg }) => msg.includes('Redis is back'))

describe(`limits in Redis (${found ? 'a real one' : 'none at hand: a stand-in that speaks its protocol'})`, () => {
  it('are shared by every process', async () => {
    await using line = await openLine()
    const settings = settingsFor(line.url)
    await using one = await openScene(settings)
    await using two = await openScene(settings)
    assert.deepEqual([await remaining(one), await remaining(two), await remaining(one)], [2, 1, 0])
    assert.deepEqual([(await ask(one)).statusCode, (await ask(two)).statusCode], [429, 429])
    assert.deepEqual(warnings(one), [])
  })

  it('go on in memory with one warning when Redis is lost, and return to Redis', async () => {
    await using line = await openLine()
    const settings = { ...settingsFor(line.url), rate_limit_requests_per_window: 10_000 }
    await using scene = await openScene(settings)
    await using other = await openScene(settings)
    assert.deepEqual([await remaining(scene), await remaining(other)], [9999, 9998])
    await line.cut()
    for (let nth = 0; nth < 20; nth++) assert.equal((await ask(scene)).statusCode, 200)
    assert.equal(warnings(scene).length, 1, JSON.stringify(scene.logged))
    await line.mend()
    await until(async () => (await ask(scene)).statusCode === 200 && isBack(scene))
    assert.equal(warnings(scene).length, 1)
    assert.ok((await remaining(scene)) < 9998, 'what was counted together before still counts')
  })

  it('still limit while Redis is lost', async () => {
    await using line = await openLine()
    await using scene = await openScene(settingsFor(line.url))
    await line.cut()
    const found: number[] = []
    for (let nth = 0; nth < 8; nth++) found.push((await ask(scene)).statusCode)
    assert.equal(found.at(-1), 429)
    assert.ok(
      found.every((status) => status === 200 || status === 429),
      found.join(),
    )
  })

  it('do not make callers wait for a Redis that is silent', async () => {
    await using line = await openLine()
    await using scene = await openScene({
      ...settingsFor(line.url),
      rate_limit_requests_per_window: 1000,
    })
    assert.equal(await remaining(scene), 999)
    line.silence(true)
    const started = performance.now()
    for (let nth = 0; nth < 20; nth++) assert.equal((await ask(scene)).statusCode, 200)
    assert.ok(performance.now() - started < 1500, 'at most one wait, then memory')
    assert.equal(warnings(scene).length, 1)
  })

  it('let a server start that finds no Redis', async () => {
    await using line = await openLine()
    await line.cut()
    await using scene = await openScene(settingsFor(line.url))
    assert.equal((await ask(scene)).statusCode, 200)
    assert.equal(warnings(scene).length, 1)
    await line.mend()
    await until(async () => (await ask(scene)).statusCode < 500 && isBack(scene))
  })
})
