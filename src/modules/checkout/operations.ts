import { cartErrors } from '#modules/carts'
import { inventoryErrors } from '#modules/inventory'
import { orderErrors } from '#modules/orders'
import { paymentErrors } from '#modules/payments'
import { pricingErrors } from '#modules/pricing'
import { promotionErrors } from '#modules/promotions'
import { command, Nothing, process, query } from '#platform/operations'
import { cancelCheckout } from './commands/cancel-checkout.ts'
import { completeCheckout } from './commands/complete-checkout.ts'
import { confirmCheckout } from './commands/confirm-checkout.ts'
import { startCheckout } from './commands/start-checkout.ts'
import * as take from './commands/take-steps.ts'
import { checkoutErrors as errors } from './errors.ts'
import { getCheckout } from './queries.ts'
import * as of from './schemas.ts'

const id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const session_id = 'kD3vXw0qTgS8mZr5yHbN1cLe'
const ADDRESS = {
  first_name: 'Ada',
  last_name: 'Brook',
  address_line_1: '12 Harbour Street',
  city: 'Portland',
  province: 'ME',
  postal_code: '04101',
  country_code: 'US',
}
// Customers check their own carts out, guests those whose secret they know. So anyone may ask, and
// each command looks whose it is; what is another's is not there.
const open = { permission: 'public', isolation: 'read committed' } as const
const { not_found, expired, complete, order_placed } = errors
const pricing = [
  cartErrors.not_open,
  pricingErrors.too_large,
  orderErrors.total_too_large,
  errors.cart_empty,
  errors.items_unavailable,
  inventoryErrors.insufficient_stock,
]
const changing = [not_found, expired, complete, order_placed, ...pricing]

export const operations = [
  command('checkout.start', {
    ...open,
    rest: 'POST /api/v1/checkout',
    summary: 'Begin the checkout of a cart',
    description:
      'Holds its units until the checkout ends, half an hour after the last step. Any of the steps may be taken at once. ' +
      'A cart has one open checkout: a second call answers it.',
    status: 201,
    input: of.StartCheckout,
    output: of.Checkout,
    errors: [cartErrors.not_found, cartErrors.no_such_method, ...pricing],
    example: { cart_id: id, session_id, email: 'ada@example.com', shipping_address: ADDRESS },
    run: startCheckout,
  }),
  query('checkout.get', {
    rest: 'GET /api/v1/checkout/:id',
    permission: 'public',
    summary: 'Read a checkout',
    description: 'Its amounts are those that its buyer was shown last.',
    input: of.GetCheckout,
    output: of.Checkout,
    errors: [not_found],
    example: { id, session_id },
    run: getCheckout,
  }),
  command('checkout.set_customer', {
    ...open,
    rest: 'PUT /api/v1/checkout/:id/customer',
    summary: 'Say who buys',
    input: of.SetCustomer,
    output: of.Checkout,
    errors: changing,
    example: { id, session_id, email: 'ada@example.com', subscribe_newsletter: true },
    run: take.setCustomer,
  }),
  command('checkout.set_shipping_address', {
    ...open,
    rest: 'PUT /api/v1/checkout/:id/shipping-address',
    summary: 'Say where it goes',
    description: 'This decides tax and the methods that can be chosen, in `shipping_options`.',
    input: of.SetAddress,
    output: of.Checkout,
    errors: changing,
    example: { id, session_id, ...ADDRESS },
    run: take.setShippingAddress,
  }),
  command('checkout.set_billing_address', {
    ...open,
    rest: 'PUT /api/v1/checkout/:id/billing-address',
    summary: 'Say where the bill goes, if elsewhere',
    input: of.SetAddress,
    output: of.Checkout,
    errors: changing,
    example: { id, session_id, ...ADDRESS },
    run: take.setBillingAddress,
  }),
  command('checkout.set_shipping_method', {
    ...open,
    rest: 'PUT /api/v1/checkout/:id/shipping-method',
    summary: 'Choose how it goes',
    input: of.SetShippingMethod,
    output: of.ChosenMethod,
    errors: [...changing, cartErrors.no_such_method],
    example: { id, session_id, method: 'Standard' },
    run: take.setShippingMethod,
  }),
  command('checkout.set_payment', {
    ...open,
    rest: 'PUT /api/v1/checkout/:id/payment',
    summary: 'Say how it will be paid',
    input: of.SetPayment,
    output: of.Checkout,
    errors: changing,
    example: {
      id,
      session_id,
      payment_method: 'CreditCard',
      payment_token: 'pm_test_success',
    },
    run: take.setPayment,
  }),
  process('checkout.complete', {
    rest: 'POST /api/v1/checkout/:id/complete',
    permission: 'public',
    summary: 'Place the order and pay it',
    description:
      'Makes one order of the cart, however often it is called: a later call answers the same order, and pays it if nobody has. ' +
      'A total that differs from the one shown (or from `expected_total`) is refused once with both; call again to accept it. ' +
      'Gift cards and store credit pay first. If they pay less than was shown, because they were used elsewhere, 409 tells what is due now; call again to accept. ' +
      'A decline answers 402: the order waits for another token until the checkout ends; then what credit has paid goes back. ' +
      '`requires_action` asks the payer to follow `next_action` (3-D Secure) and then to confirm.',
    status: 201,
    input: of.CompleteCheckout,
    output: of.Completed,
    errors: [
      not_found,
      expired,
      errors.step_missing,
      errors.price_changed,
      errors.credit_changed,
      errors.payment_declined,
      ...pricing,
      promotionErrors.coupon_used_up,
      promotionErrors.coupon_refused,
      paymentErrors.order_closed,
      paymentErrors.in_progress,
      paymentErrors.not_configured,
    ],
    example: {
      id,
      session_id,
      payment_method: 'CreditCard',
      payment_token: 'pm_test_success',
      expected_total: '36.99',
    },
    run: completeCheckout,
  }),
  process('checkout.confirm', {
    rest: 'POST /api/v1/checkout/:id/confirm',
    permission: 'public',
    summary: 'Finish the payment after 3-D Secure',
    description: 'A payment that is decided already is answered as it is.',
    input: of.GetCheckout,
    output: of.Completed,
    errors: [
      not_found,
      errors.nothing_to_confirm,
      errors.payment_declined,
      paymentErrors.cannot_confirm,
      paymentErrors.in_progress,
    ],
    example: { id, session_id },
    run: confirmCheckout,
  }),
  command('checkout.cancel', {
    ...open,
    rest: 'DELETE /api/v1/checkout/:id',
    summary: 'Give a checkout up',
    description: 'What it holds is available at once, and its cart may change again.',
    status: 204,
    input: of.GetCheckout,
    output: Nothing,
    errors: [not_found, complete, cartErrors.not_open, errors.payment_in_progress],
    example: { id, session_id },
    run: cancelCheckout,
  }),
]
