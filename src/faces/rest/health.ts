import type { FastifyInstance } from 'fastify'
import { defineErrors } from '#kit/errors'
import type { App } from '#platform/app'
import { build, printUptime } from '#platform/build'
import { type Check, type Health, HealthChecks } from '#platform/health'
import { envelope, printError } from './envelope.ts'
import { JSON_TYPE } from './headers.ts'

const SERVICE = 'tradepost'
const WORDS = { up: 'healthy', degraded: 'degraded', down: 'unhealthy' } as const

const healthErrors = defineErrors({
  unhealthy: {
    code: 'SERVICE_UNHEALTHY',
    status: 503,
    message: 'A part that this server needs does not answer.',
  },
})

/**
 * Every documented health path, printed from one look at the parts (operations API, «Health,
 * status, metrics payloads»). 503 says that a required part is down: /health/ready is for load
 * balancers; /health/live only says that the process runs, and is for whoever restarts it.
 */
export async function serveHealth(http: FastifyInstance, app: App): Promise<void> {
  const checks = new HealthChecks(app)
  http.addHook('onClose', async () => checks.close())
  const timestamp = () => app.clock().toISOString()
  const looked = (path: string, print: (health: Health, timestamp: string) => object) =>
    http.get(path, async (_, reply) => {
      const health = await checks.run()
      reply.code(health.status === 'down' ? 503 : 200)
      return print(health, timestamp())
    })

  looked('/health', printHealth)
  looked('/health/ready', printReadiness)
  looked('/health/readiness', printReadiness)
  looked('/health/detailed', printDetails)
  http.get('/health/live', async () => ({
    status: 'up',
    version: build().version,
    timestamp: timestamp(),
  }))
  http.get('/health/version', async () => ({ ...printBuild(app), timestamp: timestamp() }))

  http.get('/api/v1/health', async (request, reply) => {
    const health = await checks.run()
    const data = printApiHealth(health, timestamp())
    reply.header('content-type', JSON_TYPE)
    if (health.status !== 'down') {
      return reply.send(envelope(JSON.stringify(data), request.id, app.clock()))
    }
    // Not thrown: what is asked every few seconds must not fill the log while a part is down.
    return reply.code(503).send(printError(healthErrors.unhealthy(data), request.id, app.clock()))
  })
  http.get('/api/v1/status', async (request, reply) => {
    const data = { status: 'ok', ...printBuild(app), timestamp: timestamp() }
    return reply
      .header('content-type', JSON_TYPE)
      .send(envelope(JSON.stringify(data), request.id, app.clock()))
  })
}

const printHealth = ({ status }: Health, timestamp: string) => ({
  status: WORDS[status],
  version: build().version,
  ...uptime(),
  module: SERVICE,
  timestamp,
})

const printReadiness = ({ status, checks, response_time_ms }: Health) => ({
  status: status === 'down' ? 'not_ready' : 'ready',
  checks: Object.fromEntries(
    Object.entries(checks).map(([name, { status, latency_ms, message }]) => [
      name,
      status === 'down' ? { status, error: message } : { status, latency_ms },
    ]),
  ),
  response_time_ms,
})

const printDetails = ({ status, checks, response_time_ms }: Health, timestamp: string) => ({
  status,
  version: build().version,
  timestamp,
  uptime_secs: uptime().uptime_seconds,
  details: checks,
  response_time_ms,
})

const printApiHealth = ({ status, checks }: Health, timestamp: string) => ({
  status: WORDS[status],
  checks: {
    database: word(checks.database),
    cache: word(checks.redis),
    message_queue: word(checks.outbox),
  },
  timestamp,
  ...uptime(),
})

/** A part that is not configured is neither well nor ill. */
const word = (check: Check | undefined) => (check ? WORDS[check.status] : 'disabled')

const printBuild = ({ settings }: App) => ({
  ...build(),
  service: SERVICE,
  environment: settings.environment,
})

const uptime = () => ({
  uptime: printUptime(process.uptime()),
  uptime_seconds: Math.floor(process.uptime()),
})
