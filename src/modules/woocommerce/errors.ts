import { defineErrors } from '#kit/errors'

export const wooErrors = defineErrors({
  not_configured: {
    code: 'WOOCOMMERCE_NOT_CONFIGURED',
    status: 409,
    message: 'No WooCommerce shop is set on this server: the setting woocommerce_url is not given.',
  },
  sync_failed: {
    code: 'WOOCOMMERCE_SYNC_FAILED',
    status: 502,
    message: 'WooCommerce could not be brought into step: {problem}',
  },
  sync_running: {
    code: 'WOOCOMMERCE_SYNC_RUNNING',
    status: 409,
    message: 'This is being brought into step at this moment; ask again.',
  },
  sync_not_found: {
    code: 'WOOCOMMERCE_SYNC_NOT_FOUND',
    status: 404,
    message: 'There is no sync {sync_id}.',
  },
  order_unpaid: {
    code: 'WOOCOMMERCE_ORDER_UNPAID',
    status: 402,
    message: 'Order {order_number} is not paid, or was cancelled; only paid orders are sent.',
  },
  order_twice: {
    code: 'WOOCOMMERCE_ORDER_TWICE',
    status: 409,
    message: 'Order {order_id} is {external_id} in WooCommerce, which has it as {other_id} too.',
  },
  order_unreadable: {
    code: 'WOOCOMMERCE_ORDER_UNREADABLE',
    status: 422,
    message: 'The order of WooCommerce cannot be taken over: {problem}.',
  },
  no_stock_kept: {
    code: 'WOOCOMMERCE_NO_STOCK_KEPT',
    status: 422,
    message: 'No stock is kept of {sku}.',
  },
  not_in_woocommerce: {
    code: 'WOOCOMMERCE_PRODUCT_MISSING',
    status: 422,
    message: 'WooCommerce has nothing with the SKU {sku}.',
  },
  category_missing: {
    code: 'WOOCOMMERCE_CATEGORY_MISSING',
    status: 422,
    message: 'WooCommerce has no category {slug}.',
  },
  bad_signature: {
    code: 'WOOCOMMERCE_SIGNATURE_INVALID',
    status: 401,
    message: 'The webhook is not signed as it should be: {problem}.',
  },
  bad_webhook: {
    code: 'WOOCOMMERCE_WEBHOOK_INVALID',
    status: 400,
    message: 'The webhook cannot be read: {problem}.',
  },
})
