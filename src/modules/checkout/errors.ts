import { defineErrors } from '#kit/errors'

export const checkoutErrors = defineErrors({
  not_found: {
    code: 'CHECKOUT_NOT_FOUND',
    status: 404,
    message: 'There is no checkout {checkout_id}.',
  },
  cart_empty: {
    code: 'CHECKOUT_CART_EMPTY',
    status: 422,
    message: 'Cart {cart_id} is empty: there is nothing to check out.',
  },
  items_unavailable: {
    code: 'CHECKOUT_ITEMS_UNAVAILABLE',
    status: 422,
    message: 'The cart has {count} items that are not for sale now; take them out first.',
  },
  expired: {
    code: 'CHECKOUT_EXPIRED',
    status: 409,
    message: 'Checkout {checkout_id} has ended; begin another one.',
  },
  complete: {
    code: 'CHECKOUT_COMPLETE',
    status: 409,
    message: 'Checkout {checkout_id} is complete: it became order {order_id}.',
  },
  order_placed: {
    code: 'CHECKOUT_ORDER_PLACED',
    status: 409,
    message: 'The order {order_id} is placed at what was shown; it can only be paid or cancelled.',
  },
  step_missing: {
    code: 'CHECKOUT_STEP_MISSING',
    status: 422,
    message: 'The step {step} is missing: {problem}.',
  },
  price_changed: {
    code: 'CHECKOUT_PRICE_CHANGED',
    status: 409,
    message:
      'This comes to {new_total} {currency} now, not {old_total}. Complete it again to accept.',
  },
  payment_declined: {
    code: 'CHECKOUT_PAYMENT_DECLINED',
    status: 402,
    message: 'The payment of order {order_id} was declined: {reason}',
  },
  nothing_to_confirm: {
    code: 'CHECKOUT_NOTHING_TO_CONFIRM',
    status: 409,
    message: 'Checkout {checkout_id} has no payment that waits for its payer.',
  },
  payment_in_progress: {
    code: 'CHECKOUT_PAYMENT_IN_PROGRESS',
    status: 409,
    message: 'A payment of order {order_id} is under way; wait for its outcome.',
  },
})
