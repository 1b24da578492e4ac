import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { App } from '#platform/app'
import { withoutVersion } from '../agentic-dialect/without-version.ts'
import { acceptBodies } from './bodies.ts'
import { answerBrokenRequest } from './broken-requests.ts'
import { type Cors, corsOf } from './cors.ts'
import { serveDocs, serveFront } from './docs-pages/docs-pages.ts'
import { printError } from './envelope.ts'
import { httpErrors, PATH_MEMBER_MAX, refusalOf } from './errors.ts'
import { type Face, faces } from './faces.ts'
import { JSON_TYPE, requestIdOf, SECURITY_HEADERS } from './headers.ts'
import { serveHealth } from './health.ts'
import { limitPlainRoutes } from './limits/plain-routes.ts'
import { openRateLimits } from './limits/rate-limits.ts'
import { serveMetrics } from './metrics-routes.ts'
import { countRefusal, logFault, observe } from './observe.ts'
import { answerUnknownRoutes } from './routes-missing.ts'
import { Running } from './running.ts'
import { serveOperation } from './serve.ts'

/** What a server speaks: the canonical interface with its documents, or not, and which faces. */
export type Serves = { canonical: boolean; faces: readonly Face[] }
const EVERYTHING: Serves = { canonical: true, faces }

/**
 * Serves every operation over HTTP: what modules list in operations.ts is the routing table. A
 * server of other faces alone keeps health, metrics and the doors of payment providers.
 */
export async function buildRest(app: App, serves = EVERYTHING): Promise<FastifyInstance> {
  const cors = corsOf(app.settings)
  const http = openServer(app, cors)
  const limits = await openRateLimits(app)
  const running = new Running(app.settings.request_timeout_ms)

  http.decorate('rateLimits', limits ?? null)
  http.decorateRequest('actor', null)
  http.decorateRequest('bodyText', '')
  http.addHook('preClose', async () => {
    running.closing = true
  })
  http.addHook('onClose', async () => {
    running.close()
    limits?.close()
  })
  http.addHook('onRequest', (request, reply, done) => {
    prepare(cors, request, reply)
    if (running.closing) {
      reply.header('connection', 'close')
      return done(httpErrors.shutting_down())
    }
    if (hasBrokenUrl(request.url)) return done(httpErrors.bad_url())
    if (!cors.answerPreflight(request, reply)) done()
  })
  http.setErrorHandler((error, request, reply) => answerError(app, error, request, reply))
  acceptBodies(http)
  observe(http, app)
  const limitByAddress = limitPlainRoutes(http, limits)
  answerUnknownRoutes(http, limitByAddress)

  await serveHealth(http, app)
  await serveMetrics(http, app)
  const { canonical } = serves
  serveFront(http, { hasDocs: canonical })
  if (canonical) {
    serveDocs(http, app)
    for (const operation of app.operations) {
      serveOperation({ http, app, limits, running }, operation)
    }
  }
  const doors = app.modules.filter(({ name }) => canonical || name === 'payments')
  for (const plugin of doors.flatMap(({ plugins = [] }) => plugins)) await plugin(http, app)
  for (const face of serves.faces) await face(http, app)
  return http
}

function openServer(app: App, cors: Cors): FastifyInstance {
  const { settings } = app
  return Fastify({
    logger: false,
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    // One hop: the last address is the proxy's own word, those before it are the caller's.
    trustProxy: settings.trust_proxy ? (_, hop) => hop === 0 : false,
    // `execute` checks every input; Fastify's own compilers would be loaded and never asked.
    schemaController: { compilersFactory: { buildValidator: notHere, buildSerializer: notHere } },
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: PATH_MEMBER_MAX,
      constraints: { dialect: withoutVersion },
    },
    bodyLimit: settings.max_body_size,
    // How long a request may take to arrive; how long it may run is the business of `Running`.
    requestTimeout: settings.request_timeout_ms,
    http: {
      headersTimeout: Math.min(60_000, settings.request_timeout_ms),
      connectionsCheckingInterval: Math.min(5000, settings.request_timeout_ms / 2),
    },
    // Fastify's own 503 is not in the settled form; the hook below answers while we stop.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => answerBrokenRequest(app, error, socket),
    frameworkErrors: (error, request, reply) => {
      prepare(cors, request, reply)
      answerError(app, error, request, reply)
    },
  })
}

const notHere = (): never => {
  throw new Error('routes have no schemas of their own: operations have')
}

function prepare(cors: Cors, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(SECURITY_HEADERS).header('x-request-id', request.id)
  cors.allow(request, reply)
}

function hasBrokenUrl(url: string): boolean {
  if (!url.includes('%')) return false
  try {
    return decodeURIComponent(url).includes('\0')
  } catch {
    return true
  }
}

function answerError(
  app: App,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = refusalOf(error, app.settings.max_body_size)
  logFault(app, request, { error, refusal })
  countRefusal(app, refusal)
  if (refusal.status === 401) reply.header('www-authenticate', 'Bearer realm="tradepost"')
  const { retry_after } = refusal.details
  if (typeof retry_after === 'number') reply.header('retry-after', String(retry_after))
  return reply
    .code(refusal.status)
    .header('content-type', JSON_TYPE)
    .send(printError(refusal, request.id, app.clock()))
}
