import { defineErrors } from '#kit/errors'

export const inventoryErrors = defineErrors({
  item_not_found: {
    code: 'INVENTORY_ITEM_NOT_FOUND',
    status: 404,
    message: 'There is no inventory item {item}.',
  },
  location_not_found: {
    code: 'LOCATION_NOT_FOUND',
    status: 404,
    message: 'There is no location {location}.',
  },
  reservation_not_found: {
    code: 'RESERVATION_NOT_FOUND',
    status: 404,
    message: 'There is no reservation {reservation_id}.',
  },
  held_by_order: {
    code: 'RESERVATION_OF_ORDER',
    status: 409,
    message: 'Reservation {reservation_id} belongs to order {order_id}; cancel that instead.',
  },
  insufficient_stock: {
    code: 'INSUFFICIENT_STOCK',
    status: 422,
    message: 'Not enough stock of {sku}: {requested} wanted, {available} available.',
  },
  below_reserved: {
    code: 'STOCK_BELOW_RESERVED',
    status: 422,
    message: '{sku} at {location}: {reserved} are promised, so stock cannot fall to {on_hand}.',
  },
  nothing_reserved: {
    code: 'NOTHING_RESERVED',
    status: 422,
    message: '{quantity} of {sku} cannot be released: only {reserved} are reserved there.',
  },
  sku_taken: { code: 'SKU_TAKEN', status: 409, message: 'Another item has the SKU {sku}.' },
  code_taken: {
    code: 'LOCATION_CODE_TAKEN',
    status: 409,
    message: 'Another location has the code {code}.',
  },
  item_in_use: {
    code: 'INVENTORY_ITEM_IN_USE',
    status: 409,
    message: '{reserved} units of {sku} are promised; release them first.',
  },
  location_in_use: {
    code: 'LOCATION_IN_USE',
    status: 409,
    message: 'Location {location} still holds stock; move it first.',
  },
})
