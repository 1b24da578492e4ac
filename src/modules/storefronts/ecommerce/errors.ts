import { defineErrors } from '#kit/errors'

/** The refusals of the e-commerce face, word for word as published. */
export const ecommerceErrors = defineErrors({
  product_not_found: {
    code: 'ECOMMERCE_PRODUCT_NOT_FOUND',
    status: 404,
    message: 'Product not found',
  },
  cart_stock: { code: 'ECOMMERCE_CART_STOCK', status: 400, message: 'Insufficient stock' },
  checkout_stock: {
    code: 'ECOMMERCE_CHECKOUT_STOCK',
    status: 400,
    message: 'Insufficient stock for {sku}',
  },
  cart_currency: {
    code: 'ECOMMERCE_CART_CURRENCY',
    status: 400,
    message: 'The cart is in {currency}, and {sku} has no price in it',
  },
  cart_empty: { code: 'ECOMMERCE_CART_EMPTY', status: 400, message: 'Cart is empty' },
  cart_in_checkout: {
    code: 'ECOMMERCE_CART_IN_CHECKOUT',
    status: 409,
    message: 'Another checkout of this cart is open',
  },
  order_not_found: { code: 'ECOMMERCE_ORDER_NOT_FOUND', status: 404, message: 'Order not found' },
  already_paid: { code: 'ECOMMERCE_ORDER_PAID', status: 400, message: 'Order already paid' },
  intent_not_found: {
    code: 'ECOMMERCE_INTENT_NOT_FOUND',
    status: 404,
    message: 'Payment intent not found',
  },
  unsupported_event: {
    code: 'ECOMMERCE_EVENT_UNSUPPORTED',
    status: 400,
    message: 'Unsupported event type',
  },
})
