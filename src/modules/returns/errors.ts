import { defineErrors } from '#kit/errors'

export const returnErrors = defineErrors({
  not_found: { code: 'RETURN_NOT_FOUND', status: 404, message: 'There is no return {return_id}.' },
  staff_only: { code: 'RETURN_STAFF_ONLY', status: 403, message: 'Only staff may {action}.' },
  line_not_found: {
    code: 'RETURN_ITEM_NOT_FOUND',
    status: 404,
    message: 'The return has no item {item_id}.',
  },
  reason_not_found: {
    code: 'RETURN_REASON_NOT_FOUND',
    status: 404,
    message: 'There is no return reason {reason}.',
  },
  reason_taken: {
    code: 'RETURN_REASON_TAKEN',
    status: 409,
    message: 'Another return reason has the code {reason}.',
  },
  policy_not_found: {
    code: 'RETURN_POLICY_NOT_FOUND',
    status: 404,
    message: 'There is no return policy {policy_id}.',
  },
  not_returnable: {
    code: 'RETURN_NOT_ALLOWED',
    status: 422,
    message: '{sku} cannot be returned: {problem}.',
  },
  nothing_to_return: {
    code: 'RETURN_NOTHING_TO_RETURN',
    status: 422,
    message: 'Nothing of order {order_id} can be returned: {problem}.',
  },
  too_many_units: {
    code: 'RETURN_EXCEEDS_UNITS',
    status: 422,
    message:
      'Of {sku} only {left} more units can come back: others have not left, or have a return.',
  },
  over_receipt: {
    code: 'RETURN_OVER_RECEIPT',
    status: 409,
    message: '{received} units of {sku} are more than the {expected} awaited; say over_receipt.',
  },
  not_received: {
    code: 'RETURN_NOT_RECEIVED',
    status: 409,
    message: 'Only {waiting} received units of {sku} wait to be looked at.',
  },
  not_inspected: {
    code: 'RETURN_NOT_INSPECTED',
    status: 409,
    message: '{waiting} received units were not looked at yet.',
  },
  nothing_to_restock: {
    code: 'RETURN_NOTHING_TO_RESTOCK',
    status: 409,
    message: 'No unit of return {rma_number} waits to be restocked.',
  },
  needs_location: {
    code: 'RETURN_NEEDS_LOCATION',
    status: 422,
    message: 'Say at which location the goods are; there is none yet.',
  },
  nothing_to_refund: {
    code: 'RETURN_NOTHING_TO_REFUND',
    status: 422,
    message: 'Return {rma_number} has nothing to refund: {problem}.',
  },
  refund_open: {
    code: 'RETURN_REFUND_DUE',
    status: 409,
    message: '{units} accepted units of return {rma_number} are not paid back yet.',
  },
  fee_exceeds_refund: {
    code: 'RETURN_FEE_TOO_HIGH',
    status: 422,
    message: 'A fee of {fee} {currency} exceeds the {amount} that the goods were worth.',
  },
  of_a_document: {
    code: 'RETURN_OF_A_DOCUMENT',
    status: 409,
    message: 'Return {rma_number} belongs to {document}: do it there.',
  },
  not_deletable: {
    code: 'RETURN_NOT_DELETABLE',
    status: 409,
    message: 'Only what was requested, rejected or cancelled can be deleted; this is {status}.',
  },
  not_changeable: {
    code: 'RETURN_NOT_CHANGEABLE',
    status: 409,
    message: '{field} of a return that is {status} cannot be changed any more.',
  },
  no_label: {
    code: 'RETURN_LABEL_UNAVAILABLE',
    status: 422,
    message: 'Name the carrier and the tracking number: no carrier makes labels for it here.',
  },
  exchange_not_found: {
    code: 'EXCHANGE_NOT_FOUND',
    status: 404,
    message: 'There is no exchange {exchange_id}.',
  },
  exchange_shipped: {
    code: 'EXCHANGE_ALREADY_SHIPPED',
    status: 409,
    message: 'The goods of exchange {number} have left and cannot be called back.',
  },
  claim_not_found: {
    code: 'CLAIM_NOT_FOUND',
    status: 404,
    message: 'There is no claim {claim_id}.',
  },
})
