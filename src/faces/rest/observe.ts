import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { databaseErrors } from '#platform/database/database'
import type { RequestKind } from '#platform/metrics'
import type { RequestSpan, Tracer } from '#platform/tracing'

declare module 'fastify' {
  interface FastifyRequest {
    /** Only where traces are sent somewhere. */
    span: RequestSpan | null
  }
  interface FastifyContextConfig {
    /** What the requests of this route are counted as. */
    counted?: RequestKind
    /** The face that answers; `rest` unless said. */
    face?: string
    /** The operation that the route asks for. */
    operation?: string
  }
}

/** Asked by machines every few seconds: counted, but no line in the log. */
const QUIET = /^\/(health|metrics)(\/|$)/
const UNMATCHED = 'unmatched'

/** Counts and logs every request. Call it before routes are declared. */
export function observe(http: FastifyInstance, app: App): void {
  const { log, metrics } = app
  http.decorateRequest('span', null)
  const logs = log.isLevelEnabled('info')
  const strangers = new Map<string, RequestKind>()

  http.addHook('onRoute', (route) => {
    const method = String(route.method)
    const face = route.config?.face ?? 'rest'
    route.config = { ...route.config, counted: { method, route: route.url, face } }
  })

  const strange = (method: string): RequestKind => {
    const known = strangers.get(method)
    if (known) return known
    const kind = { method, route: UNMATCHED, face: 'rest' }
    strangers.set(method, kind)
    return kind
  }

  if (app.tracer) trace(http, app.tracer)

  http.addHook('onResponse', (request, reply, done) => {
    const { counted, operation } = request.routeOptions.config
    const kind = counted ?? strange(request.method)
    const ms = reply.elapsedTime
    metrics.observeRequest(kind, reply.statusCode, ms)
    countCaller(app, request, reply, kind)
    if (operation !== undefined && reply.statusCode < 300) countLogin(app, operation)
    if (logs && !QUIET.test(kind.route)) {
      log.info(
        {
          request_id: request.id,
          method: request.method,
          route: kind.route,
          path: pathOf(request),
          status: reply.statusCode,
          ms: Math.round(ms * 100) / 100,
          ...(request.actor && request.actor.kind !== 'anonymous' && { user: request.actor.id }),
          ...(request.span && { trace_id: request.span.trace_id }),
        },
        'request',
      )
    }
    done()
  })
}

/** One span for each request, around everything that its operation does. */
function trace(http: FastifyInstance, tracer: Tracer): void {
  http.addHook('onRequest', (request, _, done) => {
    const { method } = request
    const attributes = { 'http.request.method': method, 'url.path': pathOf(request) }
    request.span = tracer.request(request.headers, attributes)
    request.span.within(done)
  })
  // Once more, because a body arrives in the socket's context instead of the request's.
  http.addHook('preHandler', (request, _, done) => {
    if (request.span) request.span.within(done)
    else done()
  })
  http.addHook('onResponse', (request, { statusCode }, done) => {
    const route = request.routeOptions.url ?? UNMATCHED
    const attributes = {
      'http.route': route,
      'http.response.status_code': statusCode,
      'tradepost.request_id': request.id,
    }
    request.span?.end(`${request.method} ${route}`, attributes, statusCode >= 500)
    done()
  })
}

function countCaller(
  { metrics, settings }: App,
  { actor }: FastifyRequest,
  { statusCode }: FastifyReply,
  { route }: RequestKind,
): void {
  const kind = actor?.kind ?? 'anonymous'
  if (kind === 'api_key') metrics.count('api_key_usage_total', {})
  if (kind !== 'anonymous') metrics.count('auth_success_total', { kind })
  if (!settings.rate_limit_enabled || (statusCode !== 429 && actor === null)) return
  const limited = { key_type: kind === 'anonymous' ? 'ip' : kind, path: route }
  metrics.count('rate_limit_hits_total', {})
  if (statusCode === 429) {
    metrics.count('rate_limit_denied_total', limited)
    metrics.count('rate_limit_exceeded_total', {})
  } else {
    metrics.count('rate_limit_allowed_total', limited)
  }
}

function countLogin({ metrics }: App, operation: string): void {
  if (operation === 'access.log_in') metrics.count('auth_success_total', { kind: 'password' })
  if (operation === 'access.refresh') metrics.count('token_refreshes_total', {})
}

/** Counts what is said of credentials and permissions when a request is refused. */
export function countRefusal({ metrics }: App, { code, status }: DomainError): void {
  if (status === 401) metrics.count('auth_failures_total', { code, status })
  if (status === 403) metrics.count('permission_denials_total', {})
}

type Fault = { error: unknown; refusal: DomainError }

/**
 * Writes down what was a fault of ours. A database that is away is none, and its stack says nothing
 * that helps: that would be a page of log for every request that comes meanwhile.
 */
export function logFault(
  { log }: App,
  request: FastifyRequest,
  { error, refusal: { status, code, message } }: Fault,
): void {
  if (status < 500) return
  const level = code === databaseErrors.unavailable.spec.code ? 'warn' : 'error'
  const { id: request_id, method } = request
  log[level]({ err: error, request_id, method, path: pathOf(request) }, message)
}

/** Without the query, which may hold what belongs in no log. */
function pathOf({ url }: FastifyRequest): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}
