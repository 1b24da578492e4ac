import { Type } from 'typebox'

const perMinute = (description: string, fallback: number) =>
  Type.Integer({ description, default: fallback, minimum: 1, maximum: 2 ** 31 - 1 })

/** The shop face: its channel's taxes and shipping, its limits, and pages of the provider. */
export const shopSettings = {
  shop_tax_rate: Type.String({
    description: 'The tax on goods in carts of the shop face, as a share.',
    default: '0.10',
    pattern: '^(0(\\.\\d{1,6})?|1(\\.0{1,6})?)$',
    decimal: true,
  }),
  shop_shipping_amount: Type.String({
    description: 'What a parcel of the shop face costs, in whole units of its currency.',
    default: '15.00',
    pattern: '^\\d{1,9}(\\.\\d{1,4})?$',
    decimal: true,
  }),
  shop_cart_requests_per_minute: perMinute(
    'Requests to the carts of the shop face in a minute.',
    100,
  ),
  shop_checkout_requests_per_minute: perMinute(
    'Requests to the checkout of the shop face in a minute.',
    10,
  ),
  shop_sync_requests_per_minute: perMinute(
    'Requests to WooCommerce over the shop face in a minute.',
    50,
  ),
  hosted_checkout_minutes: Type.Integer({
    description:
      'How long a page of the payment provider can be paid, in minutes; Stripe wants 30 to 1440.',
    default: 60,
    minimum: 31,
    maximum: 1440,
  }),
}
