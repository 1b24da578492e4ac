import { process, query } from '#platform/operations'
import { orderErrors as errors } from '../errors.ts'
import { listRefunds, previewRefund } from './queries.ts'
import { refundOrder } from './refund-order.ts'
import { retryRefund } from './retry-refund.ts'
import {
  ListRefunds,
  OrderRefund,
  OrderRefunds,
  RefundOrder,
  RefundPreview,
  RetryRefund,
} from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const EXAMPLE = {
  id: EXAMPLE_ID,
  items: [{ item_id: EXAMPLE_ID, quantity: 1 }],
  reason: 'A mug arrived chipped.',
}
const refusals = [
  errors.not_found,
  errors.staff_only,
  errors.nothing_to_refund,
  errors.too_many_units,
  errors.fee_exceeds_refund,
  errors.credit_needs_shipping,
  errors.gift_card_spent,
  errors.refund_exceeds_paid,
]
const WHAT =
  'Units of items go back at what was paid for them, after discounts and with tax, to the cent; `include_shipping` adds what was paid for shipping, `amount` a goodwill amount. With none of the three: all that was not refunded yet. `fee_amount` is kept back; `to: store_credit` gives the customer store credit instead.'

/** Money that goes back for lines and units of an order. */
export const refundOperations = [
  process('orders.refund', {
    rest: 'POST /api/v1/orders/:id/refund',
    aliases: ['POST /api/v1/orders/:id/refunds'],
    permission: 'payments:write',
    summary: 'Refund items, shipping or all of an order',
    description: `${WHAT} It goes back by the payments of the order, the newest first, and may still be \`pending\` when this answers. Stock is not touched. Staff only; send an Idempotency-Key.`,
    status: 201,
    input: RefundOrder,
    output: OrderRefund,
    errors: [...refusals, errors.refund_refused],
    example: EXAMPLE,
    run: refundOrder,
  }),
  process('orders.retry_refund', {
    rest: 'POST /api/v1/orders/:id/refunds/:refund_id/retry',
    permission: 'payments:write',
    summary: 'Try again what of a refund failed',
    description:
      'For a refund that is `partly_failed`: what its payments did not give back is asked for again, by the same payments first, or is given as store credit. One that failed as a whole has freed its units: refund them anew.',
    input: RetryRefund,
    output: OrderRefund,
    errors: [
      errors.not_found,
      errors.staff_only,
      errors.refund_not_found,
      errors.refund_not_retryable,
      errors.refund_exceeds_paid,
      errors.refund_refused,
    ],
    example: { id: EXAMPLE_ID, refund_id: EXAMPLE_ID, to: 'original' },
    run: retryRefund,
  }),
  query('orders.preview_refund', {
    rest: 'POST /api/v1/orders/:id/refund/preview',
    aliases: ['POST /api/v1/orders/:id/refunds/preview'],
    permission: 'payments:write',
    summary: 'Tell what a refund would come to, and change nothing',
    description: WHAT,
    input: RefundOrder,
    output: RefundPreview,
    errors: refusals,
    example: EXAMPLE,
    run: previewRefund,
  }),
  query('orders.list_refunds', {
    rest: 'GET /api/v1/orders/:id/refunds',
    permission: 'orders:read',
    summary: 'List the refunds of an order, newest first',
    input: ListRefunds,
    output: OrderRefunds,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID, limit: 20 },
    run: listRefunds,
  }),
]
