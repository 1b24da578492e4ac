import type { FastifyInstance } from 'fastify'
import { JSON_TYPE, SECURITY_HEADERS } from '#faces/rest/headers'
import { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { build } from '#platform/build'
import { type Check, type Health, HealthChecks } from '#platform/health'

/** What a look at the house brings: its checks, and the headers of an answer of its own. */
type Looked = { health: Health; app: App; headers: Record<string, unknown> }
type Told = {
  check: Check
  /** What is worth knowing and is no fault. */
  warnings?: string[]
  more?: Record<string, unknown>
}
type Module = { name: string; tell: (looked: Looked) => Told | Promise<Told> }

const well = (message: string): Check => ({ status: 'up', latency_ms: 0, message })
const judged = (isWell: boolean, message: string, otherwise: string): Check =>
  isWell ? well(message) : { status: 'down', latency_ms: 0, message: otherwise }

/** The modules of the published interface, by the slug of their path, and what answers for them. */
const MODULES: Record<string, Module> = {
  postgres: { name: 'db_postgres', tell: tellDatabase },
  redis: { name: 'redis', tell: tellRedis },
  settings: {
    name: 'settings',
    tell: ({ app }) => ({
      check: well('They were read and agree with each other.'),
      more: { settings_count: Object.keys(app.settings).length },
    }),
  },
  logging: {
    name: 'logging',
    tell: ({ app }) => ({
      check: judged(
        app.log.isLevelEnabled(app.settings.log_level),
        `What is ${app.settings.log_level} or worse is logged.`,
        `What is ${app.settings.log_level} is to be logged, and is not.`,
      ),
      more: { log_level: app.settings.log_level },
    }),
  },
  deployment: {
    name: 'deployment',
    tell: ({ app, health }) => ({
      check: health.checks.schema ?? well('It is up to date.'),
      more: { environment: app.settings.environment, asset_count: app.modules.length },
    }),
  },
  middleware: {
    name: 'middleware',
    tell: ({ app, headers }) => ({
      check: judged(
        headers['x-request-id'] !== undefined,
        'Every request passes through it.',
        'A request was answered without passing through it.',
      ),
      more: {
        middleware_count: app.settings.rate_limit_enabled ? 4 : 3,
        rate_limits: app.settings.rate_limit_enabled,
      },
    }),
  },
  'auth-core': {
    name: 'auth_core',
    tell: tellAccess,
  },
  'security-headers': {
    name: 'security_headers',
    tell: ({ headers }) => ({
      check: judged(
        Object.keys(SECURITY_HEADERS).every((name) => headers[name.toLowerCase()] !== undefined),
        'They stand on every answer.',
        'An answer lacked some of them.',
      ),
      more: { header_count: Object.keys(SECURITY_HEADERS).length },
    }),
  },
}

/** Serves `/api/health/` and `/api/health/module/{slug}`: always open, 503 when a part is down. */
export async function serveModuleHealth(http: FastifyInstance, app: App): Promise<void> {
  const checks = new HealthChecks(app)
  const config = { face: 'ecommerce' }
  http.addHook('onClose', async () => checks.close())

  http.get('/api/health/', { config }, async (request, reply) => {
    if (/^\/api\/health(\?|$)/.test(request.url)) return reply.redirect('/api/health/', 307)
    const health = await checks.run()
    const isDown = health.status === 'down'
    return reply
      .code(isDown ? 503 : 200)
      .send({ status: isDown ? 'error' : 'ok', ...running(), module: 'app' })
  })

  http.get('/api/health/module/:slug', { config }, async (request, reply) => {
    const { slug } = request.params as { slug: string }
    const module = Object.hasOwn(MODULES, slug) ? MODULES[slug] : undefined
    reply.header('content-type', JSON_TYPE)
    if (!module) return reply.code(404).send(JSON.stringify({ detail: 'Not Found' }))
    // An answer that looks at nothing itself, so that asking after it costs nothing.
    const { headers } = await http.inject({ url: '/api/health' })
    const told = await module.tell({ health: await checks.run(), app, headers })
    const body = printModule(module.name, told, app.clock().toISOString())
    return reply.code(told.check.status === 'down' ? 503 : 200).send(JSON.stringify(body))
  })
}

const running = () => ({
  version: build().version,
  uptime: Math.round(process.uptime() * 1e3) / 1e3,
})

const WORDS = { up: 'ok', degraded: 'degraded', down: 'fail' } as const

/**
 * One payload for every reader: `checks` as the published JSON Schema has it, and beside it what
 * the templates of the source print.
 */
function printModule(module: string, { check, warnings = [], more }: Told, now: string) {
  const status = WORDS[check.status]
  const { message: detail, latency_ms: duration_ms } = check
  return {
    module,
    status,
    detail,
    warnings,
    checked_at: now.replace(/Z$/, '+00:00'),
    checks: [{ name: module, status, details: { message: detail }, duration_ms }],
    ...running(),
    module_version: build().version,
    ...more,
  }
}

/** Users and tokens are rows, and a token that nobody was given must be refused. */
async function tellAccess({ health, app }: Looked): Promise<Told> {
  const { database } = health.checks
  if (database && database.status === 'down') return { check: database }
  const nobody = { authorization: 'Bearer nobody', api_key: undefined }
  const refusal = await app.authenticate(nobody).then(
    () => undefined,
    (error: unknown) => error,
  )
  const isRefused = refusal instanceof DomainError && refusal.status === 401
  const message = 'Whoever is nobody is refused.'
  return { check: judged(isRefused, message, 'A token that nobody was given was not refused.') }
}

function tellDatabase({ app, health }: Looked): Told {
  const { engine } = app.database
  const { size, active, idle } = app.database.stats()
  const pool = {
    pool_size: size,
    checked_in: idle,
    checked_out: active,
    overflow: 0,
    total_connections: active + idle,
  }
  const warnings =
    engine === 'sqlite' ? ['The database is SQLite: one file, and no server to reach.'] : []
  return {
    check: health.checks.database ?? well('It answers.'),
    warnings,
    more: { engine, ...addressOf(app), pool },
  }
}

/** Where the database is, without its password; in production nobody is told. */
function addressOf({ settings, database }: App): Record<string, string> {
  if (settings.environment === 'production' || database.engine === 'sqlite') return {}
  const url = new URL(settings.database_url)
  if (!url.hostname) return {}
  if (url.password) url.password = '***'
  return { url: url.toString(), hostname: url.hostname }
}

function tellRedis({ health }: Looked): Told {
  const { redis } = health.checks
  if (redis) return { check: redis, more: { cache_ttl: null } }
  const warnings = ['redis_url is not set: nothing is kept there, and nothing is missed.']
  return { check: well('It is not used.'), warnings, more: { cache_ttl: null } }
}
