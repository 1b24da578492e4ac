import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { JSON_TYPE } from '#faces/rest/headers'
import { inputReader } from '#faces/rest/input'
import { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import type { Actor } from '#platform/context'
import { execute, type Keyed } from '#platform/execute'
import { idempotencyErrors } from '#platform/idempotency'
import type { Operation } from '#platform/operations'
import { answerRefusal, printRefusal, shopRefusal } from './answers.ts'
import { type Caller, callerOf, scopeOf } from './callers.ts'
import { openApi } from './document.ts'
import { openShopLimits, type ShopLimits } from './limits.ts'
import { type Route, routesOf } from './routes.ts'

const PREFIXES = ['/api', '/api/v1'] as const

/**
 * The published shop interface: `/api/*` and `/api/v1/*` for carts, checkout, login and
 * WooCommerce, in its own shapes, over the one cart, checkout, order and payment.
 */
export async function shop(http: FastifyInstance, app: App): Promise<void> {
  const limits = await openShopLimits(app)
  http.addHook('onClose', async () => limits?.close())
  const routes = routesOf(app)
  http.get('/api/openapi.json', { config: { face: 'shop' } }, async (_, reply) =>
    reply.header('content-type', JSON_TYPE).send(openApi(app)),
  )
  for (const prefix of PREFIXES) {
    await http.register(
      async (scope) => {
        scope.setErrorHandler((error, request, reply) =>
          answerRefusal(app, error, { request, reply }),
        )
        for (const route of routes) {
          const { method, path } = route
          // The house's own published paths come first: below `/api/v1` it logs in itself.
          if (http.hasRoute({ method, url: `${prefix}${path}` })) continue
          serve({ scope, app, limits }, route)
        }
      },
      { prefix },
    )
  }
}

type Serving = { scope: FastifyInstance; app: App; limits: ShopLimits | undefined }

function serve({ scope, app, limits }: Serving, route: Route): void {
  const operation = inOurWords(route.operation)
  const read = inputReader(operation, route.method)
  scope.route({
    method: route.method,
    url: route.path,
    // Counted here, in the document's way, and not by the house's general limit.
    config: { face: 'shop', operation: `shop:${operation.name}` },
    onRequest: async (request, reply) => {
      await admit(app, request, () => limits?.take(route.category, request, reply))
    },
    handler: async (request, reply) => {
      const caller = callerOf(app, request, request.actor as Actor)
      const { params, query, body } = request
      const said = read(params as never, query as never, body ?? undefined)
      const { session_id } = caller
      const input = session_id && takesSession(operation) ? { ...said, session_id } : said
      return answer(app, { route, operation, caller, input }, { request, reply })
    },
  })
}

const takesSession = ({ input }: Operation) => 'session_id' in input.properties

/** Who asks, and have they not asked too often; who fails the first is counted by address. */
async function admit(app: App, request: FastifyRequest, take: () => Promise<void> | undefined) {
  const { authorization, 'x-api-key': api_key } = request.headers as Record<string, string>
  try {
    request.actor = await app.authenticate({ authorization, api_key })
  } catch (error) {
    await take()
    throw error
  }
  await take()
}

/** The same operation, whose refusals have the statuses of this face, also where they are kept. */
function inOurWords(operation: Operation): Operation {
  const run = operation.run as (ctx: unknown, input: unknown) => Promise<unknown>
  return {
    ...operation,
    run: async (ctx: never, input: never) => {
      try {
        return await run(ctx, input)
      } catch (error) {
        throw error instanceof DomainError ? shopRefusal(error) : error
      }
    },
  }
}

type Asked = { route: Route; operation: Operation; caller: Caller; input: Record<string, unknown> }
type Http = { request: FastifyRequest; reply: FastifyReply }

async function answer(app: App, asked: Asked, { request, reply }: Http): Promise<FastifyReply> {
  const { operation, input, caller, route } = asked
  const outcome = await execute(app, operation, {
    actor: caller.actor,
    input,
    request_id: request.id,
    log: app.log,
    keyed: route.method === 'GET' ? undefined : keyedBy(app, request, asked),
  })
  if (outcome.replayed) reply.header('idempotent-replayed', 'true')
  const print = route.print as (output: unknown, input: unknown) => unknown
  return reply
    .code(outcome.status >= 400 ? outcome.status : 200)
    .header('content-type', JSON_TYPE)
    .send(outcome.body ?? JSON.stringify(print(outcome.output, input)))
}

const KEY = /^[\x21-\x7e]{1,255}$/

/** What an Idempotency-Key is bound to: caller, method, path and key, and the body by its hash. */
function keyedBy(app: App, request: FastifyRequest, asked: Asked): Keyed | undefined {
  const { 'idempotency-key': key } = request.headers
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !KEY.test(key)) throw idempotencyErrors.bad_key()
  const { method, url, bodyText, id } = request
  const { route, caller, input } = asked
  const print = route.print as (output: unknown, input: unknown) => unknown
  return {
    scope: `${scopeOf(caller, request)} ${method} ${url.split('?')[0]} ${key}`,
    fingerprint: hash('sha256', `${url}\n${bodyText}`, 'base64'),
    print: (output) => JSON.stringify(print(output, input)),
    printError: (error) => printRefusal(error, { id, now: app.clock() }).body,
  }
}
