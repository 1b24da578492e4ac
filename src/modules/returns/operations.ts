import { shipmentErrors } from '#modules/shipments'
import { command, Nothing, process, query } from '#platform/operations'
import { completeReturn } from './commands/complete-return.ts'
import {
  approveReturn,
  cancelReturn,
  deleteReturn,
  rejectReturn,
  reopenReturn,
} from './commands/decide-return.ts'
import { inspectReturn } from './commands/inspect-return.ts'
import { labelReturn } from './commands/label-return.ts'
import { receiveReturn } from './commands/receive-return.ts'
import { previewReturnRefund, processReturn, refundReturn } from './commands/refund-return.ts'
import { requestReturn } from './commands/request-return.ts'
import { restockReturn } from './commands/restock-return.ts'
import { updateReturn } from './commands/update-return.ts'
import { returnErrors as errors } from './errors.ts'
import { returnLifecycle } from './lifecycle.ts'
import { getReturn, listReturns } from './queries.ts'
import * as of from './schemas.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const { refusals } = returnLifecycle
const staff = [errors.not_found, errors.staff_only]
const isolation = 'read committed'

const asking = [
  query('returns.list', {
    rest: 'GET /api/v1/returns',
    permission: 'returns:read',
    summary: 'List returns, newest first',
    description: 'Customers see their own.',
    input: of.ListReturns,
    output: of.Returns,
    example: { status: 'requested', limit: 20 },
    run: listReturns,
  }),
  query('returns.get', {
    rest: 'GET /api/v1/returns/:id',
    permission: 'returns:read',
    summary: 'Read a return',
    input: of.GetReturn,
    output: of.Return,
    errors: [errors.not_found],
    example: { id: EXAMPLE_ID },
    run: getReturn,
  }),
  command('returns.create', {
    rest: 'POST /api/v1/returns',
    permission: 'returns:create',
    summary: 'Ask to send goods of an order back',
    description:
      'All of the order that can come back, or the units named. Outside the policy (window, excluded goods) it is refused, unless staff says why not.',
    status: 201,
    isolation,
    input: of.CreateReturn,
    output: of.Return,
    errors: [
      errors.staff_only,
      errors.reason_not_found,
      errors.not_returnable,
      errors.nothing_to_return,
      errors.too_many_units,
    ],
    example: {
      order_id: EXAMPLE_ID,
      reason: 'Too small.',
      customer_notes: 'It was a present.',
      preferred_resolution: 'refund',
    },
    run: requestReturn,
  }),
  command('returns.update', {
    rest: 'PUT /api/v1/returns/:id',
    aliases: ['PATCH /api/v1/returns/:id'],
    permission: 'returns:create',
    summary: 'Change what a return says',
    description:
      'Reason, wish and units while it is requested; carrier and tracking number until it has arrived; the customer’s notes always.',
    isolation,
    input: of.UpdateReturn,
    output: of.Return,
    errors: [
      errors.not_found,
      errors.reason_not_found,
      errors.not_changeable,
      errors.of_a_document,
      errors.line_not_found,
      errors.too_many_units,
    ],
    example: { id: EXAMPLE_ID, customer_notes: 'Sent on Monday.', tracking_number: '1Z999AA10123' },
    run: updateReturn,
  }),
  command('returns.delete', {
    rest: 'DELETE /api/v1/returns/:id',
    permission: 'returns:create',
    summary: 'Delete a return that came to nothing',
    status: 204,
    isolation,
    input: of.GetReturn,
    output: Nothing,
    errors: [errors.not_found, errors.not_deletable, errors.of_a_document],
    example: { id: EXAMPLE_ID },
    run: deleteReturn,
  }),
]

const deciding = [
  command('returns.approve', {
    rest: 'POST /api/v1/returns/:id/approve',
    permission: 'returns:create',
    summary: 'Approve a return',
    isolation,
    input: of.MoveReturn,
    output: of.Return,
    errors: [...staff, errors.of_a_document, ...refusals('approve')],
    example: { id: EXAMPLE_ID },
    run: approveReturn,
  }),
  command('returns.reject', {
    rest: 'POST /api/v1/returns/:id/reject',
    permission: 'returns:create',
    summary: 'Reject a return',
    isolation,
    input: of.MoveReturn,
    output: of.Return,
    errors: [...staff, errors.of_a_document, ...refusals('reject')],
    example: { id: EXAMPLE_ID, reason: 'It was worn.' },
    run: rejectReturn,
  }),
  command('returns.cancel', {
    rest: 'POST /api/v1/returns/:id/cancel',
    permission: 'returns:create',
    summary: 'Withdraw a return before goods came',
    isolation,
    input: of.MoveReturn,
    output: of.Return,
    errors: [errors.not_found, errors.of_a_document, ...refusals('cancel')],
    example: { id: EXAMPLE_ID, reason: 'I keep it.' },
    run: cancelReturn,
  }),
  command('returns.reopen', {
    rest: 'POST /api/v1/returns/:id/reopen',
    permission: 'returns:create',
    summary: 'Look again at a rejected or withdrawn return',
    isolation,
    input: of.MoveReturn,
    output: of.Return,
    errors: [...staff, errors.of_a_document, errors.too_many_units, ...refusals('reopen')],
    example: { id: EXAMPLE_ID },
    run: reopenReturn,
  }),
  process('returns.label', {
    rest: 'POST /api/v1/returns/:id/label',
    aliases: ['POST /api/v1/returns/:id/shipping-label'],
    permission: 'returns:create',
    summary: 'Make the label of a return, or note its tracking number',
    description:
      'With a `tracking_number` it is noted by hand; else a carrier makes the label, once. Its cost is kept back of the refund where the customer pays for the way back.',
    input: of.LabelReturn,
    output: of.Return,
    errors: [
      ...staff,
      errors.not_changeable,
      errors.no_label,
      shipmentErrors.no_rates,
      shipmentErrors.carrier_failed,
      shipmentErrors.label_refused,
    ],
    example: { id: EXAMPLE_ID, carrier: 'UPS', tracking_number: '1Z999AA10123', amount: '6.50' },
    run: labelReturn,
  }),
]

const goods = [
  command('returns.receive', {
    rest: 'POST /api/v1/returns/:id/receive',
    permission: 'returns:create',
    summary: 'Take goods of a return in',
    description:
      'All that is awaited, or the units named; several parcels are several receipts. They lie in quarantine until somebody looks at them.',
    isolation,
    input: of.ReceiveReturn,
    output: of.Return,
    errors: [
      ...staff,
      errors.line_not_found,
      errors.over_receipt,
      errors.too_many_units,
      errors.needs_location,
      ...refusals('receive'),
    ],
    example: { id: EXAMPLE_ID, note: 'The box was open.' },
    run: receiveReturn,
  }),
  command('returns.inspect', {
    rest: 'POST /api/v1/returns/:id/inspect',
    aliases: ['POST /api/v1/returns/:id/inspection'],
    permission: 'returns:create',
    summary: 'Decide what becomes of received units',
    description:
      'Each unit is restocked (where, and as what), kept in quarantine, scrapped or sent back. What is not `accepted` is not paid for.',
    isolation,
    input: of.InspectReturn,
    output: of.Return,
    errors: [...staff, errors.line_not_found, errors.not_received],
    example: { id: EXAMPLE_ID, items: [{ sku: 'MUG', quantity: 1, disposition: 'restock' }] },
    run: inspectReturn,
  }),
  command('returns.restock', {
    rest: 'POST /api/v1/returns/:id/restock',
    permission: 'returns:create',
    summary: 'Put goods of a return back for sale',
    description: 'Also those that were not booked in yet: in one step, all or the units named.',
    isolation,
    input: of.RestockReturn,
    output: of.Restocked,
    errors: [
      ...staff,
      errors.line_not_found,
      errors.nothing_to_restock,
      errors.over_receipt,
      errors.needs_location,
      ...refusals('receive'),
    ],
    example: { id: EXAMPLE_ID },
    run: restockReturn,
  }),
]

const due = [errors.not_inspected, errors.nothing_to_refund, errors.fee_exceeds_refund]
const paying = [...staff, errors.of_a_document, ...due, ...refusals('refund')]

const money = [
  process('returns.refund', {
    rest: 'POST /api/v1/returns/:id/refund',
    permission: 'payments:write',
    summary: 'Pay accepted units back',
    description:
      'Their share of what was paid, after discounts and with tax, less fees, to the cent; to the payments of the order, or as store credit. Staff only; send an Idempotency-Key.',
    input: of.RefundReturn,
    output: of.RefundedReturn,
    errors: paying,
    example: { id: EXAMPLE_ID, to: 'original' },
    run: refundReturn,
  }),
  query('returns.preview_refund', {
    rest: 'POST /api/v1/returns/:id/refund/preview',
    permission: 'payments:write',
    summary: 'Tell what a refund would come to, and change nothing',
    input: of.RefundReturn,
    output: of.ReturnRefundPreview,
    errors: [...staff, ...due],
    example: { id: EXAMPLE_ID },
    run: previewReturnRefund,
  }),
  process('returns.process', {
    rest: 'POST /api/v1/returns/:id/process',
    permission: 'payments:write',
    summary: 'Take all goods in, shelve them and pay them back, in one step',
    input: of.ProcessReturn,
    output: of.RefundedReturn,
    errors: [...paying, errors.needs_location],
    example: { id: EXAMPLE_ID },
    run: processReturn,
  }),
  command('returns.complete', {
    rest: 'POST /api/v1/returns/:id/complete',
    permission: 'returns:create',
    summary: 'End a return without (more) money',
    isolation,
    input: of.MoveReturn,
    output: of.Return,
    errors: [...staff, errors.not_inspected, errors.refund_open, ...refusals('complete')],
    example: { id: EXAMPLE_ID, reason: 'Sent back to the customer.' },
    run: completeReturn,
  }),
]

export const operations = [...asking, ...deciding, ...goods, ...money]
