import { Type } from 'typebox'
import { creditErrors } from '#modules/credit'
import { command, process, query } from '#platform/operations'
import { capturePayment } from './commands/capture-payment.ts'
import { confirmPayment } from './commands/confirm-payment.ts'
import { createPayment } from './commands/create-payment.ts'
import { Refunded, refundPayment } from './commands/refund-payment.ts'
import { voidPayment } from './commands/void-payment.ts'
import {
  DisputePage,
  DisputeWithEvidence,
  GetDispute,
  getDispute,
  ListDisputes,
  listDisputes,
} from './disputes.ts'
import { paymentErrors } from './errors.ts'
import { Evidence, SubmitEvidence } from './evidence/schemas.ts'
import { submitEvidence } from './evidence/submit-evidence.ts'
import { getOrderTotal, getPayment, listPayments, listPaymentsOfOrder } from './queries.ts'
import {
  CapturePayment,
  CreatePayment,
  GetPayment,
  ListPayments,
  OfOrder,
  OrderTotal,
  Payment,
  PaymentPage,
  PaymentWithRefunds,
  RefundByBody,
  RefundPayment,
} from './schemas.ts'

const ID = '01939e5b-7c1a-7f00-8000-000000000001'
const { not_found, order_not_found, nothing_left, request_failed, staff_only, in_progress } =
  paymentErrors

export const operations = [
  process('payments.create', {
    rest: 'POST /api/v1/payments',
    permission: 'payments:write',
    summary: 'Take a payment for an order',
    description:
      'Takes what the order still owes, or holds it with `capture: manual`. `amount` must be exactly that, or with `partial: true` any part of it: several payments, one after another, then pay one order together. A decline answers 402 and stays in the books as `failed`. `requires_action` asks the payer to follow `next_action` (3-D Secure) and then to confirm. `pending` or `processing`: the provider has not said yet how it ended; read the payment again, it is found out without you. Cash, cheques and transfers are recorded by staff. `gift_card` pays from the card whose `code` is told, `store_credit` from what the customer of the order has; without an `amount`, as much as is there. Send an Idempotency-Key.',
    status: 201,
    input: CreatePayment,
    output: Payment,
    errors: [
      order_not_found,
      paymentErrors.order_closed,
      paymentErrors.already_paid,
      in_progress,
      paymentErrors.amount_differs,
      paymentErrors.more_than_owed,
      paymentErrors.currency_differs,
      paymentErrors.declined,
      paymentErrors.not_configured,
      staff_only,
      creditErrors.code_unknown,
      creditErrors.too_many_guesses,
      creditErrors.disabled,
      creditErrors.expired,
      creditErrors.currency_differs,
      creditErrors.none,
      creditErrors.insufficient,
    ],
    example: {
      order_id: ID,
      amount: '59.90',
      currency: 'USD',
      payment_method: 'credit_card',
      payment_method_id: 'pm_test_success',
    },
    run: createPayment,
  }),
  process('payments.confirm', {
    rest: 'POST /api/v1/payments/:id/confirm',
    permission: 'payments:write',
    summary: 'Finish a payment after 3-D Secure',
    description: 'A payment that is decided already is answered as it is.',
    input: GetPayment,
    output: Payment,
    errors: [not_found, paymentErrors.declined, paymentErrors.cannot_confirm, in_progress],
    example: { id: ID },
    run: confirmPayment,
  }),
  process('payments.capture', {
    rest: 'POST /api/v1/payments/:id/capture',
    permission: 'payments:write',
    summary: 'Capture held money',
    description:
      'All that is held, or `amount` of it; the rest stays held, until it is captured by a further call or let go by a void. Some providers take a payment only once and let the rest go with the first capture: with `keep_rest` that is refused. Staff only.',
    input: CapturePayment,
    output: Payment,
    errors: [
      not_found,
      nothing_left,
      paymentErrors.captured_once,
      request_failed,
      in_progress,
      staff_only,
    ],
    example: { id: ID, amount: '20.00' },
    run: capturePayment,
  }),
  process('payments.void', {
    rest: 'POST /api/v1/payments/:id/void',
    aliases: ['POST /api/v1/payments/:id/cancel'],
    permission: 'payments:write',
    summary: 'Let held money go, or cancel a payment that waits for its payer',
    input: GetPayment,
    output: Payment,
    errors: [not_found, request_failed, in_progress],
    example: { id: ID },
    run: voidPayment,
  }),
  process('payments.refund', {
    rest: 'POST /api/v1/payments/:id/refunds',
    permission: 'payments:write',
    summary: 'Refund a payment, in whole or in part',
    description:
      'Gives back `amount`, or all that is left. The refund may still be `pending` when this answers. Staff only.',
    status: 201,
    input: RefundPayment,
    output: Refunded,
    errors: [not_found, nothing_left, request_failed, staff_only],
    example: { id: ID, amount: '5.00', reason: 'A mug arrived chipped.' },
    run: refundPayment,
  }),
  process('payments.refund_by_body', {
    rest: 'POST /api/v1/payments/refund',
    permission: 'payments:write',
    summary: 'Refund the payment named in the body',
    status: 201,
    input: RefundByBody,
    output: Refunded,
    errors: [not_found, nothing_left, request_failed, staff_only],
    example: { payment_id: ID, amount: '5.00', reason: 'A mug arrived chipped.' },
    run: (ctx, { payment_id, ...input }) => refundPayment(ctx, { ...input, id: payment_id }),
  }),
  query('payments.list', {
    rest: 'GET /api/v1/payments',
    permission: 'payments:read',
    summary: 'List payments, newest first',
    input: ListPayments,
    output: PaymentPage,
    example: { status: 'succeeded', per_page: 20 },
    run: listPayments,
  }),
  query('payments.list_disputes', {
    rest: 'GET /api/v1/payments/disputes',
    permission: 'payments:read',
    summary: 'List disputes, newest first',
    description:
      'What banks have taken up for their payers, as the provider tells it, and until when they want evidence. Staff only.',
    input: ListDisputes,
    output: DisputePage,
    errors: [staff_only],
    example: { status: 'needs_response' },
    run: listDisputes,
  }),
  query('payments.get_dispute', {
    rest: 'GET /api/v1/payments/disputes/:id',
    permission: 'payments:read',
    summary: 'Read a dispute with what was answered to it',
    input: GetDispute,
    output: DisputeWithEvidence,
    errors: [paymentErrors.dispute_not_found, staff_only],
    example: { id: ID },
    run: getDispute,
  }),
  command('payments.submit_evidence', {
    rest: 'POST /api/v1/payments/disputes/:id/evidence',
    permission: 'payments:write',
    summary: 'Answer a dispute with texts and files',
    description:
      'Kept at once and handed in to the provider right after: `state` says `handed_in` or `refused` then, as do the events `payment.evidence_submitted` and `payment.evidence_refused`. With `is_final: false` the provider keeps it until more comes. Staff only.',
    status: 201,
    isolation: 'read committed',
    input: SubmitEvidence,
    output: Evidence,
    errors: [
      paymentErrors.dispute_not_found,
      paymentErrors.evidence_not_wanted,
      paymentErrors.evidence_too_late,
      paymentErrors.evidence_waits,
      paymentErrors.takes_no_evidence,
      staff_only,
    ],
    example: {
      id: ID,
      texts: { shipping_carrier: 'UPS', shipping_tracking_number: '1Z999AA10123456784' },
      files: [
        {
          kind: 'receipt',
          name: 'receipt.pdf',
          content_type: 'application/pdf',
          content: 'JVBERi0x',
        },
      ],
    },
    run: submitEvidence,
  }),
  query('payments.get', {
    rest: 'GET /api/v1/payments/:id',
    permission: 'payments:read',
    summary: 'Read a payment with its refunds',
    input: GetPayment,
    output: PaymentWithRefunds,
    errors: [not_found],
    example: { id: ID },
    run: getPayment,
  }),
  query('payments.list_of_order', {
    rest: 'GET /api/v1/payments/order/:order_id',
    permission: 'payments:read',
    summary: 'List all payments of an order, oldest first',
    input: OfOrder,
    output: Type.Array(Payment),
    errors: [order_not_found],
    example: { order_id: ID },
    run: listPaymentsOfOrder,
  }),
  query('payments.get_order_total', {
    rest: 'GET /api/v1/payments/order/:order_id/total',
    permission: 'payments:read',
    summary: 'Read what an order costs, has paid, got back and still owes',
    input: OfOrder,
    output: OrderTotal,
    errors: [order_not_found],
    example: { order_id: ID },
    run: getOrderTotal,
  }),
]
