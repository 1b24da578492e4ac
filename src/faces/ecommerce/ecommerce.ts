import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { JSON_TYPE } from '#faces/rest/headers'
import { ecommerceOperations } from '#modules/storefronts'
import type { App } from '#platform/app'
import { systemActor } from '#platform/context'
import { execute, type Keyed } from '#platform/execute'
import { idempotencyErrors } from '#platform/idempotency'
import type { Operation } from '#platform/operations'
import { answerRefusal, faultsOf, printRefusal } from './answers.ts'
import { type Caller, callerOf, scopeOf } from './callers.ts'
import { openApi } from './document.ts'
import { serveModuleHealth } from './health.ts'
import { published, publishedItems } from './printing.ts'
import { eventFields, type Route, routes } from './routes.ts'
import { checkSignature } from './signed.ts'
import { readFields } from './validation.ts'

const PREFIX = '/api/v1/ecommerce'
const WEBHOOK = '/webhooks/payments'
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * The published e-commerce interface: `/api/v1/ecommerce/*`, `/api/health/*` and its document at
 * `/openapi.json`, in its own shapes, over the one catalogue, stock, cart, order and payment.
 */
export async function ecommerce(http: FastifyInstance, app: App): Promise<void> {
  await http.register(
    async (scope) => {
      scope.setErrorHandler((error, request, reply) =>
        answerRefusal(app, error, { request, reply }),
      )
      for (const route of routes) serve(scope, app, route)
      serveEvents(scope, app)
      answerTheRest(scope)
    },
    { prefix: PREFIX },
  )
  await serveModuleHealth(http, app)
  http.get('/openapi.json', async (_, reply) =>
    reply.header('content-type', JSON_TYPE).send(openApi(PREFIX)),
  )
}

function serve(scope: FastifyInstance, app: App, route: Route): void {
  const operation = ecommerceOperations[route.operation] as Operation
  const print = route.list ? publishedItems : published
  scope.route({
    method: route.method,
    url: route.path,
    config: { face: 'ecommerce' },
    handler: async (request, reply) => {
      const caller = await callerOf(app, request)
      const input = {
        ...(route.query && readFields('query', route.query, request.query)),
        ...(route.body && tidied(readFields('body', route.body, request.body))),
        ...(request.params as object),
        ...(route.withCart && caller.session_id !== undefined && { session_id: caller.session_id }),
      }
      return answer(app, { operation, input, caller, print }, { request, reply })
    },
  })
}

/** Texts as this face keeps them: trimmed, SKU and currency in capitals. */
function tidied(body: Record<string, unknown>): Record<string, unknown> {
  const tidy = (name: string, value: unknown) => {
    if (typeof value !== 'string' || name.endsWith('_id')) return value
    const trimmed = value.trim()
    return name === 'sku' || name === 'currency' ? trimmed.toUpperCase() : trimmed
  }
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, tidy(name, value)]))
}

type Asked = {
  operation: Operation
  input: Record<string, unknown>
  caller: Caller
  print: (output: never) => unknown
}
type Http = { request: FastifyRequest; reply: FastifyReply }

async function answer(app: App, asked: Asked, { request, reply }: Http): Promise<FastifyReply> {
  const { operation, input, caller, print } = asked
  const outcome = await execute(app, operation, {
    actor: caller.actor,
    input,
    request_id: request.id,
    log: app.log,
    keyed: request.method === 'GET' ? undefined : keyedBy(request, asked),
  })
  const { output } = outcome
  if ((output as { cut?: boolean } | undefined)?.cut) reply.header('x-result-truncated', 'true')
  if (outcome.replayed) reply.header('idempotent-replayed', 'true')
  return reply
    .code(outcome.status)
    .header('content-type', JSON_TYPE)
    .send(outcome.body ?? JSON.stringify(print(output as never)))
}

const KEY = /^[\x21-\x7e]{1,255}$/

/** What an Idempotency-Key is bound to: caller, method, path and key, and the body by its hash. */
function keyedBy(request: FastifyRequest, { caller, print }: Asked): Keyed | undefined {
  const { 'idempotency-key': key } = request.headers
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !KEY.test(key)) throw idempotencyErrors.bad_key()
  const { method, url, bodyText } = request
  return {
    scope: `${scopeOf(caller)} ${method} ${url.split('?')[0]} ${key}`,
    fingerprint: hash('sha256', `${url}\n${bodyText}`, 'base64'),
    print: (output) => JSON.stringify(print(output as never)),
    printError: (error) => printRefusal(error, faultsOf(error)).body,
  }
}

/** What a payment provider says; its signature, not a credential, is who it is. */
function serveEvents(scope: FastifyInstance, app: App): void {
  const operation = ecommerceOperations.receiveEvent as Operation
  scope.post(WEBHOOK, { config: { face: 'ecommerce' } }, async (request, reply) => {
    const { signature: _, ...input } = readFields('body', eventFields, request.body)
    checkSignature(app, request)
    const caller = { actor: systemActor }
    return answer(app, { operation, input, caller, print: published }, { request, reply })
  })
}

/** Below this prefix, what no route answers is told in this face's words too. */
function answerTheRest(scope: FastifyInstance): void {
  const known = [...routes, { method: 'POST', path: WEBHOOK }].map(({ method, path }) => ({
    method,
    pattern: new RegExp(`^${PREFIX}${path.replace(/:\w+/g, '[^/]+')}/?$`),
  }))
  const handler = async ({ url }: FastifyRequest, reply: FastifyReply) => {
    const path = url.split('?')[0] ?? ''
    const allowed = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
    reply.header('content-type', JSON_TYPE)
    if (allowed.length === 0) return reply.code(404).send(JSON.stringify({ detail: 'Not Found' }))
    reply.header('allow', [...new Set(allowed)].join(', '))
    return reply.code(405).send(JSON.stringify({ detail: 'Method Not Allowed' }))
  }
  for (const url of ['', '/*']) {
    scope.route({ method: [...METHODS], url, config: { face: 'ecommerce' }, handler })
  }
}
