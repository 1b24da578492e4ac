import type { FastifyReply, FastifyRequest } from 'fastify'
import { refusalOf } from '#faces/rest/errors'
import { JSON_TYPE } from '#faces/rest/headers'
import { type DomainError, defineErrors } from '#kit/errors'
import type { App } from '#platform/app'

/** What only this dialect refuses. */
export const dialectErrors = defineErrors({
  invalid: { code: 'DIALECT_INVALID', status: 400, message: '{field}: {problem}.' },
  no_items: { code: 'DIALECT_NO_ITEMS', status: 400, message: 'Items cannot be empty.' },
  no_payment: {
    code: 'DIALECT_NO_PAYMENT',
    status: 400,
    message: 'payment: method or delegated_token is required.',
  },
  completed: { code: 'DIALECT_COMPLETED', status: 400, message: 'Session already completed.' },
  canceled: { code: 'DIALECT_CANCELED', status: 400, message: 'Session is {status}.' },
  cannot_cancel: {
    code: 'DIALECT_CANNOT_CANCEL',
    status: 405,
    message: 'A session that is {status} cannot be canceled.',
  },
  declined: { code: 'DIALECT_PAYMENT_FAILED', status: 400, message: '{reason}' },
  signature: { code: 'DIALECT_SIGNATURE', status: 400, message: '{problem}' },
  invalid_format: {
    code: 'DIALECT_FORMAT',
    status: 400,
    message: 'The format must be json, csv or tsv.',
  },
  no_feed: {
    code: 'DIALECT_NO_FEED',
    status: 400,
    message: 'No feed of an agent is configured: see the setting agent_feed_url.',
  },
  may_not_push: {
    code: 'AUTH_INSUFFICIENT_PERMISSIONS',
    status: 403,
    message: 'This needs the permission products:write.',
  },
  push_elsewhere: {
    code: 'DIALECT_PUSH_ELSEWHERE',
    status: 400,
    message: 'openai_endpoint and openai_api_key come from the settings of this server only.',
  },
})

/** `flat` as the protocol has it; `nested` as it is documented below /api/v1. */
export type ErrorStyle = 'flat' | 'nested'
type Word = { flat: string; nested: string }

const word = (flat: string, nested: string): Word => ({ flat, nested })
const INVALID = word('invalid', 'validation_error')
const WORDS: Record<string, Word> = {
  AGENT_SESSION_NOT_FOUND: word('not_found', 'resource_not_found'),
  AGENT_ITEM_UNKNOWN: word('not_found', 'resource_not_found'),
  AGENT_SESSION_NOT_READY: word('invalid', 'invalid_operation'),
  AGENT_SESSION_ENDED: word('invalid', 'invalid_operation'),
  AGENT_SESSION_BUSY: word('conflict', 'conflict'),
  AGENT_LIMIT_EXCEEDED: word('invalid', 'invalid_operation'),
  AGENT_PAUSED: word('invalid', 'invalid_operation'),
  DIALECT_COMPLETED: word('invalid', 'invalid_operation'),
  DIALECT_CANCELED: word('invalid', 'invalid_operation'),
  DIALECT_CANNOT_CANCEL: word('invalid', 'invalid_operation'),
  DIALECT_NO_ITEMS: word('INVALID_REQUEST', 'validation_error'),
  DIALECT_NO_PAYMENT: word('invalid', 'invalid_input'),
  DIALECT_PAYMENT_FAILED: word('payment_failed', 'payment_failed'),
  DIALECT_FORMAT: word('invalid_format', 'invalid_format'),
  INSUFFICIENT_STOCK: word('insufficient_stock', 'insufficient_stock'),
  AUTH_MISSING: word('unauthorized', 'authentication_failed'),
  AUTH_INSUFFICIENT_PERMISSIONS: word('forbidden', 'authentication_failed'),
  IDEMPOTENCY_KEY_REUSED: word('idempotency_conflict', 'conflict'),
  IDEMPOTENCY_IN_PROGRESS: word('idempotency_in_flight', 'conflict'),
  RATE_LIMIT_EXCEEDED: word('rate_limit_exceeded', 'rate_limit_exceeded'),
  PAYLOAD_TOO_LARGE: word('payload_too_large', 'invalid_input'),
}

/** What the documents answer with another status than the operation behind it. */
const STATUSES: Record<string, number> = {
  AGENT_ITEM_UNKNOWN: 404,
  AGENT_SESSION_NOT_READY: 400,
  AGENT_SESSION_ENDED: 400,
  INSUFFICIENT_STOCK: 400,
  IDEMPOTENCY_KEY_REUSED: 409,
}

export const dialectStatus = ({ code, status }: DomainError): number =>
  code.startsWith('VAULT_TOKEN_') ? 400 : (STATUSES[code] ?? status)

/** The body of a refusal. */
export function printDialectError(error: DomainError, style: ErrorStyle): string {
  const { code, message, details } = error
  const status = dialectStatus(error)
  const words = WORDS[code] ?? otherwise(error)
  const named = typeof details.field === 'string' ? { param: paramOf(details.field) } : {}
  if (style === 'flat') {
    const said = code === 'DIALECT_SIGNATURE' ? String(details.code) : words.flat
    return JSON.stringify({ type: flatType(code, status), code: said, message, ...named })
  }
  const told = { type: nestedType(status), code: words.nested, message, ...named }
  return JSON.stringify({ error: told })
}

function otherwise({ code, status }: DomainError): Word {
  if (status >= 500) return word('internal_error', 'internal_error')
  if (status === 401) return word('invalid_api_key', 'authentication_failed')
  if (status === 404) return word('not_found', 'resource_not_found')
  if (code.startsWith('VAULT_TOKEN_')) return word('invalid', 'invalid_operation')
  return INVALID
}

function flatType(code: string, status: number): string {
  if (code === 'IDEMPOTENCY_KEY_REUSED') return 'request_not_idempotent'
  if (code === 'DIALECT_PAYMENT_FAILED') return 'payment_error'
  if (status === 429) return 'rate_limit_exceeded'
  if (status === 503) return 'service_unavailable'
  return status >= 500 ? 'processing_error' : 'invalid_request'
}

function nestedType(status: number): string {
  if (status === 401 || status === 403) return 'authentication_error'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'api_error' : 'invalid_request_error'
}

/** Where this dialect has what the core names in the words of ACP. */
const PARAMS: readonly [RegExp, string][] = [
  [/^\$\.fulfillment_details\.address\b/, '$.customer.shipping_address'],
  [/^\$\.buyer\.email$/, '$.customer.shipping_address.email'],
  [/^\$\.selected_fulfillment_options.*$/, '$.fulfillment.selected_id'],
  [/^\$\.payment_data.*$/, '$.payment'],
  [/^\$\.line_items/, '$.items'],
]

/** The name of a member as a JSONPath into a request of this dialect. */
export function paramOf(field: string): string {
  const path = field.startsWith('$') ? field : `$.${field}`.replace(/^\$\.body$/, '$')
  const [pattern, ours] = PARAMS.find(([one]) => one.test(path)) ?? []
  const named = pattern && ours !== undefined ? path.replace(pattern, ours) : path
  return named.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]')
}

type Failed = { error: unknown; request: FastifyRequest; reply: FastifyReply; style?: ErrorStyle }

/** The error handler of a scope that speaks this dialect. */
export function answerDialectError(app: App, failed: Failed): FastifyReply {
  const { error, request, reply, style = 'nested' } = failed
  const refusal = refusalOf(error, app.settings.max_body_size)
  const { id: request_id } = request
  if (refusal.status >= 500) app.log.error({ err: error, request_id }, refusal.message)
  if (refusal.status === 401) reply.header('www-authenticate', 'Bearer realm="tradepost"')
  const { retry_after } = refusal.details
  if (typeof retry_after === 'number') reply.header('retry-after', String(retry_after))
  return reply
    .code(dialectStatus(refusal))
    .header('content-type', JSON_TYPE)
    .send(printDialectError(refusal, style))
}
