import { DomainError } from '#kit/errors'
import { type AcpVersion, LATEST, NEWEST_FIRST } from './versions.ts'

/** The flat error of delegate payment. */
export type FlatError = {
  type: 'invalid_request' | 'rate_limit_exceeded' | 'processing_error' | 'service_unavailable'
  code: string
  message: string
  param?: string
  supported_versions?: readonly string[]
}

const spec = (status: number, code: string) => ({ status, code })
export const missingVersion = () =>
  new DomainError(spec(400, 'missing_api_version'), 'Send the header API-Version.')
export const unsupportedVersion = () =>
  new DomainError(spec(400, 'unsupported_api_version'), 'This API-Version is not spoken here.')
export const keyRequired = () =>
  new DomainError(spec(400, 'idempotency_key_required'), 'Idempotency-Key header is required.')

/** Refusals that speak of a member of the body: all of them are `invalid_card` in this protocol. */
const OF_BODY = new Set(['VALIDATION_FAILED', 'VAULT_INVALID_CARD', 'VAULT_RISK_BLOCKED'])

const CODES: Record<string, { code: string; type?: FlatError['type'] }> = {
  AUTH_MISSING: { code: 'unauthorized' },
  AUTH_INSUFFICIENT_PERMISSIONS: { code: 'forbidden' },
  IDEMPOTENCY_KEY_REUSED: { code: 'idempotency_conflict' },
  IDEMPOTENCY_IN_PROGRESS: { code: 'idempotency_in_flight' },
  IDEMPOTENCY_KEY_INVALID: { code: 'idempotency_key_required' },
  RATE_LIMIT_EXCEEDED: { code: 'too_many_requests', type: 'rate_limit_exceeded' },
}

/** A refusal as delegate payment has it; the schema's codes where it has one, else our own word. */
export function flatError(error: DomainError): FlatError {
  const { code, status, details, message } = error
  const known = CODES[code]
  const type = known?.type ?? typeOf(status)
  if (OF_BODY.has(code)) {
    const field = typeof details.field === 'string' ? details.field : 'risk_signals'
    return { type, code: 'invalid_card', message, param: pathOf(field) }
  }
  if (code === 'DIALECT_SIGNATURE') return { type, code: String(details.code), message }
  const versions = code.endsWith('_api_version') ? { supported_versions: NEWEST_FIRST } : {}
  return { type, code: known?.code ?? code.toLowerCase(), message, ...versions }
}

function typeOf(status: number): FlatError['type'] {
  if (status === 503) return 'service_unavailable'
  return status >= 500 ? 'processing_error' : 'invalid_request'
}

/** `risk_signals.0.type` as a JSONPath: `$.risk_signals[0].type`. */
const pathOf = (field: string): string =>
  field === 'body' ? '$' : `$.${field.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]')}`

/**
 * Before 2026-04-17 another body under a used key was a conflict of state. Who does not sign as
 * agreed is nobody whom we know.
 */
export function statusFor({ code, status }: DomainError, version: AcpVersion): number {
  if (code === 'DIALECT_SIGNATURE') return 401
  return code === 'IDEMPOTENCY_KEY_REUSED' && version !== LATEST ? 409 : status
}
