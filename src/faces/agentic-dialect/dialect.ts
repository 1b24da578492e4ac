import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { speakAcp } from '#faces/acp/acp'
import { admitAgents, limitedByAgent } from '#faces/acp/admission'
import { serveCarts } from '#faces/acp/carts'
import { serveSessions } from '#faces/acp/sessions'
import type { Face } from '#faces/rest/faces'
import { JSON_TYPE } from '#faces/rest/headers'
import { DomainError } from '#kit/errors'
import { isUuid } from '#kit/ids'
import { type AgentSession, agenticErrors } from '#modules/agentic'
import type { App } from '#platform/app'
import type { Outcome } from '#platform/execute'
import { idempotencyErrors } from '#platform/idempotency'
import { ask, keptUnder } from './asking.ts'
import { answerDialectError, dialectErrors, type ErrorStyle } from './errors.ts'
import { printSession } from './printing.ts'
import { addressOf, createInput, paymentToken, updateInput } from './reading.ts'
import { Complete, Create, reader, Update } from './schemas.ts'
import { checkSignature } from './signature.ts'

/** Where it is served, and in which of its two styles it refuses. */
export type DialectAt = { root: string; style: ErrorStyle }

/**
 * The documented agentic checkout below /api/v1, in the structured dialect. Requests that name an
 * API-Version speak the protocol itself and go elsewhere.
 */
export const agenticDialect: Face = async (http, app) => {
  for (const root of ROOTS) await serveDialect(http, app, { root, style: 'nested' })
  await http.register(async (scope) => {
    speakAcp(scope, app)
    serveSessions(scope, app, '/api/v1/agentic-checkout/checkout_sessions')
    serveCarts(scope, app, '/api/v1/agentic-checkout/carts')
  })
}

/** As the documents and the published clients have them. */
const ROOTS = [
  '/api/v1/checkout_sessions',
  '/api/v1/agentic-checkout/checkout_sessions',
  '/api/v1/agentic-checkout/sessions',
]
type Call = { request: FastifyRequest; reply: FastifyReply }

/** Serves the dialect below a path: thin over the sessions of agents, like every protocol. */
export async function serveDialect(
  http: FastifyInstance,
  app: App,
  { root, style }: DialectAt,
): Promise<void> {
  await http.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      echo(request, reply)
    })
    admitAgents(scope, app)
    scope.addHook('preHandler', async (request) => {
      checkSignature(request, app.settings, app.clock())
    })
    scope.setErrorHandler((error, request, reply) =>
      answerDialectError(app, { error, request, reply, style }),
    )
    const config = { face: 'agentic-dialect', ...limitedByAgent }
    const constraints = { dialect: 'structured' }
    scope.post(root, { config, constraints }, (request, reply) =>
      create(app, { request, reply }, style),
    )
    scope.get(
      `${root}/:id`,
      { config, constraints, exposeHeadRoute: false },
      async (request, reply) => {
        const session = await read(app, request)
        return send(reply, 200, printSession(session))
      },
    )
    scope.post(`${root}/:id`, { config, constraints }, (request, reply) =>
      update(app, { request, reply }),
    )
    scope.post(`${root}/:id/complete`, { config, constraints }, (request, reply) =>
      complete(app, { request, reply }),
    )
    scope.post(`${root}/:id/cancel`, { config, constraints }, (request, reply) =>
      cancel(app, { request, reply }),
    )
  })
}

const VISIBLE = /^[\x21-\x7e]{1,255}$/

function echo({ headers }: FastifyRequest, reply: FastifyReply): void {
  for (const name of ['request-id', 'idempotency-key'] as const) {
    const value = headers[name]
    if (typeof value === 'string' && VISIBLE.test(value)) reply.header(name, value)
  }
}

const send = (reply: FastifyReply, status: number, body: object) =>
  reply.code(status).header('content-type', JSON_TYPE).send(JSON.stringify(body))

const readCreate = reader(Create)
const readUpdate = reader(Update)
const readComplete = reader(Complete)

async function create(app: App, { request, reply }: Call, style: ErrorStyle) {
  const input = createInput(readCreate(request.body))
  const outcome = await answered(app, { request, reply }, { name: 'agentic.create_session', input })
  const { value: session, replayed } = outcome
  reply.header('location', `${request.url.split('?', 1)[0]}/${session.id}`)
  return send(reply, replayed && style === 'nested' ? 200 : 201, printSession(session))
}

async function update(app: App, { request, reply }: Call) {
  const body = readUpdate(request.body ?? {})
  const input = updateInput(body, await read(app, request))
  const call = { name: 'agentic.update_session', input }
  const { value } = await answered(app, { request, reply }, call)
  return send(reply, 200, printSession(value))
}

const ENDED = new Set<AgentSession['status']>(['completed', 'canceled', 'expired'])

async function complete(app: App, { request, reply }: Call) {
  const body = readComplete(request.body)
  const token = paymentToken(body)
  const before = await read(app, request)
  const { id } = before
  const { customer, fulfillment } = body
  if ((customer || fulfillment) && before.status !== 'completed') {
    const input = updateInput(
      { ...(customer && { customer }), ...(fulfillment && { fulfillment }) },
      before,
    )
    const call = { name: 'agentic.update_session', input, step: 'update' }
    await answered(app, { request, reply }, call)
  }
  const billing = customer?.billing_address
  const payment = { token, ...(billing && { billing_address: addressOf(billing) }) }
  const { value: session, late } = await answered(
    app,
    { request, reply },
    {
      name: 'agentic.complete_session',
      input: { id, payment },
      late: ENDED.has(before.status),
    },
  )
  if (late) throw dialectErrors.completed()
  if (session.status === 'completed') return send(reply, 200, printSession(session))
  const [why] = session.messages.filter(({ code }) => code === 'payment_declined')
  if (why) throw dialectErrors.declined({ reason: why.content })
  return send(reply, 200, printSession(session))
}

async function cancel(app: App, { request, reply }: Call) {
  const id = idOf(request)
  const call = { name: 'agentic.cancel_session', input: { id } }
  try {
    const { value } = await answered(app, { request, reply }, call)
    return send(reply, 200, printSession(value))
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'AGENT_SESSION_ENDED') throw error
    throw dialectErrors.cannot_cancel({ status: String(error.details.status) })
  }
}

async function read(app: App, request: FastifyRequest): Promise<AgentSession> {
  const id = idOf(request)
  const { output } = await ask(app, request, { name: 'agentic.get_session', input: { id } })
  return output as AgentSession
}

/** What cannot be any session's id is not there. */
function idOf({ params }: FastifyRequest): string {
  const { id } = params as { id: string }
  if (!isUuid(id)) throw agenticErrors.not_found({ session_id: id.slice(0, 100) })
  return id
}

/** What is kept under a key: the session as the core has it, or its refusal; printed when told. */
type Kept = { value: AgentSession; late: boolean }
type Ask = { name: string; input: unknown; late?: boolean; step?: string }

async function answered(
  app: App,
  { request, reply }: Call,
  { name, input, late = false, step = '' }: Ask,
): Promise<Kept & { replayed: boolean }> {
  const key = keyOf(request)
  const printError = ({ code, status, message, details }: DomainError) =>
    JSON.stringify({ code, status, message, details })
  const print = (value: AgentSession) => JSON.stringify({ value, late })
  const keyed =
    key && keptUnder(app, request, { key: key + step, version: 'dialect-a', print, printError })
  const outcome: Outcome = await ask(app, request, { name, input, ...(keyed && { keyed }) })
  const { replayed } = outcome
  if (replayed) reply.header('x-idempotent-replay', 'true')
  if (outcome.body === undefined) return { value: outcome.output as AgentSession, late, replayed }
  const kept = JSON.parse(outcome.body)
  if (outcome.status >= 400) throw new DomainError(kept, kept.message, kept.details)
  return { ...(kept as Kept), replayed }
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined || (typeof key === 'string' && VISIBLE.test(key))) return key
  throw idempotencyErrors.bad_key()
}
