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
  credit_changed: {
    code: 'CHECKOUT_CREDIT_CHANGED',
    status: 409,
    message:
      'Besides the credit {new_due} {currency} is to be paid now, not {old_due}. Complete it again to accept.',
  },
  credit_needs_customer: {
    code: 'CHECKOUT_CREDIT_NEEDS_CUSTOMER',
    status: 422,
    message: 'Store credit pays only for the customer who has it: sign in first.',
  },
  credit_not_applied: {
    code: 'CHECKOUT_CREDIT_NOT_APPLIED',
    status: 404,
    message: 'Checkout {checkout_id} is not paid with this credit.',
  },
  credit_taken: {
    code: 'CHECKOUT_CREDIT_TAKEN',
    status: 409,
    message: 'It has paid a part of order {order_id} already; cancel the checkout to have it back.',
  },
  too_many_credits: {
    code: 'CHECKOUT_TOO_MANY_CREDITS',
    status: 422,
    message: 'At most {most} gift cards and accounts pay one checkout.',
  },
  hosted_not_found: {
    code: 'CHECKOUT_PAGE_NOT_FOUND',
    status: 404,
    message: 'There is no page or intent {ref} to pay at.',
  },
  hosted_unavailable: {
    code: 'CHECKOUT_PAGES_NOT_CONFIGURED',
    status: 409,
    message: 'No payment provider that offers pages is set up here.',
  },
  hosted_busy: {
    code: 'CHECKOUT_PAGE_BUSY',
    status: 409,
    message: 'Another page of this cart is being opened or paid; ask again in a moment.',
  },
  hosted_refused: {
    code: 'CHECKOUT_PAGE_REFUSED',
    status: 402,
    message: 'The payment provider did not open a page: {reason}',
  },
  hosted_unpaid: {
    code: 'CHECKOUT_PAGE_UNPAID',
    status: 402,
    message: 'Nothing was paid at {ref} yet.',
  },
  hosted_unreachable: {
    code: 'CHECKOUT_PAGE_UNREACHABLE',
    status: 503,
    message: 'The payment provider does not answer. Nothing was charged; ask again.',
  },
  amount_mismatch: {
    code: 'CHECKOUT_AMOUNT_MISMATCH',
    status: 400,
    message: 'The cart comes to {total} minor units of {currency}, not {amount}.',
  },
  nothing_to_pay: {
    code: 'CHECKOUT_NOTHING_TO_PAY',
    status: 409,
    message: 'The cart {cart_id} costs nothing: open a page, which is complete at once.',
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
