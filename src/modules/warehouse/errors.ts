import { defineErrors } from '#kit/errors'

export const warehouseErrors = defineErrors({
  zone_not_found: { code: 'ZONE_NOT_FOUND', status: 404, message: 'There is no zone {zone}.' },
  bin_not_found: { code: 'BIN_NOT_FOUND', status: 404, message: 'There is no bin {bin}.' },
  lot_not_found: { code: 'LOT_NOT_FOUND', status: 404, message: 'There is no lot {lot}.' },
  serial_not_found: {
    code: 'SERIAL_NOT_FOUND',
    status: 404,
    message: 'There is no serial number {serial}.',
  },
  code_taken: {
    code: 'BIN_CODE_TAKEN',
    status: 409,
    message: 'The code {code} is taken in this location.',
  },
  scan_code_taken: {
    code: 'SCAN_CODE_TAKEN',
    status: 409,
    message: 'Another bin has the scan code {scan_code}.',
  },
  bin_in_use: {
    code: 'BIN_IN_USE',
    status: 409,
    message: 'Bin {bin} still holds units; move them first.',
  },
  zone_in_use: {
    code: 'ZONE_IN_USE',
    status: 409,
    message: 'Zone {zone} still has bins; move or archive them first.',
  },
  bin_elsewhere: {
    code: 'BIN_ELSEWHERE',
    status: 422,
    message: 'Bin {bin} is not of this location.',
  },
  not_in_bins: {
    code: 'LOCATION_WITHOUT_BINS',
    status: 422,
    message: 'Units of {item} are not kept by place here: the location has no bins.',
  },
  not_there: {
    code: 'UNITS_NOT_THERE',
    status: 422,
    message: 'Fewer than {quantity} units of {item} lie there.',
  },
  tracking_with_stock: {
    code: 'TRACKING_NEEDS_EMPTY_STOCK',
    status: 409,
    message: '{sku} has stock, so its tracking cannot become {tracking}.',
  },
  lot_taken: {
    code: 'LOT_NUMBER_TAKEN',
    status: 409,
    message: '{sku} has a lot {lot_number} already, with other dates.',
  },
  lots_required: {
    code: 'LOT_REQUIRED',
    status: 422,
    message: 'Item {item} is kept by lot: say which lot the units are of.',
  },
  lots_unwanted: {
    code: 'LOT_UNEXPECTED',
    status: 422,
    message: 'Item {item} is not kept by lot.',
  },
  lots_wrong: {
    code: 'LOT_UNITS_WRONG',
    status: 422,
    message: 'The lots name {named} units of item {item}, but {quantity} move.',
  },
  lot_of_another_item: {
    code: 'LOT_OF_ANOTHER_ITEM',
    status: 422,
    message: 'Lot {lot} is not of item {item}.',
  },
  lot_blocked: {
    code: 'LOT_BLOCKED',
    status: 422,
    message: 'Lot {lot} is blocked or expired and is not shipped.',
  },
  not_pickable: {
    code: 'UNITS_NOT_PICKABLE',
    status: 422,
    message: 'Fewer than {quantity} units of item {item} are neither blocked nor expired there.',
  },
  serials_required: {
    code: 'SERIAL_REQUIRED',
    status: 422,
    message: 'Item {item} is kept by serial number: name one for each of the {quantity} units.',
  },
  serials_unwanted: {
    code: 'SERIAL_UNEXPECTED',
    status: 422,
    message: 'Item {item} is not kept by serial number.',
  },
  serial_twice: {
    code: 'SERIAL_TWICE',
    status: 422,
    message: 'Serial number {serial} is named twice.',
  },
  serial_in_stock: {
    code: 'SERIAL_IN_STOCK',
    status: 409,
    message: 'Serial number {serial} is in stock already.',
  },
  serial_not_there: {
    code: 'SERIAL_NOT_THERE',
    status: 422,
    message: 'Serial number {serial} is not there to be taken.',
  },
  serial_blocked: {
    code: 'SERIAL_BLOCKED',
    status: 422,
    message: 'Serial number {serial} is blocked and is not shipped.',
  },
  recalled: {
    code: 'LOT_RECALLED',
    status: 409,
    message: 'Lot {lot} is recalled ({recall}); close the recall first.',
  },
  recall_not_found: {
    code: 'RECALL_NOT_FOUND',
    status: 404,
    message: 'There is no recall {recall}.',
  },
  contact_not_found: {
    code: 'RECALL_CONTACT_NOT_FOUND',
    status: 404,
    message: 'The recall has no contact {contact}.',
  },
  recall_closed: {
    code: 'RECALL_CLOSED',
    status: 409,
    message: 'Recall {recall} is closed.',
  },
  recall_unsettled: {
    code: 'RECALL_UNSETTLED',
    status: 409,
    message: 'Recall {recall}: {left} have not been told yet.',
  },
  count_not_found: {
    code: 'CYCLE_COUNT_NOT_FOUND',
    status: 404,
    message: 'There is no cycle count {count}.',
  },
  count_line_not_found: {
    code: 'COUNT_LINE_NOT_FOUND',
    status: 404,
    message: 'The count has no line {line}.',
  },
  count_not_open: {
    code: 'CYCLE_COUNT_NOT_OPEN',
    status: 409,
    message: 'Cycle count {count} is {state}; lines are counted while it is counting.',
  },
  count_unfinished: {
    code: 'CYCLE_COUNT_UNFINISHED',
    status: 409,
    message: 'Cycle count {count}: {pending} lines are not counted, {recount} are to be recounted.',
  },
  count_line_there: {
    code: 'COUNT_LINE_EXISTS',
    status: 409,
    message: 'The count has a line for this place already.',
  },
  count_line_stale: {
    code: 'COUNT_LINE_STALE',
    status: 409,
    message: 'Line {line}: the item is kept in another way by now; plan it again.',
  },
  made_of_itself: {
    code: 'LOT_MADE_OF_ITSELF',
    status: 422,
    message: 'A lot cannot be made of itself, not even through others.',
  },
})
