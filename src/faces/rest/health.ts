import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { defineErrors } from '#kit/errors'
import type { App } from '#platform/app'
import { build, printUptime } from '#platform/build'
import { type Check, type Health, HealthChecks } from '#platform/health'
import { envelope, printError } from './envelope.ts'
import { JSON_TYPE } from './headers.ts'

const SERVICE = 'tradepost'

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
  const uptime = () => ({
    uptime: printUptime(process.uptime()),
    uptime_seconds: Math.floor(process.uptime()),
  })
  const statusOf = ({ status }: Health) => (status === 'down' ? 503 : 200)
  const { environment } = app.settings

  http.get('/', (_, reply) => reply.type('text/plain; charset=utf-8').send(`${SERVICE} up`))

  http.get('/health', async (_, reply) => {
    const health = await checks.run()
    reply.code(statusOf(health))
    return {
      status: WORDS[health.status],
      version: build().version,
      ...uptime(),
      module: SERVICE,
      timestamp: timestamp(),
    }
  })
  http.get('/health/live', async () => ({
    status: 'up',
    version: build().version,
    timestamp: timestamp(),
  }))
  const ready = async (_: FastifyRequest, reply: FastifyReply) => {
    const health = await checks.run()
    reply.code(statusOf(health))
    return {
      status: health.status === 'down' ? 'not_ready' : 'ready',
      checks: mapChecks(health, ({ status, latency_ms, message }) =>
        status === 'down' ? { status, error: message } : { status, latency_ms },
      ),
      response_time_ms: health.response_time_ms,
    }
  }
  http.get('/health/ready', ready)
  http.get('/health/readiness', ready)
  http.get('/health/version', async () => ({ service: SERVICE, environment, ...build() }))
  http.get('/health/detailed', async (_, reply) => {
    const health = await checks.run()
    reply.code(statusOf(health))
    return {
      status: health.status,
      version: build().version,
      timestamp: timestamp(),
      uptime_secs: uptime().uptime_seconds,
      details: health.checks,
      response_time_ms: health.response_time_ms,
    }
  })

  const answer = (request: FastifyRequest, reply: FastifyReply, data: object) =>
    reply
      .header('content-type', JSON_TYPE)
      .send(envelope(JSON.stringify(data), request.id, app.clock()))

  http.get('/api/v1/health', async (request, reply) => {
    const health = await checks.run()
    const { database, redis, outbox } = health.checks
    const data = {
      status: WORDS[health.status],
      checks: { database: word(database), cache: word(redis), message_queue: word(outbox) },
      timestamp: timestamp(),
      ...uptime(),
    }
    if (health.status !== 'down') return answer(request, reply, data)
    // Not thrown: what is asked every few seconds must not fill the log while a part is down.
    const body = printError(healthErrors.unhealthy(data), request.id, app.clock())
    return reply.code(503).header('content-type', JSON_TYPE).send(body)
  })
  http.get('/api/v1/status', async (request, reply) =>
    answer(request, reply, {
      status: 'ok',
      ...build(),
      service: SERVICE,
      timestamp: timestamp(),
      environment,
    }),
  )
}

const WORDS = { up: 'healthy', degraded: 'degraded', down: 'unhealthy' } as const

/** A part that is not configured is neither well nor ill. */
const word = (check: Check | undefined) => (check ? WORDS[check.status] : 'disabled')

const mapChecks = ({ checks }: Health, print: (check: Check) => object) =>
  Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, print(check)]))
