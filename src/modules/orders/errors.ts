import { defineErrors } from '#kit/errors'

export const orderErrors = defineErrors({
  not_found: { code: 'ORDER_NOT_FOUND', status: 404, message: 'There is no order {order_id}.' },
  not_a_customer: {
    code: 'ORDER_NEEDS_CUSTOMER',
    status: 403,
    message: 'You are not a customer, so you have no orders of your own.',
  },
  unknown_product: {
    code: 'ORDER_PRODUCT_UNKNOWN',
    status: 400,
    message: 'items.{index}.product_id: there is no product or variant {product_id} for sale.',
  },
  no_price: {
    code: 'ORDER_PRODUCT_WITHOUT_PRICE',
    status: 400,
    message: 'items.{index}: {sku} has no price in {currency}.',
  },
  price_changed: {
    code: 'ORDER_PRICE_MISMATCH',
    status: 400,
    message: 'items.{index}.unit_price: {sku} costs {unit_price} {currency}.',
  },
  total_too_large: {
    code: 'ORDER_TOTAL_TOO_LARGE',
    status: 400,
    message: 'The order total exceeds what one order may hold.',
  },
  already_shipped: {
    code: 'ORDER_ALREADY_SHIPPED',
    status: 409,
    message: 'Order {order_id} has left the warehouse and cannot be cancelled any more.',
  },
  not_deletable: {
    code: 'ORDER_NOT_DELETABLE',
    status: 409,
    message: 'Only pending or cancelled orders can be deleted; this one is {status}.',
  },
  not_archivable: {
    code: 'ORDER_NOT_ARCHIVABLE',
    status: 409,
    message: 'Only finished orders can be archived; this one is {status}.',
  },
})
