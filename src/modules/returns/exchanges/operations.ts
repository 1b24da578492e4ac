import { inventoryErrors } from '#modules/inventory'
import { orderErrors } from '#modules/orders'
import { command, process, query } from '#platform/operations'
import { returnErrors as errors } from '../errors.ts'
import { returnLifecycle } from '../lifecycle.ts'
import { approveExchange, cancelExchange, rejectExchange } from './decide-exchange.ts'
import { exchangeLifecycle } from './lifecycle.ts'
import { getExchange, listExchanges } from './queries.ts'
import { requestExchange } from './request-exchange.ts'
import * as of from './schemas.ts'
import { settleExchange } from './settle-exchange.ts'

const EXAMPLE_ID = '01937b5e-9c00-7a3b-8f11-2f6f3c9d4e10'
const { refusals } = exchangeLifecycle
const staff = [errors.exchange_not_found, errors.staff_only]
const isolation = 'read committed'

export const exchangeOperations = [
  query('returns.list_exchanges', {
    rest: 'GET /api/v1/exchanges',
    permission: 'returns:read',
    summary: 'List exchanges, newest first',
    description: 'Customers see their own.',
    input: of.ListExchanges,
    output: of.Exchanges,
    example: { status: 'requested', limit: 20 },
    run: listExchanges,
  }),
  query('returns.get_exchange', {
    rest: 'GET /api/v1/exchanges/:id',
    permission: 'returns:read',
    summary: 'Read an exchange',
    input: of.GetExchange,
    output: of.Exchange,
    errors: [errors.exchange_not_found],
    example: { id: EXAMPLE_ID },
    run: getExchange,
  }),
  command('returns.create_exchange', {
    rest: 'POST /api/v1/exchanges',
    permission: 'returns:create',
    summary: 'Ask for other goods instead of some of an order',
    description:
      'Opens the return of the goods that come back. Nothing is reserved and nothing is charged before somebody agrees.',
    status: 201,
    isolation,
    input: of.CreateExchange,
    output: of.Exchange,
    errors: [
      errors.staff_only,
      errors.reason_not_found,
      errors.not_returnable,
      errors.nothing_to_return,
      errors.too_many_units,
      orderErrors.unknown_product,
      orderErrors.no_price,
    ],
    example: {
      order_id: EXAMPLE_ID,
      reason: 'Too small.',
      new_items: [{ sku: 'MUG', quantity: 1 }],
      remainder_to: 'original',
    },
    run: requestExchange,
  }),
  command('returns.approve_exchange', {
    rest: 'POST /api/v1/exchanges/:id/approve',
    permission: 'returns:create',
    summary: 'Agree to an exchange and reserve its goods',
    description:
      'The other goods become an order, reserved in the same write. It ships at once or waits for the goods that come back, as was said.',
    isolation,
    input: of.MoveExchange,
    output: of.Exchange,
    errors: [...staff, inventoryErrors.insufficient_stock, ...refusals('approve')],
    example: { id: EXAMPLE_ID },
    run: approveExchange,
  }),
  command('returns.reject_exchange', {
    rest: 'POST /api/v1/exchanges/:id/reject',
    permission: 'returns:create',
    summary: 'Refuse an exchange',
    isolation,
    input: of.MoveExchange,
    output: of.Exchange,
    errors: [...staff, ...refusals('reject')],
    example: { id: EXAMPLE_ID, reason: 'It was worn.' },
    run: rejectExchange,
  }),
  command('returns.cancel_exchange', {
    rest: 'POST /api/v1/exchanges/:id/cancel',
    permission: 'returns:create',
    summary: 'Withdraw an exchange before goods came or left',
    isolation,
    input: of.MoveExchange,
    output: of.Exchange,
    errors: [
      ...staff,
      errors.exchange_shipped,
      ...refusals('cancel'),
      ...returnLifecycle.refusals('cancel'),
    ],
    example: { id: EXAMPLE_ID, reason: 'I keep it.' },
    run: cancelExchange,
  }),
  process('returns.settle_exchange', {
    rest: 'POST /api/v1/exchanges/:id/settle',
    permission: 'payments:write',
    summary: 'Count what came back against what goes out',
    description:
      'What came back and was accepted pays for the other goods, as far as it reaches. What it is worth more goes where `remainder_to` says; what it is worth less stays to be paid for the new order. Nothing is charged. Staff only; send an Idempotency-Key.',
    input: of.SettleExchange,
    output: of.Exchange,
    errors: [
      ...staff,
      errors.not_inspected,
      errors.nothing_to_refund,
      errors.fee_exceeds_refund,
      ...refusals('settle'),
      ...returnLifecycle.refusals('refund'),
    ],
    example: { id: EXAMPLE_ID, remainder_to: 'store_credit' },
    run: settleExchange,
  }),
]
