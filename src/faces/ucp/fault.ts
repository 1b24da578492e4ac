import { DomainError } from '#kit/errors'

/** A fault of the protocol: what was asked cannot be understood or is not allowed. */
export class UcpFault extends Error {
  readonly status: number
  readonly code: string
  /** What the customer would have to allow. */
  readonly scope: string | undefined

  constructor(status: number, code: string, content: string, scope?: string) {
    super(content)
    this.status = status
    this.code = code
    this.scope = scope
  }
}

/** What is no fault but an answer: the thing asked for is not there, or cannot be had. */
export type Outcome = { code: string; content: string; path?: string }

/** The same, thrown. */
export class NoSuchThing extends Error {
  readonly outcome: Outcome
  constructor(content: string) {
    super(content)
    this.outcome = { code: 'not_found', content }
  }
}

/** Refusals of operations that are outcomes of business, by their code. */
const OUTCOMES: Record<string, string> = {
  AGENT_SESSION_NOT_FOUND: 'not_found',
  AGENT_SESSION_ENDED: 'checkout_ended',
  AGENT_SESSION_BUSY: 'complete_in_progress',
  AGENT_SESSION_NOT_READY: 'not_ready_for_complete',
  AGENT_ITEM_UNKNOWN: 'item_unavailable',
  AGENT_CURRENCY_NOT_SOLD: 'item_unavailable',
  AGENT_PAYMENT_MISSING: 'payment_failed',
  AGENT_TOKEN_REFUSED: 'payment_failed',
  AGENT_AUTHENTICATION_REQUIRED: 'payment_failed',
  UCP_ORDER_NOT_FOUND: 'not_found',
  PRODUCT_NOT_FOUND: 'not_found',
  VARIANT_NOT_FOUND: 'not_found',
  CATEGORY_NOT_FOUND: 'not_found',
  CART_NOT_FOUND: 'not_found',
  CART_NOT_OPEN: 'not_found',
  CART_PRODUCT_UNKNOWN: 'item_unavailable',
  CART_PRODUCT_WITHOUT_PRICE: 'item_unavailable',
  INSUFFICIENT_STOCK: 'out_of_stock',
}

/** Families of refusals that are outcomes too. */
const FAMILIES: readonly [RegExp, string][] = [
  [/^VAULT_TOKEN_/, 'payment_failed'],
  [/^PAYMENT_/, 'payment_failed'],
  [/STOCK/, 'out_of_stock'],
  [/^(COUPON|PROMOTION)_/, 'discount_code_invalid'],
  [/^CART_/, 'cart_invalid'],
]

/** The outcome that a refusal is; undefined if it is a fault. */
export function outcomeOf(error: unknown): Outcome | undefined {
  if (error instanceof NoSuchThing) return error.outcome
  if (!(error instanceof DomainError)) return undefined
  const { code, message, details } = error
  // An id in a form that no id has is the id of nothing.
  if (code === 'VALIDATION_FAILED' && details.field === 'id') {
    return { code: 'not_found', content: 'There is nothing of this id.' }
  }
  const known = OUTCOMES[code] ?? FAMILIES.find(([family]) => family.test(code))?.[1]
  if (known === undefined) return undefined
  const { field } = details
  const isPath = typeof field === 'string' && field.startsWith('$')
  return { code: known, content: message, ...(isPath && { path: field }) }
}

/** The fault that a refusal is, or that something of ours broke. */
export function faultOf(error: unknown): UcpFault {
  if (error instanceof UcpFault) return error
  if (!(error instanceof DomainError)) {
    return new UcpFault(500, 'internal_error', 'It broke on our side.')
  }
  const { status, code, message } = error
  if (code.startsWith('IDEMPOTENCY_')) return new UcpFault(409, 'idempotency_conflict', message)
  if (status === 401) return new UcpFault(401, 'unauthorized', message)
  if (status === 403) return new UcpFault(403, 'insufficient_scope', message)
  if (status >= 500) return new UcpFault(status, 'unavailable', message)
  return new UcpFault(status, 'invalid_request', message)
}
