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
  supply_not_found: {
    code: 'SUPPLY_NOT_FOUND',
    status: 404,
    message: 'There is no expected supply {supply_id}.',
  },
  more_than_expected: {
    code: 'MORE_THAN_EXPECTED',
    status: 409,
    message: 'Only {expected} units are still expected; raise the quantity first.',
  },
  fewer_than_received: {
    code: 'FEWER_THAN_RECEIVED',
    status: 409,
    message: '{received} units came in already; cancel what is still expected instead.',
  },
  reservation_not_found: {
    code: 'RESERVATION_NOT_FOUND',
    status: 404,
    message: 'There is no reservation {reservation_id}.',
  },
  held_by_order: {
    code: 'RESERVATION_OF_ORDER',
    status: 409,
    message:
      'Reservation {reservation_id} belongs to {order_id}, which looks after it; cancel that instead.',
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
  not_in_state: {
    code: 'STOCK_NOT_IN_STATE',
    status: 422,
    message: '{sku} at {location}: {requested} wanted, only {available} are {state}.',
  },
  not_held: {
    code: 'UNITS_NOT_HELD',
    status: 409,
    message: '{requested} units of item {item_id} are asked for, {held} are held.',
  },
  units_wait: {
    code: 'UNITS_WAIT_FOR_STOCK',
    status: 409,
    message: '{quantity} units of {reference_id} still wait for stock.',
  },
  nothing_reserved: {
    code: 'NOTHING_RESERVED',
    status: 422,
    message: '{quantity} of {sku} cannot be released: only {reserved} are reserved there.',
  },
  rule_not_found: {
    code: 'ROUTING_RULE_NOT_FOUND',
    status: 404,
    message: 'There is no routing rule {rule_id}.',
  },
  too_many_rules: {
    code: 'TOO_MANY_ROUTING_RULES',
    status: 422,
    message: 'A shop has {most} routing rules at most.',
  },
  unit_not_found: {
    code: 'ITEM_UNIT_NOT_FOUND',
    status: 404,
    message: '{sku} is not kept in {unit}.',
  },
  unit_not_exact: {
    code: 'ITEM_UNIT_NOT_EXACT',
    status: 422,
    message: '{quantity} {unit} of {sku} are no whole number of its own units.',
  },
  too_many_units: {
    code: 'TOO_MANY_ITEM_UNITS',
    status: 422,
    message: '{sku} has {most} units at most.',
  },
  transfer_not_found: {
    code: 'TRANSFER_NOT_FOUND',
    status: 404,
    message: 'There is no transfer {transfer}.',
  },
  transfer_has_left: {
    code: 'TRANSFER_HAS_LEFT',
    status: 409,
    message: 'A transfer that is {status} can no longer be changed.',
  },
  over_received: {
    code: 'TRANSFER_OVER_RECEIVED',
    status: 422,
    message: 'Line {position}: {requested} units cannot arrive, {in_transit} are on their way.',
  },
  no_end: {
    code: 'RESERVATION_HAS_NO_END',
    status: 409,
    message: 'Reservation {reservation_id} is {status}: it has no end that could be moved.',
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
    message: 'Location {location} still holds stock, or a transfer is on its way; move it first.',
  },
})
