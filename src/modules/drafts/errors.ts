import { defineErrors } from '#kit/errors'

export const draftErrors = defineErrors({
  not_found: { code: 'DRAFT_NOT_FOUND', status: 404, message: 'There is no draft {draft_id}.' },
  no_such_link: {
    code: 'DRAFT_LINK_UNKNOWN',
    status: 404,
    message: 'This link leads to no offer: it is wrong, or the offer was changed or withdrawn.',
  },
  over: {
    code: 'DRAFT_EXPIRED',
    status: 410,
    message: 'The time of this offer is over since {expires_at}.',
  },
  unknown_product: {
    code: 'DRAFT_PRODUCT_UNKNOWN',
    status: 400,
    message: 'lines.{index}: there is no product or variant {product} for sale.',
  },
  no_price: {
    code: 'DRAFT_PRODUCT_WITHOUT_PRICE',
    status: 422,
    message: '{sku} has no price in {currency}; set one.',
  },
  not_for_sale: {
    code: 'DRAFT_PRODUCT_NOT_FOR_SALE',
    status: 422,
    message: '{sku} is not for sale any more; take it out of the draft.',
  },
  no_such_method: {
    code: 'DRAFT_SHIPPING_UNAVAILABLE',
    status: 422,
    message: 'Nothing goes there by {method}.',
  },
  incomplete: {
    code: 'DRAFT_INCOMPLETE',
    status: 422,
    message: 'The draft cannot be offered or placed yet: {problem}.',
  },
  total_changed: {
    code: 'DRAFT_TOTAL_CHANGED',
    status: 409,
    message: 'The draft comes to {total} {currency} now, not {expected}.',
  },
  payment_declined: {
    code: 'DRAFT_PAYMENT_DECLINED',
    status: 402,
    message: 'Order {order_number} was placed, but its payment was declined: {reason}',
  },
})
