import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createApp } from '#app'
import { buildRest } from '#faces/rest/rest'
import { modules } from '#modules'
import { startBackground } from '#platform/background'
import { loadSettings } from '#platform/config/load'
import type { Settings } from '#platform/config/settings'
import { migrate } from '#platform/database/migrate'
import { openPostgres } from '#platform/database/postgres'
import { transactAsSystem } from '#platform/execute'
import { silentLog } from '#platform/log'
import { engines, onEveryEngine, openEmptyDatabase, openHouse } from '#testing'
import { breakableWay } from './breakable.ts'

const PATHS = [
  '/health',
  '/health/ready',
  '/health/readiness',
  '/health/detailed',
  '/api/v1/health',
] as const
const nobody = { as: 'nobody' } as const

onEveryEngine('health', (engine) => {
  it('answers every documented path while all is well', async () => {
    await using house = await openHouse(engine)
    for (const path of [...PATHS, '/health/live', '/health/version', '/api/v1/status']) {
      const answer = await house.send(`GET ${path}`, nobody)
      assert.equal(answer.status, 200, path)
    }
    const root = await house.send('GET /', nobody)
    assert.equal(root.body, 'tradepost up')
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8'
    const front = await house.send('GET /', { ...nobody, headers: { accept } })
    assert.match(String(front.headers['content-type']), /^text\/html/)
    const links = [...String(front.body).matchAll(/href="(\/[^"]+)"/g)].map(([, path]) => path)
    assert.ok(links.includes('/docs') && links.includes('/health/detailed'))
    for (const path of links as string[])
      assert.equal((await house.send(`GET ${path}`, nobody)).status, 200, path)

    const { body: health } = await house.send('GET /health', nobody)
    assert.equal(health.status, 'healthy')
    assert.equal(health.module, 'tradepost')
    assert.match(health.version, /^\d+\.\d+\.\d+/)
    assert.match(health.uptime, /^\d+h \d+m \d+s$/)

    const ready = await house.send('GET /health/ready', nobody)
    assert.equal(ready.body.status, 'ready')
    assert.equal(ready.body.checks.database.status, 'up')
    assert.equal(typeof ready.body.checks.database.latency_ms, 'number')

    const api = await house.ask('GET /api/v1/health', undefined, nobody)
    assert.equal(api.body.success, true)
    assert.equal(api.data.status, 'healthy')
    assert.deepEqual(api.data.checks, {
      database: 'healthy',
      cache: 'disabled',
      message_queue: 'healthy',
    })
    const status = await house.ask('GET /api/v1/status', undefined, nobody)
    assert.equal(status.data.status, 'ok')
    assert.equal(status.data.environment, 'test')
  })

  it('is degraded, not down, by a dead letter', async () => {
    await using house = await openHouse(engine)
    await transactAsSystem(house.app, async (ctx) => {
      await ctx.session.run({
        sql: `insert into events (id, name, schema_version, entity_type, entity_id, sequence, payload,
          actor, request_id, occurred_at, status, attempts, available_at) values
          ('01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10', 'x.y', 1, 'x', 'dead', 1, '{}', 'system', 'r',
          '${ctx.now}', 'failed', 8, '${ctx.now}')`,
        parameters: [],
      })
    })
    const detailed = await house.send('GET /health/detailed', nobody)
    assert.equal(detailed.status, 200)
    assert.equal(detailed.body.status, 'degraded')
    assert.equal(detailed.body.details.outbox.message, '0 events wait, 1 are dead letters.')
  })

  it('is degraded, not down, without its Redis', async () => {
    const way = await breakableWay(6379)
    way.cut()
    const redis_url = `redis://127.0.0.1:${way.port}`
    await using house = await openHouse(engine, { settings: { redis_url } as Partial<Settings> })
    const detailed = await house.send('GET /health/detailed', nobody)
    await way.close()
    assert.equal(detailed.status, 200)
    assert.equal(detailed.body.details.redis.status, 'down')
    assert.equal(
      (await house.ask('GET /api/v1/health', undefined, nobody)).data.checks.cache,
      'unhealthy',
    )
  })
})

if (engines.includes('postgres')) {
  it('says 503 while the database is away, lives on, and recovers by itself', async () => {
    const { database: owner, url, drop } = await openEmptyDatabase('postgres')
    await migrate(
      owner,
      modules.map((module) => module.migrations),
    )
    const address = new URL(url)
    const way = await breakableWay(Number(address.port || 5432), address.hostname)
    address.port = String(way.port)
    const database = openPostgres({
      url: address.href,
      connections_max: 4,
      acquire_timeout_ms: 1_000,
      idle_timeout_ms: 60_000,
      statement_timeout_ms: 5_000,
    })
    const settings = loadSettings({
      env: { APP__ENVIRONMENT: 'test', APP__RATE_LIMIT_ENABLED: 'false' },
    })
    const app = createApp({ settings, database, log: silentLog })
    const http = await buildRest(app)
    const background = startBackground(app)
    const statusOf = async (url: string) => (await http.inject({ url })).statusCode
    try {
      for (const path of PATHS) assert.equal(await statusOf(path), 200, path)

      way.cut()
      for (const path of PATHS) assert.equal(await statusOf(path), 503, path)
      assert.equal(await statusOf('/health/live'), 200)
      assert.equal(await statusOf('/health/version'), 200)
      const said = (await http.inject({ url: '/api/v1/health' })).json()
      assert.equal(said.success, false)
      assert.equal(said.error.code, 'SERVICE_UNHEALTHY')
      assert.equal(said.error.details.checks.database, 'unhealthy')
      const text = JSON.stringify((await http.inject({ url: '/health/detailed' })).json())
      assert.ok(!text.includes('postgres:') && !text.includes('ECONN'), 'no inner detail is told')

      way.mend()
      for (const path of PATHS) assert.equal(await statusOf(path), 200, path)
    } finally {
      await background.stop()
      await http.close()
      await database.close()
      await way.close()
      await owner.close()
      await drop()
    }
  })
}
