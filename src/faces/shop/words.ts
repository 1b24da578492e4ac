import { Type } from 'typebox'
import type { DomainError } from '#kit/errors'

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
export function shopWordOf({
  code,
  status,
}: Pick<DomainError, 'code' | 'status'>): Word & { status: number } {
  const known = words[code]
  if (known) return { status, ...known }
  if (status === 401) return { ...authentication_required, status }
  if (status === 429) return { error: 'rate_limit_exceeded', status }
  // A key that came with another body is 422 on every face.
  const isField = status === 422 && !code.startsWith('IDEMPOTENCY')
  return { error: code.toLowerCase(), status: isField ? 400 : status }
}

/** The flat body of every refusal. */
export const ShopError = Type.Object({
  error: Type.String(),
  message: Type.String(),
  details: Type.Record(Type.String(), Type.Unknown()),
  request_id: Type.String(),
  timestamp: Type.String(),
  available_quantity: Type.Optional(Type.Integer()),
  requested_quantity: Type.Optional(Type.Integer()),
  retry_after: Type.Optional(Type.Integer()),
})
