import { defineErrors } from '#kit/errors'

export const warrantyErrors = defineErrors({
  not_found: {
    code: 'WARRANTY_NOT_FOUND',
    status: 404,
    message: 'There is no warranty {warranty_id}.',
  },
  plan_not_found: {
    code: 'WARRANTY_PLAN_NOT_FOUND',
    status: 404,
    message: 'There is no warranty plan {plan_id}.',
  },
  plan_code_taken: {
    code: 'WARRANTY_PLAN_CODE_TAKEN',
    status: 409,
    message: 'Another warranty plan has the code {code}.',
  },
  plan_archived: {
    code: 'WARRANTY_PLAN_ARCHIVED',
    status: 409,
    message: 'The warranty plan {plan_id} is archived.',
  },
  product_not_found: {
    code: 'WARRANTY_PRODUCT_NOT_FOUND',
    status: 422,
    message: 'There is no product {product_id}.',
  },
  order_not_found: {
    code: 'WARRANTY_ORDER_NOT_FOUND',
    status: 422,
    message: 'There is no order {order_id} of this customer.',
  },
  serial_covered: {
    code: 'WARRANTY_SERIAL_COVERED',
    status: 409,
    message: 'The serial number {serial_number} of this product is covered by {warranty_number}.',
  },
  cannot_claim: {
    code: 'WARRANTY_CANNOT_CLAIM',
    status: 409,
    message: 'Nothing can be claimed of the warranty: it is {state}.',
  },
  cannot_transfer: {
    code: 'WARRANTY_CANNOT_TRANSFER',
    status: 409,
    message: 'The warranty cannot be made somebody else’s: it is {state}.',
  },
  not_transferable: {
    code: 'WARRANTY_NOT_TRANSFERABLE',
    status: 422,
    message: 'Warranty {warranty_number} is only for whom it was made.',
  },
  open_claims: {
    code: 'WARRANTY_HAS_OPEN_CLAIMS',
    status: 409,
    message: 'Warranty {warranty_number} has claims that are not settled.',
  },
  staff_only: {
    code: 'WARRANTY_STAFF_ONLY',
    status: 403,
    message: 'Only staff may do this: {action}.',
  },
  claim_not_found: {
    code: 'WARRANTY_CLAIM_NOT_FOUND',
    status: 404,
    message: 'There is no warranty claim {claim_id}.',
  },
  customer_differs: {
    code: 'WARRANTY_CUSTOMER_DIFFERS',
    status: 422,
    message: 'The warranty is not of this customer.',
  },
  outside_coverage: {
    code: 'WARRANTY_OUTSIDE_COVERAGE',
    status: 422,
    message: 'Outside the coverage: {problem}. Staff may accept it with override_reason.',
  },
  units_claimed: {
    code: 'WARRANTY_UNITS_CLAIMED',
    status: 409,
    message: 'Only {available} of its units are neither claimed nor settled already.',
  },
  settled: {
    code: 'WARRANTY_CLAIM_SETTLED',
    status: 409,
    message: 'The claim was settled for good by {remedy}.',
  },
  reference_not_found: {
    code: 'WARRANTY_REMEDY_REFERENCE_UNKNOWN',
    status: 422,
    message: '{field} names nothing of the customer of this claim.',
  },
})
