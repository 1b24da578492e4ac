import { defineErrors } from '#kit/errors'

export const cartErrors = defineErrors({
  not_found: { code: 'CART_NOT_FOUND', status: 404, message: 'There is no cart {cart_id}.' },
  item_not_found: {
    code: 'CART_ITEM_NOT_FOUND',
    status: 404,
    message: 'There is no item {item_id} in this cart.',
  },
  coupon_not_found: {
    code: 'CART_COUPON_NOT_FOUND',
    status: 404,
    message: 'The code {coupon} is not in this cart.',
  },
  guests_refused: {
    code: 'CART_GUESTS_NOT_ALLOWED',
    status: 401,
    message: 'Carts are for customers here: sign in first.',
  },
  other_owner: {
    code: 'CART_OWNER_MISMATCH',
    status: 401,
    message: 'You can open a cart for yourself only.',
  },
  not_a_customer: {
    code: 'CART_NEEDS_CUSTOMER',
    status: 403,
    message: 'You are not a customer, so there is no cart of yours to merge into.',
  },
  not_open: {
    code: 'CART_NOT_OPEN',
    status: 409,
    message: 'Cart {cart_id} is {status} and does not change any more.',
  },
  unknown_product: {
    code: 'CART_PRODUCT_UNKNOWN',
    status: 400,
    message: '{field}: there is no product or variant {product} for sale.',
  },
  no_price: {
    code: 'CART_PRODUCT_WITHOUT_PRICE',
    status: 400,
    message: '{field}: {sku} has no price in {currency}.',
  },
  too_many_lines: {
    code: 'CART_TOO_MANY_LINES',
    status: 422,
    message: 'A cart holds {limit} different articles at most.',
  },
  too_many_units: {
    code: 'CART_QUANTITY_TOO_LARGE',
    status: 422,
    message: 'A line holds {limit} units of {sku} at most.',
  },
  coupon_refused: {
    code: 'CART_COUPON_REFUSED',
    status: 422,
    message: 'The code {coupon} cannot be used: {explanation}.',
  },
  too_many_coupons: {
    code: 'CART_TOO_MANY_COUPONS',
    status: 422,
    message: 'A cart takes {limit} codes at most.',
  },
  no_such_method: {
    code: 'CART_SHIPPING_METHOD_UNAVAILABLE',
    status: 422,
    message: 'The shipping method {method} cannot be had for this cart.',
  },
})
