import type { FastifyReply, FastifyRequest } from 'fastify'
import { ask, keptUnder } from '#faces/agentic-dialect/asking'
import { checkSignature } from '#faces/agentic-dialect/signature'
import { refusalOf } from '#faces/rest/errors'
import type { Face } from '#faces/rest/faces'
import { JSON_TYPE } from '#faces/rest/headers'
import type { DomainError } from '#kit/errors'
import type { App } from '#platform/app'
import { idempotencyErrors } from '#platform/idempotency'
import { invalidField } from '#platform/operations'
import { admitAgents, limitedByAgent } from './admission.ts'
import {
  flatError,
  keyRequired,
  missingVersion,
  statusFor,
  unsupportedVersion,
} from './delegate-payment-errors.ts'
import { type AcpVersion, isAcpVersion, LATEST } from './versions.ts'

const KEY = /^[\x21-\x7e]{1,255}$/
type Token = { id: string; created: string; metadata: Record<string, string> }

/**
 * Delegate payment (ACP, every version): an agent hands a card over and gets a token for one
 * purchase. What the card must be is the vault's business; here are its versions, keys and errors.
 */
export const delegatePayment: Face = async (http, app) => {
  const path = `${app.settings.acp_base_path}/agentic_commerce/delegate_payment`
  await http.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      echo(request, reply)
    })
    admitAgents(scope, app)
    scope.addHook('onRequest', async (request) => {
      versionOf(request)
    })
    scope.addHook('preHandler', async (request) => {
      checkSignature(request, app.settings, app.clock())
    })
    scope.setErrorHandler((error, request, reply) => answerError(app, { error, request, reply }))
    const config = { face: 'acp', ...limitedByAgent }
    scope.post(path, { config }, (request, reply) => delegate(app, request, reply))
  })
}

/** What a caller may use to find their request again. */
function echo({ headers }: FastifyRequest, reply: FastifyReply): void {
  for (const name of ['request-id', 'idempotency-key'] as const) {
    const value = headers[name]
    if (typeof value === 'string' && KEY.test(value)) reply.header(name, value)
  }
}

function versionOf({ headers }: FastifyRequest): AcpVersion {
  const version = headers['api-version']
  if (version === undefined) throw missingVersion()
  if (!isAcpVersion(version)) throw unsupportedVersion()
  return version
}

function keyOf({ headers }: FastifyRequest, version: AcpVersion): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined && version === LATEST) throw keyRequired()
  if (key !== undefined && (typeof key !== 'string' || !KEY.test(key))) {
    throw idempotencyErrors.bad_key()
  }
  return key
}

async function delegate(app: App, request: FastifyRequest, reply: FastifyReply) {
  const version = versionOf(request)
  const key = keyOf(request, version)
  const print = ({ id, created, metadata }: Token) =>
    JSON.stringify({ id, created, metadata: { ...metadata, ...(key && { idempotency_key: key }) } })
  const printError = (error: DomainError) => JSON.stringify(flatError(error))
  const keyed = key && keptUnder(app, request, { key, version, print, printError })
  refuseOlder(request.body, version)
  const outcome = await ask(app, request, {
    name: 'vault.delegate_payment',
    input: request.body ?? {},
    ...(keyed && { keyed }),
  })
  if (outcome.replayed) reply.header('idempotent-replayed', 'true')
  reply.code(outcome.status).header('content-type', JSON_TYPE)
  return reply.send(outcome.body ?? print(outcome.output as Token))
}

type Older = { risk_signals?: unknown[]; payment_method?: { iin?: unknown } }

/** What versions before 2026-04-17 were stricter about. */
function refuseOlder(body: unknown, version: AcpVersion): void {
  if (version === LATEST || typeof body !== 'object' || body === null) return
  const { risk_signals, payment_method } = body as Older
  if (Array.isArray(risk_signals) && risk_signals.length === 0) {
    throw invalidField('risk_signals', 'must have at least one')
  }
  const { iin } = payment_method ?? {}
  if (typeof iin === 'string' && iin.length > 6) {
    throw invalidField('payment_method.iin', 'must not have more than 6 digits')
  }
}

type Failed = { error: unknown; request: FastifyRequest; reply: FastifyReply }

function answerError(app: App, { error, request, reply }: Failed): FastifyReply {
  const refusal = refusalOf(error, app.settings.max_body_size)
  const { id: request_id } = request
  if (refusal.status >= 500) app.log.error({ err: error, request_id }, refusal.message)
  if (refusal.status === 401) reply.header('www-authenticate', 'Bearer realm="tradepost"')
  const { retry_after } = refusal.details
  if (typeof retry_after === 'number') reply.header('retry-after', String(retry_after))
  if (refusal.code === 'IDEMPOTENCY_IN_PROGRESS') reply.header('retry-after', '1')
  const version = request.headers['api-version']
  const status = statusFor(refusal, isAcpVersion(version) ? version : LATEST)
  return reply
    .code(status)
    .header('content-type', JSON_TYPE)
    .send(JSON.stringify(flatError(refusal)))
}
