import { defineErrors } from '#kit/errors'

export const fulfilmentErrors = defineErrors({
  not_found: {
    code: 'FULFILMENT_ORDER_NOT_FOUND',
    status: 404,
    message: 'There is no fulfilment order {fulfilment_order_id}.',
  },
  line_not_found: {
    code: 'FULFILMENT_LINE_NOT_FOUND',
    status: 404,
    message: 'Fulfilment order {number} has no line {order_line_id}.',
  },
  too_many_units: {
    code: 'FULFILMENT_EXCEEDS_UNITS',
    status: 422,
    message: 'Only {left} units of {sku} in {number} can be {action}.',
  },
  units_in_hand: {
    code: 'FULFILMENT_UNITS_PICKED',
    status: 409,
    message:
      '{units} units of {sku} in {number} are picked or on a pick list; put them back first.',
  },
  on_hold: {
    code: 'FULFILMENT_ORDER_ON_HOLD',
    status: 409,
    message: 'Fulfilment order {number} is held: {reasons}.',
  },
  order_not_ready: {
    code: 'FULFILMENT_ORDER_NOT_READY',
    status: 409,
    message: 'The goods of {number} may not leave yet: its order is {order_status}.',
  },
  same_location: {
    code: 'FULFILMENT_SAME_LOCATION',
    status: 422,
    message: 'Fulfilment order {number} is at that location already.',
  },
  not_mergeable: {
    code: 'FULFILMENT_NOT_MERGEABLE',
    status: 409,
    message: '{number} cannot be merged: {problem}.',
  },
  nothing_to_split: {
    code: 'FULFILMENT_NOTHING_TO_SPLIT',
    status: 422,
    message: 'A split of {number} must leave some units in it and take some out.',
  },
  not_movable: {
    code: 'FULFILMENT_NOT_MOVABLE',
    status: 409,
    message: 'Fulfilment order {number} cannot be moved: it is {state}.',
  },
  no_other_location: {
    code: 'FULFILMENT_NO_OTHER_LOCATION',
    status: 422,
    message: 'No other location has stock for all that is left of {number}.',
  },
  already_begun: {
    code: 'FULFILMENT_ALREADY_BEGUN',
    status: 409,
    message: 'Units of {number} have left; give the rest up instead.',
  },
  nothing_to_pick: {
    code: 'PICK_LIST_EMPTY',
    status: 422,
    message: 'None of these fulfilment orders has units to pick now.',
  },
  list_not_found: {
    code: 'PICK_LIST_NOT_FOUND',
    status: 404,
    message: 'There is no pick list {pick_list_id}.',
  },
  item_not_found: {
    code: 'PICK_ITEM_NOT_FOUND',
    status: 404,
    message: 'Pick list {pick_list_id} has no item {item_id}.',
  },
  picker_not_found: {
    code: 'PICKER_NOT_FOUND',
    status: 404,
    message: 'There is no user {user_id} who could pick.',
  },
  list_over: {
    code: 'PICK_LIST_OVER',
    status: 409,
    message: 'Pick list {number} is {state}; nothing is picked with it any more.',
  },
  not_on_list: {
    code: 'PICK_NOT_ON_LIST',
    status: 422,
    message: 'Nothing that is left to pick on this list has the code {code}.',
  },
  item_done: {
    code: 'PICK_EXCEEDS_UNITS',
    status: 409,
    message: 'Only {left} units of {sku} are left to pick there.',
  },
  serial_needed: {
    code: 'PICK_NEEDS_SERIAL',
    status: 422,
    message: 'Each unit of {sku} has a serial number; scan that.',
  },
  serial_not_there: {
    code: 'PICK_SERIAL_NOT_THERE',
    status: 422,
    message: 'No unit {serial_number} of {sku} is for sale at this location.',
  },
  serial_picked: {
    code: 'PICK_SERIAL_TAKEN',
    status: 409,
    message: 'The unit {serial_number} of {sku} was picked already.',
  },
  still_to_pick: {
    code: 'PICK_LIST_UNFINISHED',
    status: 409,
    message: '{units} units are neither picked nor reported missing.',
  },
  carton_not_found: {
    code: 'CARTON_NOT_FOUND',
    status: 404,
    message: 'Fulfilment order {number} has no carton {carton_id}.',
  },
  preset_not_found: {
    code: 'CARTON_PRESET_NOT_FOUND',
    status: 404,
    message: 'There is no carton preset {preset}.',
  },
  preset_taken: {
    code: 'CARTON_PRESET_TAKEN',
    status: 409,
    message: 'Another carton preset has the code {preset}.',
  },
  carton_too_heavy: {
    code: 'CARTON_TOO_HEAVY',
    status: 422,
    message: 'The carton weighs {weight_grams} g; it may weigh {max_weight_grams} g.',
  },
  carton_has_left: {
    code: 'CARTON_HAS_LEFT',
    status: 409,
    message: 'Carton {carton} has left with its goods.',
  },
  not_packed: {
    code: 'FULFILMENT_NOT_PACKED',
    status: 409,
    message: 'What is packed in {number} is not what was picked: {problem}.',
  },
})
