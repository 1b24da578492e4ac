import { defineErrors } from '#kit/errors'

export const orderErrors = defineErrors({
  not_found: { code: 'ORDER_NOT_FOUND', status: 404, message: 'There is no order {order_id}.' },
  not_a_customer: {
    code: 'ORDER_NEEDS_CUSTOMER',
    status: 403,
    message: 'You are not a customer, so you have no orders of your own.',
  },
  staff_only: { code: 'ORDER_STAFF_ONLY', status: 403, message: 'Only staff may {action}.' },
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
  not_editable: {
    code: 'ORDER_NOT_EDITABLE',
    status: 409,
    message: 'What was ordered cannot be changed any more: {problem}.',
  },
  address_fixed: {
    code: 'ORDER_ADDRESS_FIXED',
    status: 409,
    message: 'The shipping address cannot be changed: {problem}.',
  },
  too_many_items: {
    code: 'ORDER_TOO_MANY_ITEMS',
    status: 422,
    message: 'An order holds at most {most} items.',
  },
  item_not_found: {
    code: 'ORDER_ITEM_NOT_FOUND',
    status: 404,
    message: 'The order has no item {item_id}.',
  },
  nothing_to_refund: {
    code: 'ORDER_NOTHING_TO_REFUND',
    status: 422,
    message: 'Of this order nothing can be refunded: {problem}.',
  },
  too_many_units: {
    code: 'ORDER_REFUND_EXCEEDS_UNITS',
    status: 422,
    message: 'Only {left} units of {sku} were not refunded yet.',
  },
  refund_exceeds_paid: {
    code: 'ORDER_REFUND_EXCEEDS_PAID',
    status: 422,
    message: 'This refund of {amount} {currency} exceeds the {available} that can be given back.',
  },
  fee_exceeds_refund: {
    code: 'ORDER_REFUND_FEE_TOO_HIGH',
    status: 422,
    message: 'A fee of {fee} {currency} exceeds the {amount} that would go back.',
  },
  gift_card_spent: {
    code: 'ORDER_GIFT_CARD_SPENT',
    status: 409,
    message:
      'Of {units} units of {sku} the gift card was spent in part: they cannot be given back.',
  },
  credit_needs_shipping: {
    code: 'ORDER_CREDIT_BEFORE_SHIPPING',
    status: 422,
    message: '{sku} has not left yet, so it goes back to the payment, not as store credit.',
  },
  refund_not_found: {
    code: 'ORDER_REFUND_NOT_FOUND',
    status: 404,
    message: 'The order has no refund {refund_id}.',
  },
  refund_not_retryable: {
    code: 'ORDER_REFUND_NOT_RETRYABLE',
    status: 409,
    message: 'Only what failed in part is tried again; this refund is {status}.',
  },
  refund_refused: {
    code: 'ORDER_REFUND_REFUSED',
    status: 422,
    message: 'The payment provider refused the refund: {reason}',
  },
  already_shipped: {
    code: 'ORDER_ALREADY_SHIPPED',
    status: 409,
    message:
      'Order {order_id} has left the warehouse, at least in part, and cannot be cancelled as a whole.',
  },
  units_not_there: {
    code: 'ORDER_UNITS_NOT_THERE',
    status: 409,
    message: 'Order {order_id} has fewer such units than you want to {action}.',
  },
  change_open: {
    code: 'ORDER_CHANGE_OPEN',
    status: 409,
    message: 'Another set of changes of this order is open: {change_id}.',
  },
  change_not_found: {
    code: 'ORDER_CHANGE_NOT_FOUND',
    status: 404,
    message: 'The order has no change {change_id}.',
  },
  change_stale: {
    code: 'ORDER_CHANGE_STALE',
    status: 409,
    message: 'The order has moved since the change was begun: rebase it, and look at it again.',
  },
  change_empty: {
    code: 'ORDER_CHANGE_EMPTY',
    status: 409,
    message: 'The change has no action: add one, or abandon it.',
  },
  action_not_found: {
    code: 'ORDER_CHANGE_ACTION_NOT_FOUND',
    status: 404,
    message: 'The change has no action {position}.',
  },
  not_mergeable: {
    code: 'ORDER_NOT_MERGEABLE',
    status: 409,
    message: 'Order {order_number} cannot be merged: {problem}.',
  },
  not_splittable: {
    code: 'ORDER_NOT_SPLITTABLE',
    status: 409,
    message: 'The order cannot be split: {problem}.',
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
