import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkSignature } from '#faces/agentic-dialect/signature'
import { refusalOf } from '#faces/rest/errors'
import type { Face } from '#faces/rest/faces'
import { JSON_TYPE } from '#faces/rest/headers'
import { logFault } from '#faces/rest/observe'
import type { App } from '#platform/app'
import { admitAgents } from './admission.ts'
import { serveCarts } from './carts.ts'
import { inWords, printAcpError } from './errors.ts'
import { serveSessions } from './sessions.ts'
import { versionFor, versionOf } from './versions.ts'

/**
 * The Agentic Commerce Protocol: checkout sessions in every released version, chosen by the
 * `API-Version` of each request, and carts in the newest. It parses, asks the operations of
 * `agentic`, and renders.
 */
export const acp: Face = async (http, app) => {
  await http.register(async (scope) => {
    speakAcp(scope, app)
    const base = app.settings.acp_base_path
    serveSessions(scope, app, `${base}/checkout_sessions`)
    serveCarts(scope, app, `${base}/carts`)
  })
}

/** Who asks, in which version, and how errors look: for all routes of a scope. */
export function speakAcp(scope: FastifyInstance, app: App): void {
  scope.addHook('onRequest', async (request, reply) => {
    echo(request, reply)
  })
  admitAgents(scope, app)
  scope.addHook('onRequest', async (request) => {
    versionOf(request.headers['api-version'])
  })
  // Once the body is there; without a signing secret nothing is asked for.
  scope.addHook('preHandler', async (request) => {
    checkSignature(request, app.settings, app.clock())
  })
  scope.setErrorHandler((error, request, reply) => answerError(app, { error, request, reply }))
}

const VISIBLE = /^[\x20-\x7e]{1,255}$/

/** What a caller may use to find their request again. */
function echo({ headers }: FastifyRequest, reply: FastifyReply): void {
  for (const name of ['request-id', 'idempotency-key'] as const) {
    const value = headers[name]
    if (typeof value === 'string' && VISIBLE.test(value)) reply.header(name, value)
  }
}

type Failed = { error: unknown; request: FastifyRequest; reply: FastifyReply }

function answerError(app: App, { error, request, reply }: Failed): FastifyReply {
  const refusal = refusalOf(error, app.settings.max_body_size)
  logFault(app, request, { error, refusal })
  const version = versionFor(request.headers['api-version'])
  const told = inWords(refusal, version)
  if (told.status === 401) reply.header('www-authenticate', 'Bearer realm="tradepost"')
  const { retry_after } = told.details
  if (typeof retry_after === 'number') reply.header('retry-after', String(retry_after))
  return reply
    .code(told.status)
    .header('content-type', JSON_TYPE)
    .send(printAcpError(told, version))
}
