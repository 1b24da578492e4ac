import type { DomainError } from '#kit/errors'
import { printJson } from '#kit/printed-json'
import { refusal } from './refusals.ts'
import { type AcpVersion, since } from './versions.ts'

type Words = { code: string; status?: number; param?: string }

const TOKEN = '$.payment_data.instrument.credential.token'

/** What the house's refusals are called by the protocol. */
const WORDS: Record<string, Words> = {
  AGENT_SESSION_NOT_FOUND: { code: 'session_not_found' },
  AGENT_CART_NOT_FOUND: { code: 'not_found' },
  AGENT_CART_NOTHING_AVAILABLE: { code: 'out_of_stock', param: '$.line_items' },
  AGENT_SESSION_ENDED: { code: 'session_ended' },
  AGENT_SESSION_BUSY: { code: 'session_in_progress' },
  AGENT_SESSION_NOT_READY: { code: 'not_ready_for_payment' },
  AGENT_ITEM_UNKNOWN: { code: 'invalid_item_id' },
  AGENT_CURRENCY_NOT_SOLD: { code: 'unsupported_currency' },
  AGENT_INPUT_INVALID: { code: 'invalid' },
  AGENT_PAYMENT_MISSING: { code: 'missing' },
  AGENT_AUTHENTICATION_REQUIRED: { code: 'requires_3ds' },
  CURRENCY_UNKNOWN: { code: 'unsupported_currency', status: 400, param: '$.currency' },
  VALIDATION_FAILED: { code: 'invalid' },
  INSUFFICIENT_STOCK: { code: 'out_of_stock', status: 409, param: '$.line_items' },
  AUTH_MISSING: { code: 'unauthorized' },
  AUTH_INSUFFICIENT_PERMISSIONS: { code: 'forbidden' },
  VAULT_TOKEN_UNKNOWN: { code: 'invalid_payment_token', status: 400, param: TOKEN },
  IDEMPOTENCY_KEY_REUSED: { code: 'idempotency_conflict' },
  IDEMPOTENCY_IN_PROGRESS: { code: 'idempotency_in_flight' },
  IDEMPOTENCY_KEY_INVALID: { code: 'invalid_idempotency_key' },
  RATE_LIMIT_EXCEEDED: { code: 'too_many_requests' },
  JSON_INVALID: { code: 'invalid_json' },
  INTERNAL_ERROR: { code: 'internal_error' },
}

/**
 * A refusal of the house in the protocol's words and statuses, for one version. One that is in them
 * already is left as it is.
 */
export function inWords(error: DomainError, version: AcpVersion): DomainError {
  const { details, message } = error
  if (details.acp) return error
  const { code, param: told, status = error.status } = wordsFor(error)
  const param = told ?? text(details.param) ?? pathOf(text(details.field))
  const isConflict = code === 'idempotency_conflict'
  return refusal({
    // A key that was used for something else: permanent since 2026-04-17, a conflict before.
    status: isConflict && !since(version, '2026-04-17') ? 409 : status,
    code,
    message: message.replace(/^\$\S*: /, ''),
    param: param && paramIn(version, param),
    ...(code === 'idempotency_in_flight' && { retry_after: 1 }),
    ...(typeof details.retry_after === 'number' && { retry_after: details.retry_after }),
  })
}

function wordsFor({ code, status, details }: DomainError): Words {
  if (code === 'DIALECT_SIGNATURE') return { code: text(details.code) ?? code, status: 401 }
  const known = WORDS[code]
  if (known) return known
  if (code.startsWith('VAULT_TOKEN')) return { code: 'invalid_payment_token', param: TOKEN }
  if (status === 401) return { code: 'unauthorized' }
  return { code: code.toLowerCase() }
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** The name of an input member as a JSONPath. */
function pathOf(field: string | undefined): string | undefined {
  if (field === undefined || field.startsWith('$')) return field
  if (field === 'body') return '$'
  return `$.${field}`.replace(/\.(\d+)(?=\.|$)/g, '[$1]')
}

/** A JSONPath in the newest version's words, in those of another version's requests. */
export function paramIn(version: AcpVersion, param: string): string {
  if (since(version, '2026-01-30')) return param
  const older = param.replace(/^\$\.line_items/, '$.items').replace(TOKEN, '$.payment_data.token')
  if (version !== '2025-09-29') return older
  return older
    .replace('$.fulfillment_details.address', '$.fulfillment_address')
    .replace(/^\$\.selected_fulfillment_options.*/, '$.fulfillment_option_id')
}

/** The flat error body. */
export function printAcpError(error: DomainError, version: AcpVersion): string {
  const { code, message, status, details } = inWords(error, version)
  const { param, supported_versions } = details
  return printJson({
    type: typeOf(code, { status, version }),
    code,
    message,
    ...(param !== undefined && { param }),
    ...(supported_versions !== undefined && since(version, '2026-04-17') && { supported_versions }),
  })
}

function typeOf(code: string, { status, version }: { status: number; version: AcpVersion }) {
  if (status === 503) return 'service_unavailable'
  if (status >= 500) return 'processing_error'
  const isOld = !since(version, '2026-04-17')
  return code === 'idempotency_conflict' && isOld ? 'request_not_idempotent' : 'invalid_request'
}
