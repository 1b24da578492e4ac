import { defineErrors } from '#kit/errors'

export const paymentErrors = defineErrors({
  not_found: {
    code: 'PAYMENT_NOT_FOUND',
    status: 404,
    message: 'There is no payment {payment_id}.',
  },
  order_not_found: {
    code: 'ORDER_NOT_FOUND',
    status: 404,
    message: 'There is no order {order_id}.',
  },
  order_closed: {
    code: 'ORDER_NOT_PAYABLE',
    status: 409,
    message: 'Order {order_id} takes no more payments.',
  },
  already_paid: {
    code: 'ORDER_ALREADY_PAID',
    status: 409,
    message: 'Order {order_id} is paid already.',
  },
  in_progress: {
    code: 'PAYMENT_IN_PROGRESS',
    status: 409,
    message: 'Payment {payment_id} of this order is not decided yet: finish or void it first.',
  },
  amount_differs: {
    code: 'PAYMENT_AMOUNT_MISMATCH',
    status: 400,
    message: 'amount must be what the order still owes: {expected} {currency}.',
  },
  more_than_owed: {
    code: 'PAYMENT_EXCEEDS_BALANCE',
    status: 400,
    message: 'amount must be above zero and at most what the order still owes: {owed} {currency}.',
  },
  currency_differs: {
    code: 'PAYMENT_CURRENCY_MISMATCH',
    status: 400,
    message: 'The order is to be paid in {currency}.',
  },
  declined: {
    code: 'PAYMENT_DECLINED',
    status: 402,
    message: 'The payment was declined: {reason}',
  },
  no_books: {
    code: 'PAYMENT_PROVIDER_NO_BOOKS',
    status: 503,
    message:
      'The provider {provider} has no books to compare: it is not set up here, or keeps none.',
  },
  not_configured: {
    code: 'PAYMENT_PROVIDER_MISSING',
    status: 503,
    message: 'No payment provider is set up for {payment_method}.',
  },
  cannot_confirm: {
    code: 'PAYMENT_CANNOT_CONFIRM',
    status: 409,
    message: 'Payment {payment_id} does not wait for its payer: it is {status}.',
  },
  staff_only: {
    code: 'PAYMENT_STAFF_ONLY',
    status: 403,
    message: 'Only staff may do this: {action}.',
  },
  nothing_left: {
    code: 'PAYMENT_AMOUNT_TOO_LARGE',
    status: 422,
    message: 'Only {available} {currency} of this payment can still be used for {action}.',
  },
  captured_once: {
    code: 'PAYMENT_CAPTURED_ONCE',
    status: 422,
    message:
      'The provider takes payment {payment_id} only once: capture all that is needed, without keep_rest.',
  },
  request_failed: {
    code: 'PAYMENT_REQUEST_REFUSED',
    status: 422,
    message: 'The payment provider refused it: {reason}',
  },
  adopted_elsewhere: {
    code: 'PAYMENT_OF_ANOTHER_ORDER',
    status: 409,
    message: 'Payment {payment_ref} of the provider belongs to another order.',
  },
  hosted_refused: {
    code: 'PAYMENT_PAGE_REFUSED',
    status: 422,
    message: 'The payment provider opens no page for this: {reason}',
  },
  dispute_not_found: {
    code: 'PAYMENT_DISPUTE_NOT_FOUND',
    status: 404,
    message: 'There is no dispute {dispute_id}.',
  },
  evidence_not_wanted: {
    code: 'PAYMENT_EVIDENCE_NOT_WANTED',
    status: 409,
    message: 'Dispute {dispute_id} takes no evidence: it is {status}.',
  },
  evidence_too_late: {
    code: 'PAYMENT_EVIDENCE_TOO_LATE',
    status: 409,
    message: 'Evidence for dispute {dispute_id} was due at {due_at}.',
  },
  evidence_waits: {
    code: 'PAYMENT_EVIDENCE_WAITS',
    status: 409,
    message: 'Evidence {evidence_id} is on its way to the provider already.',
  },
  takes_no_evidence: {
    code: 'PAYMENT_EVIDENCE_UNSUPPORTED',
    status: 422,
    message: 'The payment provider {provider} takes no evidence from here.',
  },
  bad_signature: {
    code: 'WEBHOOK_SIGNATURE_INVALID',
    status: 401,
    message: 'This webhook is not signed as it must be: {problem}.',
  },
  bad_webhook: {
    code: 'WEBHOOK_INVALID',
    status: 400,
    message: 'This webhook cannot be read: {problem}.',
  },
})
