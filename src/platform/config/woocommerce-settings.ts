import { Type } from 'typebox'

/** The WooCommerce shop that is kept in step; without an address and a key there is none. */
export const woocommerceSettings = {
  woocommerce_url: Type.String({
    description: 'The address of a WooCommerce shop, without `/wp-json`; empty is none.',
    default: '',
    pattern: '^(https?://.+)?$',
  }),
  woocommerce_consumer_key: Type.String({
    description: 'The consumer key of its REST API (`ck_…`), with permission to read and write.',
    default: '',
    secret: true,
  }),
  woocommerce_consumer_secret: Type.String({
    description: 'The consumer secret that goes with the key (`cs_…`).',
    default: '',
    secret: true,
  }),
  woocommerce_webhook_secret: Type.String({
    description: 'Checks the signature of WooCommerce’s webhooks; without it they are refused.',
    default: '',
    secret: true,
  }),
  woocommerce_direction: Type.Enum(['to_woocommerce', 'from_woocommerce', 'bidirectional'], {
    description: 'Which way facts of products go by themselves.',
    default: 'bidirectional',
  }),
  woocommerce_push_orders: Type.Boolean({
    description: 'Whether an order is sent to WooCommerce as soon as it is paid.',
    default: true,
  }),
  woocommerce_timeout_ms: Type.Integer({
    description: 'How long a call to WooCommerce may take before it counts as lost, in ms.',
    default: 15_000,
    minimum: 100,
    maximum: 60_000,
  }),
  woocommerce_pull_interval_ms: Type.Integer({
    description: 'How often WooCommerce is asked what has changed, in milliseconds.',
    default: 300_000,
    minimum: 10,
    maximum: 2 ** 31 - 1,
  }),
}
