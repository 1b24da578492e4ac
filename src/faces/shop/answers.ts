import type { FastifyReply, FastifyRequest } from 'fastify'
import { refusalOf } from '#faces/rest/errors'
import { JSON_TYPE } from '#faces/rest/headers'
import { countRefusal } from '#faces/rest/observe'
import { DomainError } from '#kit/errors'
import type { App } from '#platform/app'

/** How this face calls a refusal of the house: its published code, and a status if it differs. */
type Word = { error: string; status?: number; message?: (error: DomainError) => string }

const authentication_required = { error: 'authentication_required', status: 401 }
const invalid_product = { error: 'invalid_product', status: 400 }
const payment_failed = { error: 'payment_failed', status: 402 }
const woocommerce_sync_failed = { error: 'woocommerce_sync_failed', status: 500 }
const words: Record<string, Word> = {
  CART_NOT_FOUND: { error: 'cart_not_found' },
  CART_ITEM_NOT_FOUND: { error: 'cart_item_not_found' },
  CART_GUESTS_NOT_ALLOWED: authentication_required,
  CART_PRODUCT_UNKNOWN: invalid_product,
  CART_PRODUCT_WITHOUT_PRICE: invalid_product,
  PRODUCT_NOT_FOUND: invalid_product,
  CHECKOUT_ITEMS_UNAVAILABLE: invalid_product,
  INSUFFICIENT_STOCK: { error: 'insufficient_inventory', status: 400, message: stockLeft },
  CHECKOUT_CART_EMPTY: { error: 'cart_empty', status: 400 },
  CHECKOUT_AMOUNT_MISMATCH: { error: 'amount_mismatch', status: 400 },
  CHECKOUT_PAGE_NOT_FOUND: { error: 'checkout_session_not_found' },
  CHECKOUT_PAGE_REFUSED: payment_failed,
  CHECKOUT_PAGE_UNPAID: payment_failed,
  WOOCOMMERCE_ORDER_UNPAID: payment_failed,
  WOOCOMMERCE_SYNC_FAILED: woocommerce_sync_failed,
  WOOCOMMERCE_NOT_CONFIGURED: woocommerce_sync_failed,
  RATE_LIMIT_EXCEEDED: {
    error: 'rate_limit_exceeded',
    message: ({ details }) =>
      `Too many requests. Please retry after ${String(details.retry_after)} seconds.`,
  },
  VALIDATION_FAILED: { error: 'invalid_request' },
}

function stockLeft({ details }: DomainError): string {
  const available = Number(details.available ?? 0)
  if (available === 0) return 'This product is out of stock'
  return `Only ${available} ${available === 1 ? 'item' : 'items'} available in stock`
}

/** Refusals in the words of this face. The others keep the house's code, in small letters. */
function wordFor({ code, status }: DomainError): Word & { status: number } {
  const known = words[code]
  if (known) return { status, ...known }
  if (status === 401) return { ...authentication_required, status }
  if (status === 429) return { error: 'rate_limit_exceeded', status }
  // A key that came with another body is 422 on every face.
  const isField = status === 422 && !code.startsWith('IDEMPOTENCY')
  return { error: code.toLowerCase(), status: isField ? 400 : status }
}

/** Some examples of the document have members of `details` beside the code: they stand in both. */
function besides({ code, details }: DomainError): Record<string, unknown> {
  if (code === 'INSUFFICIENT_STOCK') {
    return {
      available_quantity: Number(details.available ?? 0),
      requested_quantity: Number(details.requested ?? 0),
    }
  }
  const { retry_after } = details
  return typeof retry_after === 'number' ? { retry_after } : {}
}

type Asked = { id: string; now: Date }

/** The flat body of a refusal, and its status. */
export function printRefusal(refusal: DomainError, { id, now }: Asked) {
  const word = wordFor(refusal)
  const body = JSON.stringify({
    error: word.error,
    message: word.message?.(refusal) ?? refusal.message,
    ...besides(refusal),
    details: refusal.details,
    request_id: id,
    timestamp: now.toISOString(),
  })
  return { status: word.status, body }
}

/** Answers anything thrown below this face's paths. */
export function answerRefusal(
  app: App,
  error: unknown,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const refusal = refusalOf(error, app.settings.max_body_size)
  const { id: request_id, method, url } = request
  if (refusal.status >= 500) {
    app.log.error({ err: error, request_id, method, url: url.split('?')[0] }, refusal.message)
  }
  countRefusal(app, refusal)
  const { status, body } = printRefusal(refusal, { id: request_id, now: app.clock() })
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="tradepost"')
  const { retry_after } = refusal.details
  if (typeof retry_after === 'number') reply.header('retry-after', String(retry_after))
  return reply.code(status).header('content-type', JSON_TYPE).send(body)
}

/** The same refusal with the status of this face, under which it is kept for an Idempotency-Key. */
export const shopRefusal = (error: DomainError): DomainError => {
  const { status } = wordFor(error)
  return status === error.status
    ? error
    : new DomainError({ code: error.code, status }, error.message, error.details)
}
