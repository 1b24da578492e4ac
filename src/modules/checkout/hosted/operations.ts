import { cartErrors } from '#modules/carts'
import { inventoryErrors } from '#modules/inventory'
import { orderErrors } from '#modules/orders'
import { pricingErrors } from '#modules/pricing'
import { process } from '#platform/operations'
import { checkoutErrors as errors } from '../errors.ts'
import { getHosted } from './get.ts'
import { openHosted } from './open.ts'
import * as of from './schemas.ts'

const cart_id = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const session_id = 'kD3vXw0qTgS8mZr5yHbN1cLe'
const pricing = [
  cartErrors.not_found,
  cartErrors.not_open,
  pricingErrors.too_large,
  orderErrors.total_too_large,
  errors.cart_empty,
  errors.items_unavailable,
  inventoryErrors.insufficient_stock,
  errors.order_placed,
  errors.hosted_unavailable,
  errors.hosted_refused,
  errors.hosted_busy,
  errors.hosted_unreachable,
]

/** Paying at the payment provider before there is an order. */
export const hostedOperations = [
  process('checkout.open_hosted', {
    rest: 'POST /api/v1/checkout/pages',
    permission: 'public',
    secret: true,
    summary: 'Open a page of the payment provider for a cart',
    description:
      'Prices the cart, holds its units for an hour and answers where to pay: `url`, or `client_secret` with `publishable_key` ' +
      'for a page within the shop. The order is made when it is paid, at exactly this amount. A cart has one such page: the same ' +
      'request answers the same, any other closes the former page first.',
    status: 201,
    input: of.OpenHosted,
    output: of.HostedCheckout,
    errors: pricing,
    example: { cart_id, session_id, kind: 'page', success_url: 'https://shop.example/thanks' },
    run: openHosted,
  }),
  process('checkout.open_payment_intent', {
    rest: 'POST /api/v1/checkout/payment-intents',
    permission: 'public',
    secret: true,
    summary: 'Open a payment intent for a cart',
    description:
      "For a form of the shop's own. An `amount` (minor units) that is not what the cart comes to is refused.",
    status: 201,
    input: of.OpenIntent,
    output: of.HostedCheckout,
    errors: [...pricing, errors.amount_mismatch, errors.nothing_to_pay],
    example: { cart_id, session_id, amount: 3699, currency: 'usd' },
    run: (ctx, input) => openHosted(ctx, { ...input, kind: 'intent' }),
  }),
  process('checkout.get_hosted', {
    rest: 'GET /api/v1/checkout/pages/:ref',
    permission: 'public',
    summary: 'Read a page or intent',
    description: 'Whether it is paid, and the order that it became.',
    input: of.GetHosted,
    output: of.HostedCheckout,
    errors: [errors.hosted_not_found],
    example: { ref: 'cs_test_a1b2c3', session_id },
    run: getHosted,
  }),
]
